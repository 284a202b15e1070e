const KNOWN = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** Time zones to choose from, and the one that is chosen, known to this browser or not. */
export function zones(chosen: string): { value: string; label: string }[] {
  const all = chosen === "profile" || KNOWN.includes(chosen) ? KNOWN : [chosen, ...KNOWN];
  return all.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}
