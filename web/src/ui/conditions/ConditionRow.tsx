import { Badge, Group, Text } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import { isLeafType } from "@/lib/conditions/condition";
import { editLeaf, stepNode } from "@/lib/conditions/edits";
import type { LeafNode } from "@/lib/conditions/form";
import { ProblemText } from "@/ui/ProblemText";
import classes from "./conditions.module.css";
import { useEditing } from "./editing";
import { iconOf } from "./icons";
import { LeafEditor } from "./LeafEditor";
import { NodeMenu } from "./NodeMenu";
import { useBuilderWords } from "./words";

export function Grip({ nodeKey }: { nodeKey: string }) {
  const t = useBuilderWords();
  const { change, setDragged } = useEditing();
  return (
    <button
      type="button"
      className={classes.grip}
      data-grip={nodeKey}
      aria-label={t("drag")}
      title={t("drag")}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", nodeKey);
        const row = event.currentTarget.closest("[data-node]");
        if (row) event.dataTransfer.setDragImage(row, 12, 12);
        setDragged(nodeKey);
      }}
      onDragEnd={() => setDragged(null)}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        event.stopPropagation();
        change((form) => stepNode(form, nodeKey, event.key === "ArrowUp" ? -1 : 1), nodeKey);
      }}
    >
      <IconGripVertical size={14} aria-hidden />
    </button>
  );
}

export function ConditionRow({ node }: { node: LeafNode }) {
  const t = useBuilderWords();
  const { change, problems, dragged } = useEditing();
  const wrong = problems.get(node.key) ?? [];
  const Icon = iconOf(node.source.type);
  const kind = t(`kind.${isLeafType(node.source.type) ? node.source.type : "unknown"}`);
  const denied = node.nots % 2 === 1;
  const state = [
    classes.row,
    wrong.length ? classes.faulty : "",
    denied ? classes.denied : "",
    dragged === node.key ? classes.dragged : "",
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its legend into the border
    <div
      className={state.join(" ")}
      data-node={node.key}
      role="group"
      aria-label={denied ? `${t("excluded")} ${kind}` : kind}
    >
      <Grip nodeKey={node.key} />
      <div style={{ minWidth: 0 }}>
        <Group gap={6} mb={6} mt={4} wrap="nowrap">
          <Icon size={16} aria-hidden color="var(--mantine-primary-color-filled)" />
          {denied && (
            <Badge size="sm" variant="light" color="orange" radius="sm" tt="none">
              {t("excluded")}
            </Badge>
          )}
          <Text size="xs" fw={600}>
            {kind}
          </Text>
        </Group>
        <LeafEditor source={node.source} onChange={(source) => change((form) => editLeaf(form, node.key, source))} />
        {wrong.map((problem) => (
          <Text key={`${problem.path}${problem.message}`} size="xs" c="var(--mantine-color-error)" mt={6} role="alert">
            <ProblemText problem={problem} />
          </Text>
        ))}
      </div>
      <NodeMenu node={node} what={kind} />
    </div>
  );
}
