import { Group, List, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { eventLabel } from "@/lib/event-labels";
import { StateBadge } from "@/ui/StateBadge";
import type { ClauseSeen, Verdict } from "../api";
import { useEventWords } from "../words";

function Judged({
  title,
  note,
  matched,
  clauses,
}: {
  title: ReactNode;
  note?: string;
  matched: boolean;
  clauses: ClauseSeen[];
}) {
  const t = useEventWords();
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {note ? (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        ) : null}
        <StateBadge state={matched ? "done" : "draft"} label={t(matched ? "detail.matched" : "detail.not_matched")} />
      </Group>
      {clauses.map((one) => (
        <Group key={one.sentence} gap={6} wrap="nowrap" align="flex-start">
          {one.holds ? <IconCheck size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
          <Text size="sm" {...(one.holds ? { c: "dimmed" } : {})}>
            {one.sentence}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Which rules and journeys an event matches, and which clause failed. */
export function VerdictView({ verdict }: { verdict: Verdict }) {
  const t = useEventWords();
  const { derives, waited_for: waited, problems } = verdict;
  return (
    <Stack gap="lg">
      {problems.length ? (
        <Stack gap={4}>
          <Text size="xs" c="dimmed" fw={600}>
            {t("detail.problems")}
          </Text>
          <List size="sm">
            {problems.map((one) => (
              <List.Item key={JSON.stringify(one)}>
                {one.message ?? `${one.path}: ${one.got} (${one.expected})`}
              </List.Item>
            ))}
          </List>
        </Stack>
      ) : null}
      {waited.length ? (
        <Stack gap="sm">
          <Text size="xs" c="dimmed" fw={600}>
            {t("detail.waited")}
          </Text>
          {waited.map((one) => (
            <Judged
              key={`${one.source} ${one.version} ${one.role} ${one.step}`}
              title={one.source.replace(":", " › ")}
              note={[t(`detail.role.${one.role}`), one.step].filter(Boolean).join(" · ")}
              matched={one.matched}
              clauses={one.clauses}
            />
          ))}
        </Stack>
      ) : null}
      {derives.length ? (
        <Stack gap="sm">
          <Text size="xs" c="dimmed" fw={600}>
            {t("detail.derives")}
          </Text>
          {derives.map((one) => (
            <Judged key={one.id} title={eventLabel(one.event)} matched={one.matched} clauses={one.clauses} />
          ))}
        </Stack>
      ) : null}
      {!waited.length && !derives.length ? (
        <Text size="sm" c="dimmed">
          {t("detail.nobody")}
        </Text>
      ) : null}
    </Stack>
  );
}
