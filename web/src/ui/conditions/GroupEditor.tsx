import { Group, Text } from "@mantine/core";
import { Fragment, useState } from "react";
import type { GroupType } from "@/lib/conditions/condition";
import { addNode, moveNode, setGroup } from "@/lib/conditions/edits";
import type { GroupNode } from "@/lib/conditions/form";
import { ProblemText } from "@/ui/ProblemText";
import { AddMenu } from "./AddMenu";
import { ConditionRow, Grip } from "./ConditionRow";
import classes from "./conditions.module.css";
import { useEditing } from "./editing";
import { PickField } from "./Field";
import { NodeMenu } from "./NodeMenu";
import { useBuilderWords } from "./words";

const MODES: Record<string, { type: GroupType; nots: 0 | 1 }> = {
  all: { type: "all", nots: 0 },
  any: { type: "any", nots: 0 },
  none: { type: "any", nots: 1 },
  not_all: { type: "all", nots: 1 },
};

function modeOf(node: GroupNode): string {
  const odd = node.nots % 2 === 1;
  return node.type === "all" ? (odd ? "not_all" : "all") : odd ? "none" : "any";
}

/** A place between two conditions where one may be dropped; between them it says how they combine. */
function Gap({ group, index, joiner }: { group: GroupNode; index: number; joiner?: string }) {
  const { dragged, change, setDragged } = useEditing();
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop place; the keyboard moves with Alt and arrows
    <div
      className={[classes.gap, joiner || dragged ? classes.joined : "", over && dragged ? classes.over : ""].join(" ")}
      onDragOver={(event) => {
        if (!dragged) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        if (dragged) change((form) => moveNode(form, dragged, group.key, index));
        setDragged(null);
      }}
    >
      {joiner && <span className={classes.joiner}>{joiner}</span>}
    </div>
  );
}

function EmptyGroup({ group, isRoot }: { group: GroupNode; isRoot: boolean }) {
  const t = useBuilderWords();
  const { dragged, change, setDragged } = useEditing();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop place; the keyboard moves with Alt and arrows
    <div
      className={`${classes.empty} ${dragged ? classes.emptyOver : ""}`}
      onDragOver={(event) => dragged && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (dragged) change((form) => moveNode(form, dragged, group.key, 0));
        setDragged(null);
      }}
    >
      {dragged ? t("drop_here") : t(isRoot ? "empty_root" : "empty_group")}
    </div>
  );
}

export function GroupEditor({ node, isRoot = false }: { node: GroupNode; isRoot?: boolean }) {
  const t = useBuilderWords();
  const { change, problems, dragged } = useEditing();
  const mode = modeOf(node);
  const wrong = problems.get(node.key) ?? [];
  const joiner = t(node.type === "all" ? "all_short" : "any_short");
  const classNames = [
    classes.group,
    isRoot ? classes.root : "",
    !isRoot && node.nots % 2 ? classes.denied : "",
    dragged === node.key ? classes.dragged : "",
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its legend into the border
    <div
      className={classNames.join(" ")}
      data-node={node.key}
      role="group"
      aria-label={t("group_label", { mode: t(mode) })}
    >
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Group gap={6} wrap="nowrap">
          {!isRoot && <Grip nodeKey={node.key} />}
          <PickField
            label={t("mode")}
            width={230}
            value={mode}
            data={Object.keys(MODES).map((value) => ({ value, label: t(value) }))}
            onChange={(next) => {
              const chosen = MODES[next];
              if (chosen) change((form) => setGroup(form, node.key, chosen.type, chosen.nots));
            }}
          />
        </Group>
        {!isRoot && <NodeMenu node={node} what={t("group_label", { mode: t(mode) })} />}
      </Group>
      {wrong.map((problem) => (
        <Text key={`${problem.path}${problem.message}`} size="xs" c="var(--mantine-color-error)" mt={6} role="alert">
          <ProblemText problem={problem} />
        </Text>
      ))}
      <div className={classes.children}>
        {node.children.length === 0 && <EmptyGroup group={node} isRoot={isRoot} />}
        {node.children.map((child, i) => (
          <Fragment key={child.key}>
            {i === 0 ? <Gap group={node} index={0} /> : <Gap group={node} index={i} joiner={joiner} />}
            {child.kind === "leaf" ? <ConditionRow node={child} /> : <GroupEditor node={child} />}
          </Fragment>
        ))}
        {node.children.length > 0 && <Gap group={node} index={node.children.length} />}
      </div>
      <AddMenu prominent={isRoot} onAdd={(added) => change((form) => addNode(form, node.key, added), added.key)} />
    </div>
  );
}
