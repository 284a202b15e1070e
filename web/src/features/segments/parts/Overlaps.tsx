import { Group, Paper, Select, Stack, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatNumber, formatShare } from "@/lib/format";
import { useOverlap, useSegments } from "../data";
import classes from "../segments.module.css";
import { circlesOf } from "../venn";
import { useSegmentWords } from "../words";

const MOST_OTHERS = 7;
const SIZE = 70;

interface PictureProps {
  first: { name: string; members: number };
  second: { name: string; members: number };
  both: number;
}

/** Two segments as circles, with their common part; the figures stand beside them. */
function Picture({ first, second, both }: PictureProps) {
  const t = useSegmentWords();
  const { a, b, apart } = circlesOf(first.members, second.members, both);
  const [left, right] = [a * SIZE, b * SIZE];
  const low = Math.min(-left, apart * SIZE - right);
  const high = Math.max(left, apart * SIZE + right);
  const tall = Math.max(left, right) + 2;
  const rows = [
    { name: t("only_in", { name: first.name }), n: first.members - both, mark: "first" },
    { name: t("in_both"), n: both, mark: "both" },
    { name: t("only_in", { name: second.name }), n: second.members - both, mark: "second" },
  ];
  return (
    <Group gap="xl" align="center">
      <svg
        viewBox={`${low - 2} ${-tall} ${high - low + 4} ${2 * tall}`}
        className={classes.venn}
        role="img"
        aria-label={rows.map((row) => `${row.name}: ${formatNumber(row.n)}`).join(", ")}
      >
        <title>{t("overlap")}</title>
        <circle r={left} className={classes.vennFirst} />
        <circle cx={apart * SIZE} r={right} className={classes.vennSecond} />
      </svg>
      <Stack gap={6} flex={1} miw={200}>
        {rows.map((row) => (
          <Group key={row.mark} gap="xs" wrap="nowrap" justify="space-between">
            <Text size="sm">
              <span className={classes.legend} data-mark={row.mark} /> {row.name}
            </Text>
            <Text size="sm" fw={600} className={classes.figures}>
              {formatNumber(row.n)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Group>
  );
}

/** How a segment overlaps with the others: one of them as a picture, all as a list. */
export function Overlaps({ id, name }: { id: string; name: string }) {
  const t = useSegmentWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const { data: segments } = useSegments();
  const all = (segments?.items ?? []).filter((row) => row.id !== id);
  const listed = all.slice(0, MOST_OTHERS);
  const extra = all.find((row) => row.id === chosen && !listed.includes(row));
  const others = extra ? [extra, ...listed.slice(0, MOST_OTHERS - 1)] : listed;
  const { data } = useOverlap(others.length > 0 ? [id, ...others.map((row) => row.id)] : []);
  const pairs = (data?.pairs ?? []).filter((pair) => pair.segments[0] === id).sort((x, y) => y.both - x.both);
  const shown = pairs.find((pair) => pair.segments[1] === chosen) ?? pairs[0];
  if (!shown) return null;
  const nameOf = (other: string) => all.find((row) => row.id === other)?.name ?? other;
  const sizeOf = (one: string) => data?.segments.find((row) => row.id === one)?.members ?? 0;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="md">
        <Title order={2} fz="sm">
          {t("overlap")}
        </Title>
        <Select
          size="xs"
          searchable
          allowDeselect={false}
          aria-label={t("overlap_with")}
          value={shown.segments[1]}
          data={all.map((row) => ({ value: row.id, label: row.name }))}
          onChange={setChosen}
        />
      </Group>
      <Picture
        first={{ name, members: sizeOf(id) }}
        second={{ name: nameOf(shown.segments[1]), members: sizeOf(shown.segments[1]) }}
        both={shown.both}
      />
      <Table verticalSpacing={6} mt="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("segment")}</Table.Th>
            <Table.Th ta="right">{t("in_both")}</Table.Th>
            <Table.Th ta="right">{t("of_this")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pairs.map(({ segments: [, other], both, share_of_first }) => (
            <Table.Tr
              key={other}
              {...(other === shown.segments[1] ? { bg: "var(--mantine-primary-color-light)" } : {})}
            >
              <Table.Td>
                <Link to="/segments/$id" params={{ id: other }} className={classes.name}>
                  {nameOf(other)}
                </Link>
              </Table.Td>
              <Table.Td ta="right" className={classes.figures}>
                <UnstyledButton
                  fz="inherit"
                  aria-pressed={other === shown.segments[1]}
                  title={t("overlap_show")}
                  onClick={() => setChosen(other)}
                >
                  {formatNumber(both)}
                </UnstyledButton>
              </Table.Td>
              <Table.Td ta="right" className={classes.figures}>
                {formatShare(share_of_first, 0)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
