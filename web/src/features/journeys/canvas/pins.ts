import type { Point } from "../graph/layout";

/** Places that somebody gave to steps by hand: decoration of this browser, kept apart from the definition. */

function keyOf(id: string): string {
  return `relance.canvas.${id}`;
}

export function readPins(id: string): Record<string, Point> {
  try {
    return (JSON.parse(window.localStorage.getItem(keyOf(id)) ?? "{}") as Record<string, Point>) ?? {};
  } catch {
    return {};
  }
}

export function keepPins(id: string, pins: Record<string, Point>): void {
  try {
    if (Object.keys(pins).length) window.localStorage.setItem(keyOf(id), JSON.stringify(pins));
    else window.localStorage.removeItem(keyOf(id));
  } catch {
    // a full or forbidden store: the picture is tidied at the next visit, nothing is lost
  }
}
