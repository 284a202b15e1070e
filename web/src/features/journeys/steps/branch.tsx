import { ActionIcon, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowsSplit2, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { pointer } from "../graph/check";
import { END, type Fields, itemsOf } from "../graph/definition";
import { useJourneyWords } from "../words";
import { ConditionField } from "./fields/ConditionField";
import { TargetField } from "./fields/TargetField";
import type { EditorProps, StepKind } from "./model";
import { sayCondition } from "./say";

function Editor({ name, step, journey, change, faults, problems }: EditorProps) {
  const t = useJourneyWords();
  const choices = itemsOf(step.when);
  const put = (when: Fields[], tag?: string) => change({ ...step, when }, tag);
  const replace = (n: number, item: Fields) => choices.map((one, place) => (place === n ? item : one));
  const swap = (a: number, b: number) =>
    choices.map((one, n) => (n === a ? (choices[b] ?? one) : n === b ? (choices[a] ?? one) : one));
  return (
    <Stack gap="md">
      <Text size="xs" c="dimmed">
        {t("branch.order")}
      </Text>
      {choices.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: choices have no name; their place is what they are
        <Paper key={n} withBorder p="sm" radius="md">
          <Stack gap="xs">
            <Group justify="space-between" gap={0}>
              <Text size="xs" fw={600} c="dimmed" flex={1}>
                {t("branch.choice", { n: n + 1 })}
              </Text>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                disabled={n === 0}
                aria-label={t("branch.up", { n: n + 1 })}
                onClick={() => put(swap(n, n - 1))}
              >
                <IconArrowUp size={15} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                disabled={n === choices.length - 1}
                aria-label={t("branch.down", { n: n + 1 })}
                onClick={() => put(swap(n, n + 1))}
              >
                <IconArrowDown size={15} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                disabled={choices.length === 1}
                aria-label={t("branch.remove", { n: n + 1 })}
                onClick={() => put(choices.filter((_, place) => place !== n))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Group>
            <ConditionField
              value={item.where}
              change={(where) => put(replace(n, { ...item, where }), `when/${n}`)}
              problems={problems}
              base={pointer("steps", name, "when", n, "where")}
            />
            <TargetField
              label={t("field.leadsTo")}
              journey={journey}
              from={name}
              target={typeof item.next === "string" ? item.next : undefined}
              change={(next) => put(replace(n, { ...item, next }))}
              error={faults.get(`when/${n}/next`)}
            />
          </Stack>
        </Paper>
      ))}
      <Button
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => put([...choices, { where: { type: "all", of: [] }, next: END }])}
      >
        {t("branch.add")}
      </Button>
      <TargetField
        label={t("branch.otherwise")}
        journey={journey}
        from={name}
        target={typeof step.otherwise === "string" ? step.otherwise : undefined}
        change={(otherwise) => change({ ...step, otherwise })}
        error={faults.get("otherwise") ?? faults.get("")}
      />
    </Stack>
  );
}

export const branch: StepKind = {
  kind: "branch",
  icon: IconArrowsSplit2,
  tone: "choice",
  defaults: () => ({ type: "branch", when: [{ where: { type: "all", of: [] } }], otherwise: END }),
  stem: () => "branch",
  summary: (step, t) => {
    const choices = itemsOf(step.when);
    return choices.length === 1 ? sayCondition(choices[0]?.where, t) : t("branch.count", { count: choices.length });
  },
  way: (step, port, t) =>
    port.role === "otherwise" ? t("way.otherwise") : sayCondition(itemsOf(step.when)[port.place]?.where, t),
  Editor,
};
