import { ActionIcon, Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { IconArrowsShuffle, IconPlus, IconTrash } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { END, type Fields, itemsOf } from "../graph/definition";
import { useJourneyWords } from "../words";
import { TargetField } from "./fields/TargetField";
import type { EditorProps, StepKind } from "./model";

function percentOf(item: Fields | undefined): number {
  return typeof item?.percent === "number" ? item.percent : 0;
}

/** 100 in as many even parts of whole percents; the first take what is left over. */
export function evenParts(n: number): number[] {
  const base = Math.floor(100 / n);
  return Array.from({ length: n }, (_, place) => base + (place < 100 - base * n ? 1 : 0));
}

function Editor({ name, step, journey, change, faults }: EditorProps) {
  const t = useJourneyWords();
  const paths = itemsOf(step.paths);
  const sum = paths.reduce((all, path) => all + percentOf(path), 0);
  const put = (next: Fields[], tag?: string) => change({ ...step, paths: next }, tag);
  const replace = (n: number, item: Fields, tag?: string) =>
    put(
      paths.map((one, place) => (place === n ? item : one)),
      tag,
    );
  return (
    <Stack gap="md">
      {paths.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paths have no name; their place is what they are
        <Group key={n} gap="xs" wrap="nowrap" align="flex-end">
          <NumberInput
            w={92}
            label={t("split.share", { n: n + 1 })}
            size="xs"
            suffix=" %"
            min={0}
            max={100}
            decimalScale={2}
            value={percentOf(item)}
            onChange={(percent) => typeof percent === "number" && replace(n, { ...item, percent }, `percent/${n}`)}
            error={Boolean(faults.get(`paths/${n}/percent`))}
          />
          <Stack flex={1} gap={0}>
            <TargetField
              label={t("field.leadsTo")}
              journey={journey}
              from={name}
              target={typeof item.next === "string" ? item.next : undefined}
              change={(next) => replace(n, { ...item, next })}
              error={faults.get(`paths/${n}/next`)}
            />
          </Stack>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={paths.length === 1}
            aria-label={t("split.remove", { n: n + 1 })}
            onClick={() => put(paths.filter((_, place) => place !== n))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group justify="space-between">
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => put([...paths, { percent: Math.max(0, 100 - sum), next: END }])}
        >
          {t("split.add")}
        </Button>
        <Button
          variant="subtle"
          size="xs"
          onClick={() => put(paths.map((item, n) => ({ ...item, percent: evenParts(paths.length)[n] ?? 0 })))}
        >
          {t("split.even")}
        </Button>
      </Group>
      <Text size="sm" c={Math.abs(sum - 100) < 1e-6 ? "dimmed" : "red"}>
        {t("split.sum", { sum: formatNumber(sum) })}
      </Text>
    </Stack>
  );
}

export const split: StepKind = {
  kind: "split",
  icon: IconArrowsShuffle,
  tone: "choice",
  defaults: () => ({ type: "split", paths: [{ percent: 50 }, { percent: 50, next: END }] }),
  stem: () => "split",
  summary: (step) =>
    itemsOf(step.paths)
      .map((path) => `${formatNumber(percentOf(path))} %`)
      .join(" · "),
  way: (step, port) => `${formatNumber(percentOf(itemsOf(step.paths)[port.place]))} %`,
  Editor,
};
