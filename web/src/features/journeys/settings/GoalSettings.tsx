import { ActionIcon, Button, Group, NumberInput, Paper, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type Fields, isFields, itemsOf, type Json, withField } from "../graph/definition";
import { Clauses } from "../steps/fields/Clauses";
import { DurationField } from "../steps/fields/DurationField";
import { EventField } from "../steps/fields/NameField";
import { useJourneyWords } from "../words";
import type { SettingsProps } from "./model";

/** The goals, whether the journey names one or a list. */
export function goalsOf(goal: Json | undefined): Fields[] {
  return isFields(goal) ? [goal] : itemsOf(goal);
}

function writeGoals(goals: Fields[], wasList: boolean): Json | undefined {
  if (!goals.length) return undefined;
  return goals.length === 1 && !wasList ? goals[0] : goals;
}

function OneGoal({
  goal,
  put,
  at,
  faults,
}: {
  goal: Fields;
  put: (goal: Fields, tag?: string) => void;
  at: string;
  faults: Map<string, string>;
}) {
  const t = useJourneyWords();
  const target = goal.target_percent !== undefined ? "percent" : goal.target_count !== undefined ? "count" : "none";
  const setTarget = (kind: string) => {
    const { target_percent: _p, target_count: _c, ...rest } = goal;
    put(
      kind === "percent" ? { ...rest, target_percent: 20 } : kind === "count" ? { ...rest, target_count: 100 } : rest,
    );
  };
  return (
    <Stack gap="sm">
      <TextInput
        label={t("settings.goal.name")}
        placeholder={t("settings.goal.nameHint")}
        value={String(goal.name ?? "")}
        onChange={(e) => put(withField(goal, "name", e.currentTarget.value || undefined), "name")}
      />
      <EventField
        label={t("settings.goal.event")}
        value={goal.event}
        change={(event) => put({ ...goal, event }, "event")}
        error={faults.get(`${at}/event`)}
      />
      <Clauses
        event={String(goal.event ?? "")}
        value={goal.where}
        change={(where) => put(withField(goal, "where", where), "where")}
      />
      <SegmentedControl
        size="xs"
        value={target}
        data={["percent", "count", "none"].map((one) => ({ value: one, label: t(`settings.goal.target.${one}`) }))}
        onChange={setTarget}
      />
      {target === "percent" && (
        <NumberInput
          label={t("settings.goal.percent")}
          suffix=" %"
          min={0}
          max={100}
          value={Number(goal.target_percent)}
          onChange={(n) => typeof n === "number" && put({ ...goal, target_percent: n }, "target")}
        />
      )}
      {target === "count" && (
        <NumberInput
          label={t("settings.goal.count")}
          min={1}
          allowDecimal={false}
          value={Number(goal.target_count)}
          onChange={(n) => typeof n === "number" && put({ ...goal, target_count: n }, "target")}
        />
      )}
      <DurationField
        label={t("settings.goal.within")}
        description={t("settings.goal.withinHint")}
        optional
        value={goal.within}
        change={(within) => put(withField(goal, "within", within), "within")}
        error={faults.get(`${at}/within`)}
      />
    </Stack>
  );
}

export function GoalSettings({ journey, change, faults }: SettingsProps) {
  const t = useJourneyWords();
  const goals = goalsOf(journey.goal as Json | undefined);
  const isList = Array.isArray(journey.goal);
  const put = (next: Fields[], tag?: string) => change({ goal: writeGoals(next, isList) }, tag && `goal ${tag}`);
  return (
    <Stack gap="md">
      {goals.map((goal, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: goals are known by their place: the first is the main one
        <Paper key={n} withBorder p="sm" radius="md">
          <Group justify="space-between" mb={4}>
            <Text size="xs" fw={600} c="dimmed">
              {n === 0 ? t("settings.goal.main") : t("settings.goal.other", { n: n + 1 })}
            </Text>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("settings.goal.remove", { n: n + 1 })}
              onClick={() => put(goals.filter((_, place) => place !== n))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
          <OneGoal
            goal={goal}
            at={isList ? `goal/${n}` : "goal"}
            faults={faults}
            put={(next, tag) =>
              put(
                goals.map((one, place) => (place === n ? next : one)),
                tag && `${n} ${tag}`,
              )
            }
          />
        </Paper>
      ))}
      {!goals.length && (
        <Text size="sm" c="dimmed">
          {t("settings.goal.none")}
        </Text>
      )}
      <Button
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => put([...goals, { event: "", target_percent: 20 }])}
      >
        {t(goals.length ? "settings.goal.another" : "settings.goal.add")}
      </Button>
    </Stack>
  );
}
