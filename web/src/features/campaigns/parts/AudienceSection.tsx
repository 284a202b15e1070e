import { Grid, Group, Paper, SegmentedControl, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Condition } from "@/lib/conditions/condition";
import { formatNumber, formatShare } from "@/lib/format";
import { useNamed } from "@/lib/suggestions";
import { ConditionBuilder } from "@/ui/conditions/ConditionBuilder";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ErrorNote } from "@/ui/ErrorNote";
import { useAudience } from "../data";
import { CHANNELS } from "../form";
import { useCampaignWords } from "../words";

export function AudienceFigures({ audience }: { audience: Condition }) {
  const t = useCampaignWords();
  const { data, error } = useAudience(audience);
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Skeleton h={140} />;
  return (
    <Paper withBorder p="md">
      <Text size="xs" c="dimmed" fw={600}>
        {t("audience_now")}
      </Text>
      <Text fz={30} fw={650} lh={1.2} aria-live="polite">
        {formatNumber(data.members)}
      </Text>
      <Stack gap={4} mt="sm">
        {CHANNELS.map((channel) => (
          <Group key={channel} justify="space-between">
            <Text size="sm">{t(`channel.${channel}`)}</Text>
            <Text size="sm">
              {formatNumber(data.reach[channel].members)}{" "}
              <Text span size="xs" c="dimmed">
                {formatShare(data.members ? data.reach[channel].members / data.members : 0, 0)}
              </Text>
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

export function AudienceSection({
  audience,
  onChange,
}: {
  audience: Condition;
  onChange: (audience: Condition) => void;
}) {
  const t = useCampaignWords();
  const segments = useNamed("segment");
  const [mode, setMode] = useState(audience.type === "in_segment" ? "segment" : "condition");
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Paper withBorder p="lg">
          <Title order={2} mb="sm">
            {t("who_gets_it")}
          </Title>
          <Stack gap="md">
            <SegmentedControl
              w="fit-content"
              aria-label={t("audience_by")}
              value={mode}
              onChange={setMode}
              data={[
                { value: "segment", label: t("by_segment") },
                { value: "condition", label: t("by_condition") },
              ]}
            />
            {mode === "segment" ? (
              <Select
                label={t("segment")}
                placeholder={t("choose_segment")}
                searchable
                value={audience.type === "in_segment" ? String(audience.segment) : null}
                data={segments.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(segment) => segment && onChange({ type: "in_segment", segment })}
              />
            ) : (
              <ConditionBuilder value={audience} onChange={onChange} base="/audience" />
            )}
          </Stack>
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="md">
          <AudienceFigures audience={audience} />
          <Paper withBorder p="md">
            <Text size="xs" c="dimmed" fw={600} mb={4}>
              {t("in_words")}
            </Text>
            <SentenceView condition={audience} />
          </Paper>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
