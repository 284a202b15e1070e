import { Accordion, ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCopy, IconExclamationCircle, IconTrash, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { pickJourney, useEditor } from "../canvas/store";
import { freeName } from "../graph/changes";
import { namesIn, type Problem, problemsByStep } from "../graph/check";
import { ENTRY, type Journey, type Step } from "../graph/definition";
import { portsOf } from "../graph/ports";
import { EntrySettings } from "../settings/EntrySettings";
import { ExitSettings } from "../settings/ExitSettings";
import { GoalSettings } from "../settings/GoalSettings";
import { NameSettings, RuleSettings } from "../settings/RuleSettings";
import { TargetField } from "../steps/fields/TargetField";
import { kindOf } from "../steps/kinds";
import { useJourneyWords } from "../words";
import { sayProblem } from "../words-problems";
import classes from "./editor.module.css";
import { ProblemList } from "./ProblemList";

/** Faults by their place below a prefix of names. */
function faultsBelow(problems: Problem[], depth: number, say: (problem: Problem) => string): Map<string, string> {
  return new Map(
    problems
      .filter((one) => one.severity === "error")
      .map((one) => [namesIn(one.path).slice(depth).join("/"), say(one)]),
  );
}

/** The name of a step: taken when it is left or Enter is pressed, and only if no other has it. */
function StepName({ name, journey }: { name: string; journey: Journey }) {
  const t = useJourneyWords();
  const change = useEditor((editor) => editor.change);
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const clean = typed.trim();
  const fault =
    clean === name
      ? ""
      : !/^[A-Za-z0-9_-]{1,64}$/.test(clean)
        ? t("inspector.badName")
        : clean in journey.steps || clean === "end"
          ? t("inspector.nameTaken")
          : "";
  const take = () => {
    if (fault) setTyped(name);
    else if (clean !== name) change({ do: "rename", from: name, to: clean });
  };
  return (
    <TextInput
      label={t("inspector.name")}
      size="xs"
      value={typed}
      error={fault}
      onChange={(e) => setTyped(e.currentTarget.value)}
      onBlur={take}
      onKeyDown={(e) => e.key === "Enter" && take()}
    />
  );
}

function StepPanel({
  name,
  step,
  journey,
  problems,
}: {
  name: string;
  step: Step;
  journey: Journey;
  problems: Problem[];
}) {
  const t = useJourneyWords();
  const change = useEditor((editor) => editor.change);
  const select = useEditor((editor) => editor.select);
  const kind = kindOf(step);
  const faults = useMemo(() => faultsBelow(problems, 2, (problem) => sayProblem(problem, t)), [problems, t]);
  const single = portsOf(step).find((port) => port.role === "next");
  const double = () => {
    const copy = freeName(name, (other) => other in journey.steps);
    change(
      single
        ? { do: "insert", way: { from: name, port: single.path }, name: copy, step }
        : { do: "paste", steps: { [name]: step } },
    );
    select([copy]);
  };
  return (
    <>
      <header className={classes.head}>
        <kind.icon size={20} stroke={1.8} />
        <Text fw={600} flex={1}>
          {t(`step.${kind.kind}`)}
        </Text>
        <Tooltip label={t("inspector.double")}>
          <ActionIcon variant="subtle" color="gray" aria-label={t("inspector.double")} onClick={double}>
            <IconCopy size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t("inspector.remove")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("inspector.remove")}
            onClick={() => change({ do: "remove", names: [name] })}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
        <CloseButton />
      </header>
      <Stack gap="md" p="md">
        <Text size="xs" c="dimmed">
          {t(`stepHint.${kind.kind}`)}
        </Text>
        {problems.length > 0 && <ProblemList problems={problems} />}
        <kind.Editor
          name={name}
          step={step}
          journey={journey}
          problems={problems}
          faults={faults}
          change={(next, tag) => change({ do: "set-step", name, step: next }, tag && `${name} ${tag}`)}
        />
        {single && (
          <TargetField
            label={t("field.followedBy")}
            journey={journey}
            from={name}
            target={single.named ? single.target : undefined}
            change={(target) => change({ do: "connect", way: { from: name, port: "next" }, target })}
            error={faults.get("next")}
          />
        )}
        <StepName name={name} journey={journey} />
      </Stack>
    </>
  );
}

