import { GAP, handleOffset, NODE } from "./sizes";

/** What stands in a layer: a node, an open end, or the lane of a way that passes. */
export interface Cell {
  id: string;
  layer: number;
  width: number;
  up: string[];
  down: string[];
}

const ROUNDS = 24;

/** The middle of each node: near those above and below it, in order, without touching. Units: pixels. */
export function spread(rows: string[][], cells: Map<string, Cell>): Map<string, number> {
  const centres = new Map<string, number>();
  for (const row of rows) {
    let x = 0;
    for (const id of row) {
      const width = cells.get(id)?.width ?? NODE.width;
      centres.set(id, x + width / 2);
      x += width + GAP.x;
    }
    for (const id of row) centres.set(id, (centres.get(id) ?? 0) - x / 2);
  }
  const middle = (ids: string[], place: (id: string, n: number) => number) =>
    ids.reduce((sum, id, n) => sum + place(id, n), 0) / ids.length;
  for (let round = 0; round < ROUNDS; round++) {
    const downwards = round % 2 === 0;
    const order = downwards ? [...rows.keys()] : [...rows.keys()].reverse();
    for (const layer of order) {
      const row = rows[layer] ?? [];
      const wishes = row.map((id) => {
        const cell = cells.get(id) as Cell;
        const others = downwards ? cell.up : cell.down;
        if (!others.length) return centres.get(id) ?? 0;
        return middle(
          others,
          (other) =>
            (centres.get(other) ?? 0) +
            (downwards ? portOffset(cells.get(other) as Cell, id) : -portOffset(cell, other)),
        );
      });
      const placed = keepApart(
        wishes,
        row.map((id) => (cells.get(id)?.width ?? 0) + GAP.x),
        row.map((id) => (id.startsWith("~lane:") ? 4 : 1)),
      );
      row.forEach((id, n) => {
        centres.set(id, placed[n] ?? 0);
      });
    }
  }
  return centres;
}

/** Where along the lower edge of a node the way to another begins, from its middle. */
function portOffset(cell: Cell, other: string): number {
  const n = cell.down.length;
  return n < 2 ? 0 : handleOffset(cell.down.indexOf(other), n);
}

/** Places as near to the wishes as order and widths allow (least squares; pooled neighbours share one shift). */
function keepApart(wishes: number[], widths: number[], weights: number[]): number[] {
  const offsets: number[] = [];
  widths.forEach((width, n) => {
    offsets.push(n === 0 ? 0 : (offsets[n - 1] as number) + ((widths[n - 1] as number) + width) / 2);
  });
  const pools: { sum: number; weight: number; from: number }[] = [];
  wishes.forEach((wish, n) => {
    const weight = weights[n] as number;
    let pool = { sum: (wish - (offsets[n] as number)) * weight, weight, from: n };
    for (let last = pools.at(-1); last && last.sum / last.weight > pool.sum / pool.weight; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, from: last.from };
    }
    pools.push(pool);
  });
  return wishes.map((_, n) => {
    const pool = pools.findLast((one) => one.from <= n) as { sum: number; weight: number };
    return pool.sum / pool.weight + (offsets[n] as number);
  });
}
