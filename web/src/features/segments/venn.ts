/** Two circles whose areas, and whose common area, are as the figures say. */
export interface Circles {
  /** Radii, in parts of the larger one's. */
  a: number;
  b: number;
  /** How far their centres are apart, in the same measure. */
  apart: number;
}

/** The area that two circles have in common. */
export function commonArea(a: number, b: number, apart: number): number {
  if (apart >= a + b) return 0;
  if (apart <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2;
  const at = (r: number, s: number) =>
    r * r * Math.acos(Math.min(1, Math.max(-1, (apart * apart + r * r - s * s) / (2 * apart * r))));
  const kite = (a + b - apart) * (apart + a - b) * (apart - a + b) * (a + b + apart);
  return at(a, b) + at(b, a) - Math.sqrt(Math.max(0, kite)) / 2;
}

export function circlesOf(first: number, second: number, both: number): Circles {
  const most = Math.max(first, second, 1);
  const [a, b] = [Math.sqrt(first / most), Math.sqrt(second / most)];
  const wanted = (Math.PI * both) / most;
  if (both <= 0) return { a, b, apart: a + b + 0.12 };
  let [low, high] = [Math.abs(a - b), a + b];
  for (let n = 0; n < 40; n++) {
    const middle = (low + high) / 2;
    if (commonArea(a, b, middle) > wanted) low = middle;
    else high = middle;
  }
  return { a, b, apart: (low + high) / 2 };
}