function CloseButton() {
  const t = useJourneyWords();
  const select = useEditor((editor) => editor.select);
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t("inspector.close")} onClick={() => select([])}>
      <IconX size={17} />
    </ActionIcon>
  );
}

const SECTIONS = [
  { name: "entry", Part: EntrySettings, fields: ["entry"] },
  { name: "goal", Part: GoalSettings, fields: ["goal"] },
  { name: "exit", Part: ExitSettings, fields: ["exit_on", "exclude"] },
  {
    name: "rules",
    Part: RuleSettings,
    fields: ["reentry", "key", "starts_at", "ends_at", "lifetime", "entry_limits", "holdout_percent"],
  },
  { name: "name", Part: NameSettings, fields: ["name", "description", "id"] },
];

function SettingsPanel({ journey, problems }: { journey: Journey; problems: Problem[] }) {
  const t = useJourneyWords();
  const change = useEditor((editor) => editor.change);
  const faults = useMemo(() => faultsBelow(problems, 0, (problem) => sayProblem(problem, t)), [problems, t]);
  return (
    <>
      <header className={classes.head}>
        <Text fw={600} flex={1}>
          {t("settings.title")}
        </Text>
        <CloseButton />
      </header>
      {problems.length > 0 && (
        <div style={{ padding: "var(--mantine-spacing-md) var(--mantine-spacing-md) 0" }}>
          <ProblemList problems={problems} />
        </div>
      )}
      <Accordion multiple defaultValue={["entry", "goal"]} chevronPosition="left">
        {SECTIONS.map(({ name, Part, fields }) => {
          const wrong = problems.some((one) => one.severity === "error" && fields.includes(namesIn(one.path)[0] ?? ""));
          return (
            <Accordion.Item key={name} value={name}>
              <Accordion.Control>
                <Group gap={6}>
                  <Text size="sm" fw={500}>
                    {t(`settings.section.${name}`)}
                  </Text>
                  {wrong && <IconExclamationCircle size={15} color="var(--mantine-color-error)" />}
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <Part
                  journey={journey}
                  faults={faults}
                  change={(given, tag) => change({ do: "set-fields", fields: given }, tag)}
                />
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
    </>
  );
}

function SeveralPanel({ names, copy }: { names: string[]; copy: () => void }) {
  const t = useJourneyWords();
  const change = useEditor((editor) => editor.change);
  return (
    <>
      <header className={classes.head}>
        <Text fw={600} flex={1}>
          {t("inspector.several", { count: names.length })}
        </Text>
        <CloseButton />
      </header>
      <Stack p="md" gap="xs">
        <Button variant="default" leftSection={<IconCopy size={16} />} onClick={copy}>
          {t("inspector.copy")}
        </Button>
        <Button
          variant="light"
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => change({ do: "remove", names })}
        >
          {t("inspector.removeSeveral", { count: names.length })}
        </Button>
      </Stack>
    </>
  );
}

/** What is selected, to be read and changed. */
export function Inspector({ problems, copy }: { problems: Problem[]; copy: () => void }) {
  const journey = useEditor(pickJourney);
  const selected = useEditor((editor) => editor.selected);
  const byStep = useMemo(() => problemsByStep(problems, journey), [problems, journey]);
  const steps = selected.filter((name) => name in journey.steps);
  const [first] = selected;
  const step = first === undefined ? undefined : journey.steps[first];
  if (steps.length > 1) return <SeveralPanel names={steps} copy={copy} />;
  if (first !== undefined && step)
    return <StepPanel key={first} name={first} step={step} journey={journey} problems={byStep.get(first) ?? []} />;
  if (first === ENTRY) return <SettingsPanel journey={journey} problems={byStep.get("") ?? []} />;
  return null;
}
