import { Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import { formatNumber, formatShare } from "@/lib/format";
import { type Figure, type Preview, useSegments } from "../data";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";

function Bar({ share }: { share: number }) {
  return (
    <div className={classes.track}>
      <div className={classes.bar} style={{ width: `${Math.min(100, share * 100)}%` }} />
    </div>
  );
}

export function ReachBars({ preview }: { preview: Preview }) {
  const t = useSegmentWords();
  const rows = Object.entries(preview.reach) as [string, Figure][];
  return (
    <Stack gap="xs">
      {rows.map(([channel, figure]) => {
        const share = preview.members ? figure.members / preview.members : 0;
        return (
          <div key={channel}>
            <Group justify="space-between" mb={4}>
              <Text size="sm">{t(`channel.${channel}`)}</Text>
              <Text size="sm" className={classes.figures}>
                {preview.exact ? "" : "≈ "}
                {formatNumber(figure.members)}{" "}
                <Text span c="dimmed" size="xs">
                  {formatShare(share, 0)}
                </Text>
              </Text>
            </Group>
            <Bar share={share} />
          </div>
        );
      })}
    </Stack>
  );
}

/** How the condition lies over a segment that is saved. */
function OverlapWith({ where, members }: { where: Condition; members: number }) {
  const t = useSegmentWords();
  const { data: segments } = useSegments();
  const [other, setOther] = useState<string | null>(null);
  const both = useQuery({
    queryKey: ["preview", where, "with", other],
    queryFn: ({ signal }) =>
      api<Preview>("POST", "/api/v1/segments/preview", {
        body: { where: { type: "all", of: [where, { type: "in_segment", segment: other }] }, exact: true },
        signal,
      }),
    enabled: other !== null,
    retry: false,
  });
  const name = segments?.items.find((row) => row.id === other)?.name ?? other;
  return (
    <Stack gap="xs">
      <Select
        size="xs"
        searchable
        clearable
        placeholder={t("overlap_with")}
        aria-label={t("overlap_with")}
        value={other}
        onChange={setOther}
        data={(segments?.items ?? []).map((row) => ({ value: row.id, label: row.name }))}
      />
      {other && both.data && (
        <>
          <Text size="sm" aria-live="polite">
            {t("overlap_says", {
              count: both.data.members,
              n: formatNumber(both.data.members),
              share: formatShare(members ? both.data.members / members : 0, 0),
              name,
            })}
          </Text>
          <Bar share={members ? both.data.members / members : 0} />
        </>
      )}
    </Stack>
  );
}

/** The live count of a condition, whom channels reach, some people, and how it overlaps. */
export function CountPanel({
  where,
  preview,
  stale,
  refining,
  incomplete,
}: {
  where: Condition;
  preview: Preview | undefined;
  stale: boolean;
  refining: boolean;
  incomplete: boolean;
}) {
  const t = useSegmentWords();
  return (
    <Paper withBorder p="md" className={stale ? classes.stale : ""}>
      <Text size="xs" c="dimmed" fw={600}>
        {t("matches")}
      </Text>
      <div aria-live="polite">
        <Text className={classes.big}>
          {preview ? `${preview.exact ? "" : "≈ "}${formatNumber(preview.members)}` : "–"}
        </Text>
        <Text size="sm" c="dimmed" mih={20}>
          {incomplete
            ? t("incomplete")
            : preview &&
              (preview.exact
                ? t("share_of", {
                    share: formatShare(preview.people ? preview.members / preview.people : 0),
                    people: formatNumber(preview.people),
                  })
                : t("between", { low: formatNumber(preview.low), high: formatNumber(preview.high) }))}
          {refining && !preview?.exact ? ` ${t("counting")}` : ""}
        </Text>
      </div>
      {preview && (
        <Stack gap="md" mt="md">
          <div>
            <Title order={3} fz="xs" c="dimmed" mb={6}>
              {t("reach")}
            </Title>
            <ReachBars preview={preview} />
          </div>
          {preview.sample && preview.sample.length > 0 && (
            <div>
              <Title order={3} fz="xs" c="dimmed" mb={6}>
                {t("sample")}
              </Title>
              {preview.sample.map((person) => (
                <Group key={person.user_id} justify="space-between" wrap="nowrap" gap="xs" py={3}>
                  <Text size="sm" truncate>
                    {person.name ?? person.user_id}
                  </Text>
                  <Text size="xs" c="dimmed" truncate>
                    {person.email ?? person.phone ?? ""}
                  </Text>
                </Group>
              ))}
            </div>
          )}
          <div>
            <Title order={3} fz="xs" c="dimmed" mb={6}>
              {t("overlap")}
            </Title>
            <OverlapWith where={where} members={preview.members} />
          </div>
        </Stack>
      )}
    </Paper>
  );
}
