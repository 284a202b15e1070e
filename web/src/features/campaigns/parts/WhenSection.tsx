import {
  Autocomplete,
  Checkbox,
  Group,
  MultiSelect,
  Paper,
  Radio,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { formatInstant } from "@/lib/format";
import { useEventNames } from "@/lib/suggestions";
import type { CampaignForm, When } from "../form";
import { useCampaignWords } from "../words";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** An instant as the field of the browser wants it: local time, to the minute. */
function localText(at: string): string {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return "";
  const shifted = new Date(when.getTime() - when.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function Repeat({ when, onChange }: { when: Extract<When, { kind: "repeat" }>; onChange: (when: When) => void }) {
  const t = useCampaignWords();
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t("every")}
        w={140}
        allowDeselect={false}
        value={when.every}
        data={(["day", "week", "month"] as const).map((value) => ({ value, label: t(`each.${value}`) }))}
        onChange={(every) =>
          onChange({
            ...when,
            every: every as typeof when.every,
            on: every === "month" ? [1] : every === "week" ? ["mon"] : [],
          })
        }
      />
      {when.every === "week" && (
        <MultiSelect
          label={t("on_days")}
          miw={200}
          value={when.on.map(String)}
          data={DAYS.map((day) => ({ value: day as string, label: t(`day.${day}`) }))}
          onChange={(on) => onChange({ ...when, on })}
        />
      )}
      {when.every === "month" && (
        <MultiSelect
          label={t("on_dates")}
          miw={160}
          value={when.on.map(String)}
          data={Array.from({ length: 31 }, (_, i) => String(i + 1))}
          onChange={(on) => onChange({ ...when, on: on.map(Number) })}
        />
      )}
      <TextInput
        label={t("at_time")}
        type="time"
        w={120}
        value={when.at}
        onChange={(event) => onChange({ ...when, at: event.currentTarget.value })}
      />
      <Checkbox
        mb={8}
        label={t("their_clock")}
        checked={when.timezone === "profile"}
        onChange={(event) => onChange({ ...when, timezone: event.currentTarget.checked ? "profile" : "" })}
      />
    </Group>
  );
}

export function WhenSection({
  form,
  now,
  onChange,
}: {
  form: CampaignForm;
  now: string | undefined;
  onChange: (form: CampaignForm) => void;
}) {
  const t = useCampaignWords();
  const events = useEventNames();
  const { when } = form;
  const set = (next: When) => onChange({ ...form, when: next });
  function choose(kind: string) {
    const soon = new Date(Date.parse(now ?? new Date().toISOString()) + 3_600_000).toISOString().replace(/\.\d+/, "");
    if (kind === "now") set({ kind: "now" });
    if (kind === "once") set({ kind: "once", at: soon });
    if (kind === "repeat")
      set({ kind: "repeat", every: "week", on: ["mon"], at: "09:00", timezone: "profile", more: {} });
  }
  return (
    <Paper withBorder p="lg">
      <Stack gap="lg">
        <Radio.Group label={t("when")} value={when.kind} onChange={choose}>
          <Stack gap="xs" mt="xs">
            <Radio value="now" label={t("when_now")} description={t("when_now_hint")} />
            <Radio value="once" label={t("when_once")} />
            <Radio value="repeat" label={t("when_repeat")} description={t("when_repeat_hint")} />
            {when.kind === "other" && (
              <Radio value="other" label={t("when_other")} description={JSON.stringify(when.schedule)} />
            )}
          </Stack>
        </Radio.Group>
        {when.kind === "once" && (
          <Stack gap={4}>
            <TextInput
              label={t("at_instant")}
              type="datetime-local"
              w={240}
              value={localText(when.at)}
              onChange={(event) => {
                const at = new Date(event.currentTarget.value);
                if (!Number.isNaN(at.getTime())) set({ kind: "once", at: at.toISOString().replace(/\.\d+/, "") });
              }}
            />
            <Text size="xs" c="dimmed">
              {t("your_clock", {
                zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
                now: now ? formatInstant(now) : "–",
              })}
            </Text>
          </Stack>
        )}
        {when.kind === "repeat" && <Repeat when={when} onChange={set} />}
        <Autocomplete
          label={t("conversion")}
          description={t("conversion_hint")}
          w={320}
          maw="100%"
          value={form.conversion}
          data={events}
          onChange={(conversion) => onChange({ ...form, conversion })}
        />
      </Stack>
    </Paper>
  );
}
