import { Group, Progress, Stack, Text, UnstyledButton } from "@mantine/core";
import { formatNumber } from "@/lib/format";

/** Some reasons or ways with their numbers; each may lead to its people. */
export function Bars({
  title,
  rows,
  choose,
  chosen,
}: {
  title: string;
  rows: { name: string; label: string; count: number }[];
  choose?: (name: string) => void;
  chosen?: string | undefined;
}) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  if (!rows.length) return null;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      {rows.map((row) => {
        const body = (
          <>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm" truncate="end" {...(row.name === chosen ? { fw: 600 } : {})}>
                {row.label}
              </Text>
              <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
                {formatNumber(row.count)}
              </Text>
            </Group>
            <Progress size={4} value={(row.count / most) * 100} aria-hidden />
          </>
        );
        if (!choose) return <div key={row.name}>{body}</div>;
        return (
          <UnstyledButton key={row.name} aria-pressed={row.name === chosen} onClick={() => choose(row.name)}>
            {body}
          </UnstyledButton>
        );
      })}
    </Stack>
  );
}
