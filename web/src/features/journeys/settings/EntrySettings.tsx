import { Checkbox, Group, NumberInput, Select, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { type Fields, isFields, type Json, withField } from "../graph/definition";
import { Clauses } from "../steps/fields/Clauses";
import { InstantField } from "../steps/fields/InstantField";
import { EventField, SegmentField } from "../steps/fields/NameField";
import { ZoneField } from "../steps/fields/ZoneField";
import { useJourneyWords } from "../words";
import type { SettingsProps } from "./model";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const BEGINNINGS: Record<string, (entry: Fields) => Fields> = {
  event: (entry) => ({ type: "event", event: entry.event ?? "" }),
  segment_entered: (entry) => ({ type: "segment_entered", segment: entry.segment ?? "" }),
  segment: (entry) => ({ type: "segment", segment: entry.segment ?? "", schedule: { every: "day", at: "09:00" } }),
  api: () => ({ type: "api" }),
};

export function EntrySettings({ journey, change, faults }: SettingsProps) {
  const t = useJourneyWords();
  const { entry } = journey;
  const put = (next: Fields, tag?: string) => change({ entry: next }, tag && `entry ${tag}`);
  const type = String(entry.type);
  return (
    <Stack gap="md">
      <Select
        label={t("settings.entry.type")}
        allowDeselect={false}
        value={type}
        data={Object.keys(BEGINNINGS).map((one) => ({ value: one, label: t(`settings.entry.types.${one}`) }))}
        onChange={(next) => next && next !== type && put(BEGINNINGS[next]?.(entry) ?? entry)}
        error={faults.get("entry")}
      />
      {type === "event" && (
        <>
          <EventField
            label={t("field.event")}
            value={entry.event}
            change={(event) => put({ ...entry, event }, "event")}
            error={faults.get("entry/event")}
          />
          <Clauses
            event={String(entry.event ?? "")}
            value={entry.where}
            change={(where) => put(withField(entry, "where", where), "where")}
          />
        </>
      )}
      {type.startsWith("segment") && (
        <SegmentField
          label={t("field.segment")}
          value={entry.segment}
          change={(segment) => put({ ...entry, segment })}
          error={faults.get("entry/segment")}
        />
      )}
      {type === "segment" && <Schedule entry={entry} put={put} faults={faults} />}
      {type === "api" && (
        <Text size="sm" c="dimmed">
          {t("settings.entry.apiHint")}
        </Text>
      )}
    </Stack>
  );
}

function Schedule({
  entry,
  put,
  faults,
}: {
  entry: Fields;
  put: (entry: Fields, tag?: string) => void;
  faults: Map<string, string>;
}) {
  const t = useJourneyWords();
  const schedule: Fields = isFields(entry.schedule) ? entry.schedule : {};
  const every = schedule.every === undefined ? "once" : String(schedule.every);
  const set = (field: string, value: Json | undefined) =>
    put({ ...entry, schedule: withField(schedule, field, value) }, field);
  const rate = isFields(entry.rate) ? entry.rate : null;
  const on = Array.isArray(schedule.on) ? schedule.on : [];
  return (
    <>
      <Select
        label={t("settings.schedule.every")}
        allowDeselect={false}
        value={every}
        data={["once", "hour", "day", "week", "month"].map((one) => ({
          value: one,
          label: t(`schedule.every.${one}`),
        }))}
        onChange={(next) =>
          next &&
          put({
            ...entry,
            schedule:
              next === "once"
                ? { at: new Date(Date.now() + 86_400_000).toISOString().slice(0, 19).concat("Z") }
                : { every: next, at: "09:00", timezone: "profile" },
          })
        }
        error={faults.get("entry/schedule")}
      />
      {every === "once" ? (
        <InstantField
          label={t("settings.schedule.at")}
          value={schedule.at}
          change={(at) => set("at", at)}
          error={faults.get("entry/schedule/at")}
        />
      ) : (
        <>
          {every === "week" && (
            <Checkbox.Group
              label={t("settings.schedule.days")}
              value={on.map(String)}
              onChange={(days) => set("on", days.length ? DAYS.filter((day) => days.includes(day)) : undefined)}
            >
              <Group gap="xs" mt={6}>
                {DAYS.map((day) => (
                  <Checkbox key={day} size="xs" value={day} label={t(`day.${day}`)} />
                ))}
              </Group>
            </Checkbox.Group>
          )}
          {every === "month" && (
            <TagsInput
              label={t("settings.schedule.daysOfMonth")}
              description={t("settings.schedule.daysOfMonthHint")}
              value={on.map(String)}
              onChange={(days) =>
                set("on", days.length ? days.map(Number).filter((day) => day >= 1 && day <= 31) : undefined)
              }
              error={faults.get("entry/schedule/on")}
            />
          )}
          <TextInput
            type="time"
            label={t("settings.schedule.time")}
            value={String(schedule.at ?? "00:00")}
            onChange={(e) => set("at", e.currentTarget.value)}
            error={faults.get("entry/schedule/at")}
          />
          <ZoneField
            value={schedule.timezone}
            change={(zone) => set("timezone", zone)}
            error={faults.get("entry/schedule/timezone")}
          />
          <InstantField
            label={t("settings.schedule.from")}
            clearable
            value={schedule.from}
            change={(at) => set("from", at)}
          />
          <InstantField
            label={t("settings.schedule.until")}
            clearable
            value={schedule.until}
            change={(at) => set("until", at)}
          />
          <Switch
            label={t("settings.schedule.incremental")}
            description={t("settings.schedule.incrementalHint")}
            checked={entry.incremental === true}
            onChange={(e) => put(withField(entry, "incremental", e.currentTarget.checked || undefined))}
          />
        </>
      )}
      <Switch
        label={t("settings.rate.on")}
        description={t("settings.rate.hint")}
        checked={rate !== null}
        onChange={(e) =>
          put(withField(entry, "rate", e.currentTarget.checked ? { max: 1000, per: "hour" } : undefined))
        }
      />
      {rate && (
        <Group gap="xs" wrap="nowrap">
          <NumberInput
            flex={1}
            aria-label={t("settings.rate.max")}
            min={1}
            allowDecimal={false}
            value={Number(rate.max)}
            onChange={(max) => typeof max === "number" && put({ ...entry, rate: { ...rate, max } }, "rate")}
          />
          <Select
            w={150}
            aria-label={t("settings.rate.per")}
            allowDeselect={false}
            value={String(rate.per)}
            data={[...new Set(["minute", "hour", "day", String(rate.per)])].map((one) => ({
              value: one,
              label: ["minute", "hour", "day"].includes(one) ? t(`settings.rate.${one}`) : one,
            }))}
            onChange={(per) => per && put({ ...entry, rate: { ...rate, per } })}
          />
        </Group>
      )}
    </>
  );
}
