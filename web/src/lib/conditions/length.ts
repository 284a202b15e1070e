/** Lengths of time as definitions write them: `90s`, `15m`, `72h`, `1d`, `2w`. */

export const UNITS = ["m", "h", "d", "w"] as const;
export type Unit = (typeof UNITS)[number] | "s";

export interface Length {
  n: number;
  unit: Unit;
}

export function parseLength(text: unknown): Length | null {
  const found = typeof text === "string" ? /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) : null;
  return found ? { n: Number(found[1]), unit: found[2] as Unit } : null;
}

export function writeLength({ n, unit }: Length): string {
  return `${n}${unit}`;
}
