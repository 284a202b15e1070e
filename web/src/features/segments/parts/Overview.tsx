import { Badge, Button, Grid, Group, Paper, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { eventLabel } from "@/lib/event-labels";
import { formatNumber, formatShare } from "@/lib/format";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ErrorNote } from "@/ui/ErrorNote";
import { PersonLink } from "@/ui/PersonLink";
import { type Segment, type Use, useCount, useDependencies, useSample, useSizes } from "../data";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";
import { ReachBars } from "./CountPanel";
import { Overlaps } from "./Overlaps";
import { SizeChart } from "./SizeChart";

function OverTime({ id }: { id: string }) {
  const t = useSegmentWords();
  const [every, setEvery] = useState<"hour" | "day" | "week">("day");
  const { data, error } = useSizes(id, every);
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} fz="sm">
          {t("over_time")}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t("every")}
          value={every}
          onChange={(value) => setEvery(value as typeof every)}
          data={(["hour", "day", "week"] as const).map((value) => ({ value, label: t(`every_${value}`) }))}
        />
      </Group>
      <ErrorNote error={error} />
      {data ? <SizeChart points={data.points} every={every} /> : !error && <Skeleton h={268} />}
    </Paper>
  );
}

/** Some members, each with the way to why. */
function Some({ id, onWhy }: { id: string; onWhy: (userId: string) => void }) {
  const t = useSegmentWords();
  const { data } = useSample(id);
  if (!data?.items.length) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} fz="sm" mb="xs">
        {t("sample")}
      </Title>
      {data.items.map((person) => (
        <Group key={person.user_id} justify="space-between" wrap="nowrap" gap="xs" py={3}>
          <Text size="sm" truncate>
            <PersonLink userId={person.user_id} name={person.name} />
          </Text>
          <Button variant="subtle" size="compact-xs" onClick={() => onWhy(person.user_id)}>
            {t("why")}
          </Button>
        </Group>
      ))}
      <Button variant="default" size="xs" mt="xs" fullWidth onClick={() => onWhy("")}>
        {t("why_other")}
      </Button>
    </Paper>
  );
}

const PAGES: Record<string, string> = {
  segment: "/segments",
  journey: "/journeys",
  campaign: "/campaigns",
  prediction: "/predictions",
  list: "/lists",
};

function Uses({ uses, empty }: { uses: Use[]; empty: string }) {
  const t = useSegmentWords();
  const unique = [...new Map(uses.map((use) => [`${use.kind}:${use.id}`, use])).values()];
  if (unique.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <Stack gap={6}>
      {unique.map((use) => (
        <Group key={`${use.kind}:${use.id}`} gap="xs" wrap="nowrap">
          <Badge variant="light" color="gray" radius="sm" tt="none" miw={84}>
            {t(`kind.${use.kind}`)}
          </Badge>
          {PAGES[use.kind] ? (
            <Link to={`${PAGES[use.kind]}/${use.id}`} className={classes.name}>
              {use.name ?? use.id}
            </Link>
          ) : (
            <Text size="sm">{use.kind === "event" ? eventLabel(use.name ?? use.id) : (use.name ?? use.id)}</Text>
          )}
        </Group>
      ))}
    </Stack>
  );
}

export function Overview({ segment, onWhy }: { segment: Segment; onWhy: (userId: string) => void }) {
  const t = useSegmentWords();
  const { data: count } = useCount(segment.id);
  const { data: uses } = useDependencies(segment.id);
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          <OverTime id={segment.id} />
          <Overlaps id={segment.id} name={segment.name} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="md">
          <Paper withBorder p="md">
            <Text size="xs" c="dimmed" fw={600}>
              {t("people_in_it")}
            </Text>
            {count ? (
              <>
                <Text className={classes.big}>{formatNumber(count.members)}</Text>
                <Text size="sm" c="dimmed" mb="md">
                  {t("share_of", {
                    share: formatShare(count.people ? count.members / count.people : 0),
                    people: formatNumber(count.people),
                  })}
                </Text>
                <ReachBars preview={count} />
              </>
            ) : (
              <Skeleton h={160} />
            )}
          </Paper>
          <Paper withBorder p="md">
            <Title order={2} fz="sm" mb="xs">
              {t("in_words")}
            </Title>
            <SentenceView condition={segment.where} />
          </Paper>
          <Some id={segment.id} onWhy={onWhy} />
          <Paper withBorder p="md">
            <Title order={2} fz="sm" mb="xs">
              {t("used_by")}
            </Title>
            <Uses uses={uses?.used_by ?? []} empty={t("used_by_nothing")} />
            <Title order={2} fz="sm" mt="md" mb="xs">
              {t("uses")}
            </Title>
            <Uses uses={uses?.uses ?? []} empty={t("uses_nothing")} />
          </Paper>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
