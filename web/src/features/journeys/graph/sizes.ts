/** How large nodes are drawn, and what is left between them. Units: pixels. */

export const NODE = { width: 248, height: 76 };
export const END_NODE = { width: 64, height: 28 };
export const GAP = { x: 40, y: 84 };
export const LANE = 28;

/** The place of the handle `place` of `n`, from the middle of the node. */
export function handleOffset(place: number, n: number): number {
  return n < 2 ? 0 : ((place + 1) / (n + 1) - 0.5) * NODE.width;
}
