import { Card, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import i18next from "i18next";
import { useState } from "react";
import { useNames } from "@/lib/suggestions";
import { ErrorNote } from "@/ui/ErrorNote";
import { RowsLoading } from "@/ui/Loading";
import { byDay, type Moment } from "../moments";
import { usePeopleWords } from "../words";
import { MomentRow } from "./MomentRow";

interface Props {
  moments: Moment[] | undefined;
  error: unknown;
  /** The person's own, in which their days are counted. */
  zone: string | undefined;
  onRetry: () => void;
}

const GROUPS = ["all", "done", "decided", "sent"] as const;

/** Everything that happened to somebody, by day, the newest first. */
export function Timeline({ moments, error, zone, onRetry }: Props) {
  const t = usePeopleWords();
  const names = useNames();
  const [group, setGroup] = useState<string>("all");
  const inZone = zone ? { timeZone: zone } : {};
  const day = new Intl.DateTimeFormat(i18next.language, { dateStyle: "full", ...inZone });
  const clock = new Intl.DateTimeFormat(i18next.language, { timeStyle: "short", ...inZone });
  const shown = moments?.filter((moment) => group === "all" || moment.group === group);
  return (
    <Card component="section" aria-label={t("timeline")}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("timeline")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("filter")}
          value={group}
          onChange={setGroup}
          data={GROUPS.map((value) => ({ value, label: t(value) }))}
        />
      </Group>
      {error ? <ErrorNote error={error} onRetry={onRetry} /> : null}
      {!error && !shown && <RowsLoading rows={8} />}
      {shown?.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      <Stack gap="lg">
        {byDay(shown ?? [], (at) => day.format(new Date(at))).map(([name, ofDay]) => (
          <div key={`${name} ${ofDay[0]?.key}`}>
            <Title order={3} mb={6} c="dimmed" fw={500}>
              {name}
            </Title>
            <Stack component="ol" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
              {ofDay.map((moment) => (
                <MomentRow key={moment.key} moment={moment} time={clock.format(new Date(moment.at))} names={names} />
              ))}
            </Stack>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
