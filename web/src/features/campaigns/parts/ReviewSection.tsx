import { Grid, List, Paper, Stack, Text, Title } from "@mantine/core";
import { ApiProblem, type FieldProblem } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ErrorNote } from "@/ui/ErrorNote";
import { WarningNote } from "@/ui/WarningNote";
import { type CampaignForm, CHANNELS } from "../form";
import { useCampaignWords } from "../words";
import { AudienceFigures } from "./AudienceSection";
import type { Own } from "./ContentSection";
import { RepeatWarning } from "./RepeatWarning";

type Severe = FieldProblem & { severity?: string };

/** When a campaign goes out, in a few words. */
export function useWhenWords(): (form: CampaignForm) => string {
  const t = useCampaignWords();
  return ({ when }) => {
    if (when.kind === "now") return t("says_now");
    if (when.kind === "once") return t("says_once", { at: formatInstant(when.at) });
    if (when.kind === "other") return JSON.stringify(when.schedule);
    const days = when.on.map((day) => (typeof day === "string" ? t(`day.${day}`) : String(day))).join(", ");
    const clock = t(when.timezone === "profile" ? "says_their_clock" : "says_our_clock");
    return `${t(`says_each.${when.every}`, { days })} ${t("says_at", { at: when.at })}, ${clock}`;
  };
}

export function ReviewSection({
  form,
  own,
  problems,
  error,
}: {
  form: CampaignForm;
  own: Own;
  problems: readonly Severe[];
  error: unknown;
}) {
  const t = useCampaignWords();
  const say = useWhenWords();
  const errors = problems.filter((one) => one.severity !== "warning");
  const warnings = problems.filter((one) => one.severity === "warning");
  const channels = CHANNELS.filter((channel) => form.templates[channel] !== undefined);
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          {errors.length > 0 && <ErrorNote title={t("problems")} error={new ApiProblem(400, "invalid", "", errors)} />}
          <ErrorNote error={error} />
          <WarningNote problems={warnings} />
          <RepeatWarning form={form} own={own} />
          <Paper withBorder p="md">
            <Stack gap="sm">
              <div>
                <Title order={3} fz="xs" c="dimmed">
                  {t("step_audience")}
                </Title>
                <SentenceView condition={form.audience} />
              </div>
              <div>
                <Title order={3} fz="xs" c="dimmed">
                  {t("step_content")}
                </Title>
                <List size="sm">
                  {channels.map((channel) => (
                    <List.Item key={channel}>
                      {t(`channel.${channel}`)}:{" "}
                      {own[channel] ? t("own_content") : form.templates[channel] || t("no_template")}
                    </List.Item>
                  ))}
                </List>
              </div>
              <div>
                <Title order={3} fz="xs" c="dimmed">
                  {t("step_when")}
                </Title>
                <Text size="sm">{say(form)}</Text>
              </div>
            </Stack>
          </Paper>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <AudienceFigures audience={form.audience} />
      </Grid.Col>
    </Grid>
  );
}
