/** Wilson's score interval of a share at 95 %: shares from 0 to 1. Source: Wilson 1927, eq. for the binomial proportion. */
export function shareInterval(hits: number, of: number): { value: number; low: number; high: number } | null {
  if (of <= 0) return null;
  const z = 1.959963984540054;
  const p = hits / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return { value: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
