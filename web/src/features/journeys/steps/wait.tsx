import { Checkbox, Group, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { type Fields, isFields, type Json, type Step, withField } from "../graph/definition";
import { useJourneyWords } from "../words";
import { DurationField } from "./fields/DurationField";
import { InstantField } from "./fields/InstantField";
import { ZoneField } from "./fields/ZoneField";
import type { EditorProps, StepKind } from "./model";
import { sayDuration, sayUntil } from "./say";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
type Form = "for" | "instant" | "time" | "path";

function formOf(step: Step): Form {
  if (typeof step.until === "string") return "instant";
  if (isFields(step.until)) return "path" in step.until ? "path" : "time";
  return "for";
}

const BEGINNINGS: Record<Form, () => [string, Json]> = {
  for: () => ["for", "1d"],
  instant: () => ["until", new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)],
  time: () => ["until", { at: "09:00", timezone: "profile" }],
  path: () => ["until", { path: "profile.traits.", offset: "0s" }],
};

function turnInto(step: Step, form: Form): Step {
  const { for: _f, until: _u, type, ...rest } = step;
  const [field, value] = BEGINNINGS[form]();
  return { type, [field]: value, ...rest } as Step;
}

function Editor({ step, change, faults }: EditorProps) {
  const t = useJourneyWords();
  const form = formOf(step);
  const until: Fields = isFields(step.until) ? step.until : {};
  const set = (field: string, value: Json | undefined) =>
    change({ ...step, until: withField(until, field, value) }, field);
  const days = Array.isArray(until.on) ? until.on.map(String) : [];
  return (
    <Stack gap="md">
      <SegmentedControl
        size="xs"
        orientation="vertical"
        value={form}
        data={(["for", "time", "instant", "path"] as const).map((one) => ({
          value: one,
          label: t(`wait.form.${one}`),
        }))}
        onChange={(next) => change(turnInto(step, next as Form))}
      />
      {form === "for" && (
        <DurationField
          label={t("wait.length")}
          value={step.for}
          change={(next) => change({ ...step, for: next ?? "" }, "for")}
          error={faults.get("for")}
        />
      )}
      {form === "instant" && (
        <InstantField
          label={t("wait.instant")}
          value={step.until}
          change={(next) => change({ ...step, until: next ?? "" }, "until")}
          error={faults.get("until")}
        />
      )}
      {form === "time" && (
        <>
          <TextInput
            type="time"
            label={t("wait.time")}
            value={String(until.at ?? "")}
            onChange={(e) => set("at", e.currentTarget.value)}
            error={faults.get("until/at")}
          />
          <Checkbox.Group
            label={t("wait.days")}
            description={t("wait.daysHint")}
            value={days}
            onChange={(on) => set("on", on.length ? DAYS.filter((day) => on.includes(day)) : undefined)}
          >
            <Group gap="xs" mt={6}>
              {DAYS.map((day) => (
                <Checkbox key={day} size="xs" value={day} label={t(`day.${day}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          <ZoneField
            value={until.timezone}
            change={(zone) => set("timezone", zone)}
            error={faults.get("until/timezone")}
          />
        </>
      )}
      {form === "path" && (
        <>
          <TextInput
            label={t("wait.path")}
            description={t("wait.pathHint")}
            value={String(until.path ?? "")}
            onChange={(e) => set("path", e.currentTarget.value)}
            error={faults.get("until/path")}
          />
          <DurationField
            label={t("wait.offset")}
            description={t("wait.offsetHint")}
            signed
            value={until.offset ?? "0s"}
            change={(next) => set("offset", next)}
            error={faults.get("until/offset")}
          />
        </>
      )}
    </Stack>
  );
}

export const wait: StepKind = {
  kind: "wait",
  icon: IconClock,
  tone: "time",
  defaults: () => ({ type: "wait", for: "1d" }),
  stem: () => "wait",
  summary: (step, t) => (step.until === undefined ? sayDuration(step.for, t) : sayUntil(step.until, t)),
  Editor,
};
