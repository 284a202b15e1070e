import { Select } from "@mantine/core";
import type { Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

const ZONES = Intl.supportedValuesOf("timeZone");

/** Whose clock: the person's, the workspace's, or that of a zone. */
export function ZoneField({
  value,
  change,
  error,
}: {
  value: Json | undefined;
  change: (zone: string | undefined) => void;
  error?: string | undefined;
}) {
  const t = useJourneyWords();
  const given = typeof value === "string" ? value : "";
  return (
    <Select
      label={t("zone.label")}
      searchable
      allowDeselect={false}
      limit={50}
      value={given}
      data={[
        { value: "profile", label: t("zone.profile") },
        { value: "", label: t("zone.workspace") },
        ...ZONES.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
        ...(given && given !== "profile" && !ZONES.includes(given) ? [{ value: given, label: given }] : []),
      ]}
      onChange={(zone) => change(zone || undefined)}
      error={error}
    />
  );
}
