import {
  Button,
  Card,
  Grid,
  Group,
  Select,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
  UnstyledButton,
  useMatches,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBolt, IconPlayerPause, IconPlayerPlay, IconTestPipe } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { eventLabel } from "@/lib/event-labels";
import { formatDay, formatInstant, formatTime } from "@/lib/format";
import { useEventNames } from "@/lib/suggestions";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { StateBadge } from "@/ui/StateBadge";
import { type Filters, type Inspected, useInspector, useSources } from "../api";
import { useEventWords } from "../words";
import { EventDetail } from "./EventDetail";
import classes from "./LiveInspector.module.css";
import { TryModal } from "./TryModal";

interface LineProps {
  event: Inspected;
  chosen: boolean;
  /** Of the same day as the newest. */
  isToday: boolean;
  onChoose: () => void;
}

function Line({ event, chosen, isToday, onChoose }: LineProps) {
  const t = useEventWords();
  const matched = event.waited_for.some((one) => one.matched) || event.derives.some((one) => one.matched);
  return (
    <UnstyledButton className={classes.line} data-chosen={chosen || undefined} aria-pressed={chosen} onClick={onChoose}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" fw={600} truncate>
          {eventLabel(event.name ?? event.type)}
        </Text>
        <Group gap={6} wrap="nowrap">
          {event.rejected ? <StateBadge state="failed" label={t("live.rejected")} /> : null}
          {matched ? <StateBadge state="done" label={t("detail.matched")} /> : null}
        </Group>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="xs" c="dimmed" truncate>
          {event.user_id ?? t("live.anonymous")} · {event.source}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {isToday ? formatTime(event.at) : formatInstant(event.at)}
        </Text>
      </Group>
    </UnstyledButton>
  );
}

/** The last events as they come in, and what became of the one that is chosen. */
export function LiveInspector() {
  const t = useEventWords();
  const [filters, setFilters] = useState<Filters>({ name: "", source: "", user_id: "", only: "" });
  const [paused, setPaused] = useState(false);
  const [chosen, setChosen] = useState<Inspected | null>(null);
  const [trying, setTrying] = useState(false);
  const [asked] = useDebouncedValue(filters, 250);
  const { data, error } = useInspector(asked, paused);
  const names = useEventNames();
  const sources = useSources().data?.items ?? [];
  const set = (change: Partial<Filters>) => setFilters({ ...filters, ...change });
  const items = data?.items ?? [];
  // The newest is open from the start where there is room beside the list; what comes later does not push it away.
  const isWide = useMatches({ base: false, md: true });
  const newest = items[0];
  const isEmpty = data !== undefined && !newest && !Object.values(filters).some(Boolean);
  useEffect(() => {
    if (isWide && newest) setChosen((now) => now ?? newest);
  }, [isWide, newest]);
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          flex="1 1 150px"
          maw={{ base: "100%", md: 240 }}
          label={t("live.name")}
          placeholder={t("all")}
          data={names}
          value={filters.name || null}
          onChange={(name) => set({ name: name ?? "" })}
          searchable
          clearable
        />
        <Select
          flex="1 1 150px"
          maw={{ base: "100%", md: 240 }}
          label={t("live.source")}
          placeholder={t("all")}
          data={sources.map((one) => ({ value: one.id, label: one.name || one.id }))}
          value={filters.source || null}
          onChange={(source) => set({ source: source ?? "" })}
          clearable
        />
        <TextInput
          flex="1 1 150px"
          maw={{ base: "100%", md: 240 }}
          label={t("live.person")}
          value={filters.user_id}
          onChange={(event) => set({ user_id: event.currentTarget.value })}
        />
        <Switch
          label={t("live.only_rejected")}
          checked={filters.only === "rejected"}
          onChange={(event) => set({ only: event.currentTarget.checked ? "rejected" : "" })}
          mb={8}
        />
        <Group ml="auto" gap="xs">
          <Button variant="default" leftSection={<IconTestPipe size={16} />} onClick={() => setTrying(true)}>
            {t("live.try")}
          </Button>
          <Button
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
            onClick={() => setPaused(!paused)}
          >
            {t(paused ? "live.resume" : "live.pause")}
          </Button>
        </Group>
      </Group>
      {paused ? (
        <Text size="sm" c="dimmed" role="status">
          {t("live.paused")}
        </Text>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {isEmpty ? (
        <EmptyState icon={<IconBolt size={24} />} title={t("live.emptyTitle")} text={t("live.emptyText")}>
          <Button component={Link} to="/events" search={{ tab: "sources" } as never}>
            {t("live.emptyAction")}
          </Button>
        </EmptyState>
      ) : (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 5 }}>
            {data ? (
              <Card withBorder padding={0} className={classes.list} component="section" aria-label={t("live.list")}>
                {items.map((one) => (
                  <Line
                    key={one.position}
                    event={one}
                    isToday={formatDay(one.at) === formatDay(newest?.at ?? one.at)}
                    chosen={chosen?.position === one.position}
                    onChoose={() => setChosen(one)}
                  />
                ))}
                {items.length ? null : (
                  <Text p="lg" c="dimmed" size="sm">
                    {t("live.none")}
                  </Text>
                )}
              </Card>
            ) : (
              <Skeleton h={420} />
            )}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            {chosen ? (
              <EventDetail event={chosen} />
            ) : (
              <Card withBorder padding="xl">
                <Text ta="center" c="dimmed">
                  {t("live.choose")}
                </Text>
              </Card>
            )}
          </Grid.Col>
        </Grid>
      )}
      {trying ? <TryModal names={names} first={chosen?.name ?? filters.name} onClose={() => setTrying(false)} /> : null}
    </Stack>
  );
}
