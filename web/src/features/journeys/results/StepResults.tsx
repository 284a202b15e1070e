import { ActionIcon, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { MessageFigures } from "../data/figures";
import type { Chosen } from "../data/passages";
import editor from "../editor/editor.module.css";
import type { Journey } from "../graph/definition";
import { exitsAt, type StepCounts } from "../graph/figures";
import { kindOf, sayStep } from "../steps/kinds";
import { useStepWords } from "../words";
import { Bars } from "./Bars";
import { People } from "./People";
import classes from "./results.module.css";
import { Figure, Messages, reasonOf } from "./Summary";

interface Props {
  id: string;
  journey: Journey;
  name: string;
  counts: StepCounts;
  messages: Record<string, MessageFigures> | undefined;
  version: number | undefined;
  close: () => void;
}

/** One step: its figures, the ways out of it, its messages, and the people. */
export function StepResults({ id, journey, name, counts, messages, version, close }: Props) {
  const t = useStepWords();
  const [state, setState] = useState(counts.inside ? "inside" : "");
  const [way, setWay] = useState<string | null>(null);
  const step = journey.steps[name];
  if (!step) return null;
  const kind = kindOf(step);
  const left = Object.values(counts.left).reduce((all, n) => all + n, 0);
  const exits = exitsAt(journey, counts);
  const exitNames = new Set(exits.map(([reason]) => reason));
  const ways = Object.entries(counts.left).map(([to, count]) => ({
    name: to,
    label:
      to === "end"
        ? t("results.toEnd")
        : exitNames.has(to)
          ? t("results.exited", { reason: reasonOf(to, t) })
          : t("results.to", { step: sayStep(journey, to, t) }),
    count,
  }));
  const chosen: Chosen = {
    step: name,
    ...(way ? { way } : state ? { state } : {}),
    ...(version === undefined ? {} : { version }),
  };
  const blocked: Record<string, number> = {};
  for (const one of Object.values(messages ?? {}))
    for (const [reason, n] of Object.entries({ ...one.blocked, ...one.failed }))
      blocked[reason] = (blocked[reason] ?? 0) + n;
  return (
    <>
      <header className={editor.head}>
        <kind.icon size={20} stroke={1.8} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} truncate="end">
            {sayStep(journey, name, t)}
          </Text>
          <Text size="xs" c="dimmed" truncate="end">
            {name}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label={t("inspector.close")} onClick={close}>
          <IconX size={17} />
        </ActionIcon>
      </header>
      <Stack gap="lg" p="md">
        <div className={classes.figures}>
          <Figure label={t("results.came")} value={counts.entered} />
          <Figure label={t("results.inside")} value={counts.inside} />
          <Figure label={t("results.wentOn")} value={left} />
        </div>
        <Bars
          title={t("results.ways")}
          rows={ways}
          chosen={way ?? undefined}
          choose={(to) => setWay(way === to ? null : to)}
        />
        {messages && <Messages messages={{ [name]: messages }} called={(one) => sayStep(journey, one, t)} />}
        <Bars
          title={t("results.whyNot")}
          rows={Object.entries(blocked).map(([reason, count]) => ({ name: reason, label: reasonOf(reason, t), count }))}
        />
        {!way && (
          <SegmentedControl
            size="xs"
            value={state}
            onChange={setState}
            data={["inside", "left", ""].map((one) => ({ value: one, label: t(`results.show.${one || "all"}`) }))}
          />
        )}
        <People key={JSON.stringify(chosen)} id={id} chosen={chosen} />
      </Stack>
    </>
  );
}
