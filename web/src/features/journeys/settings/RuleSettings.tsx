import { NumberInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { usePropertyPaths } from "@/lib/suggestions";
import { isFields, type Json, withField } from "../graph/definition";
import { DurationField } from "../steps/fields/DurationField";
import { InstantField } from "../steps/fields/InstantField";
import { Suggested } from "../steps/fields/NameField";
import { useJourneyWords } from "../words";
import type { SettingsProps } from "./model";

/** Who may come in again, when it runs, how many, and who is held out. */
export function RuleSettings({ journey, change, faults }: SettingsProps) {
  const t = useJourneyWords();
  const { entry } = journey;
  const bySegment = String(entry.type).startsWith("segment");
  const reentry = journey.reentry as Json | undefined;
  const kind = isFields(reentry) ? "after" : String(reentry ?? (bySegment ? "once" : "always"));
  const limits = isFields(journey.entry_limits) ? journey.entry_limits : {};
  const setLimit = (name: string, value: number | string) => {
    const next = withField(limits, name, typeof value === "number" ? value : undefined);
    change({ entry_limits: Object.keys(next).length ? next : undefined }, `limit ${name}`);
  };
  const properties = usePropertyPaths(entry.type === "event" ? String(entry.event ?? "") : "");
  return (
    <Stack gap="md">
      <div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("settings.reentry.label")}
          value={kind}
          data={["once", "always", "after"].map((one) => ({ value: one, label: t(`settings.reentry.${one}`) }))}
          onChange={(next) => change({ reentry: next === "after" ? { after: "7d" } : next })}
        />
        {isFields(reentry) && (
          <DurationField
            label={t("settings.reentry.after")}
            description={t("settings.reentry.afterHint")}
            value={reentry.after}
            change={(after) => change({ reentry: { after: after ?? "" } }, "reentry")}
            error={faults.get("reentry/after")}
          />
        )}
      </div>
      <Suggested
        label={t("settings.key.label")}
        description={t("settings.key.hint")}
        placeholder="properties.cart_id"
        value={journey.key as Json | undefined}
        data={properties.map(({ path }) => `properties.${path}`)}
        change={(key) => change({ key: key || undefined }, "key")}
        error={faults.get("key")}
      />
      <InstantField
        label={t("settings.dates.starts")}
        clearable
        value={journey.starts_at as Json | undefined}
        change={(at) => change({ starts_at: at })}
        error={faults.get("starts_at")}
      />
      <InstantField
        label={t("settings.dates.ends")}
        description={t("settings.dates.endsHint")}
        clearable
        value={journey.ends_at as Json | undefined}
        change={(at) => change({ ends_at: at })}
        error={faults.get("ends_at")}
      />
      <DurationField
        label={t("settings.lifetime.label")}
        description={t("settings.lifetime.hint")}
        optional
        value={journey.lifetime as Json | undefined}
        change={(lifetime) => change({ lifetime }, "lifetime")}
        error={faults.get("lifetime")}
      />
      {["per_day", "total", ...(entry.type === "segment" ? ["per_run"] : [])].map((name) => (
        <NumberInput
          key={name}
          label={t(`settings.limits.${name}`)}
          placeholder={t("settings.limits.none")}
          min={1}
          allowDecimal={false}
          value={typeof limits[name] === "number" ? limits[name] : ""}
          onChange={(value) => setLimit(name, value)}
          error={faults.get(`entry_limits/${name}`)}
        />
      ))}
      <NumberInput
        label={t("settings.holdout.label")}
        description={t("settings.holdout.hint")}
        suffix=" %"
        min={0}
        max={100}
        value={Number(journey.holdout_percent ?? 0)}
        onChange={(value) => typeof value === "number" && change({ holdout_percent: value || undefined }, "holdout")}
        error={faults.get("holdout_percent")}
      />
    </Stack>
  );
}

export function NameSettings({ journey, change }: SettingsProps) {
  const t = useJourneyWords();
  return (
    <Stack gap="md">
      <TextInput
        label={t("settings.name.label")}
        value={String(journey.name ?? "")}
        placeholder={journey.id}
        onChange={(e) => change({ name: e.currentTarget.value || undefined }, "name")}
      />
      <TextInput
        label={t("settings.name.about")}
        value={String(journey.description ?? "")}
        onChange={(e) => change({ description: e.currentTarget.value || undefined }, "description")}
      />
      <TextInput
        label={t("settings.name.id")}
        value={journey.id}
        readOnly
        variant="filled"
        description={t("settings.name.idHint")}
      />
    </Stack>
  );
}
