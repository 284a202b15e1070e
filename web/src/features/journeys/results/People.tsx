import { Badge, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { download } from "@/lib/download";
import { formatInstant } from "@/lib/format";
import { sayError } from "@/lib/problem-words";
import { ErrorNote } from "@/ui/ErrorNote";
import { PersonLink } from "@/ui/PersonLink";
import { type Chosen, exportAddress, passagesOf } from "../data/passages";
import { useJourneyWords } from "../words";

/** The people behind a figure, in the order in which they entered, page by page, and as a file. */
export function People({ id, chosen }: { id: string; chosen: Chosen }) {
  const t = useJourneyWords();
  const asked = useInfiniteQuery(passagesOf(id, chosen));
  const people = asked.data?.pages.flatMap((page) => page.items) ?? [];
  if (asked.isLoadingError) return <ErrorNote error={asked.error} />;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {t("results.people")}
        </Text>
        {people.length > 0 && (
          <Button
            onClick={() =>
              void download(exportAddress(id, chosen), `${id}-${chosen.step ?? "people"}.csv`).catch((cause: Error) =>
                notifications.show({ color: "red", message: sayError(cause) }),
              )
            }
            variant="subtle"
            size="compact-sm"
            leftSection={<IconDownload size={15} />}
          >
            {t("results.export")}
          </Button>
        )}
      </Group>
      {asked.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={38} />)}
      {asked.isSuccess && !people.length && (
        <Text size="sm" c="dimmed">
          {t("results.nobody")}
        </Text>
      )}
      {people.map((person, n) => (
        <Group
          key={`${person.enrollment_id} ${person.step_at ?? n}`}
          justify="space-between"
          wrap="nowrap"
          gap="xs"
          py={4}
          style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}
        >
          <div style={{ minWidth: 0 }}>
            <Text size="sm" truncate="end">
              <PersonLink userId={person.user_id} name={person.name || person.email} />
            </Text>
            <Text size="xs" c="dimmed">
              {person.due_at
                ? t("results.until", { at: formatInstant(person.due_at) })
                : formatInstant(person.step_at ?? person.entered_at)}
            </Text>
          </div>
          <Badge
            variant="light"
            color={person.status === "active" ? "blue" : person.status === "finished" ? "green" : "gray"}
            style={{ flex: "none" }}
          >
            {t(`results.status.${person.status}`)}
          </Badge>
        </Group>
      ))}
      {asked.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          {t("results.more")}
        </Button>
      )}
    </Stack>
  );
}
