/** Durations as definitions write them: `90s`, `15m`, `72h`, `1d`, `2w`, with a sign where an offset is meant. */

export const UNITS = ["s", "m", "h", "d", "w"] as const;
export type Unit = (typeof UNITS)[number];

export interface Duration {
  amount: number;
  unit: Unit;
}

export function parseDuration(text: unknown): Duration | null {
  const found = typeof text === "string" ? /^([+-]?\d+(?:\.\d+)?)([smhdw])$/.exec(text) : null;
  return found ? { amount: Number(found[1]), unit: found[2] as Unit } : null;
}

export function writeDuration({ amount, unit }: Duration): string {
  return `${amount}${unit}`;
}
