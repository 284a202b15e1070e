import { ENTRY, type Journey } from "./definition";
import { type Edge, edgesOf } from "./ports";
import { END_NODE, GAP, LANE, NODE } from "./sizes";
import { type Cell, spread } from "./spread";

/** Where things stand: layers from top to bottom, ways spread from left to right. Decoration, never part of a definition. */

export interface Point {
  x: number;
  y: number;
}

export interface Placement {
  /** The upper left corner of each node: the entry, each step, and each open end (`~end:EDGE`). */
  at: Record<string, Point>;
  /** Points on the way of an edge that passes layers, from top to bottom; none for an edge between neighbours. */
  bends: Record<string, Point[]>;
}

export function endNodeId(edgeId: string): string {
  return `~end:${edgeId}`;
}

/** Place all nodes of a journey. The same journey gives the same picture. */
export function layOut(journey: Journey): Placement {
  const edges = edgesOf(journey);
  const target = (edge: Edge) => (edge.target in journey.steps ? edge.target : endNodeId(edge.id));
  const layers = findLayers(journey, edges);
  const cells = new Map<string, Cell>();
  const add = (id: string, layer: number, width: number) => cells.set(id, { id, layer, width, up: [], down: [] });
  const lanes = new Map<string, string[]>();
  for (const id of [ENTRY, ...Object.keys(journey.steps)]) add(id, layers.get(id) ?? 0, NODE.width);
  for (const edge of edges) {
    const to = target(edge);
    const layer = cells.get(edge.from)?.layer ?? 0;
    if (!cells.has(to)) add(to, layer + 1, END_NODE.width);
    const last = cells.get(to)?.layer ?? layer + 1;
    const lane: string[] = [];
    for (let between = layer + 1; between < last; between++) {
      const id = `~lane:${edge.id}:${between}`;
      add(id, between, LANE);
      lane.push(id);
    }
    lanes.set(edge.id, lane);
    const chain = [edge.from, ...lane, to];
    for (let n = 1; n < chain.length; n++) {
      const [a, b] = [chain[n - 1] as string, chain[n] as string];
      cells.get(a)?.down.push(b);
      cells.get(b)?.up.push(a);
    }
  }
  const rows = orderRows(cells);
  const centres = spread(rows, cells);
  const at: Record<string, Point> = {};
  const bends: Record<string, Point[]> = {};
  for (const cell of cells.values()) {
    if (cell.id.startsWith("~lane:")) continue;
    at[cell.id] = {
      x: Math.round((centres.get(cell.id) ?? 0) - cell.width / 2),
      y: cell.layer * (NODE.height + GAP.y),
    };
  }
  for (const [id, lane] of lanes) {
    if (lane.length)
      bends[id] = lane.map((cell) => ({
        x: centres.get(cell) ?? 0,
        y: (cells.get(cell)?.layer ?? 0) * (NODE.height + GAP.y),
      }));
  }
  return { at, bends };
}

/** How many edges the longest way from the top to each node has. Steps that nothing leads to begin below the entry; circles are cut. */
function findLayers(journey: Journey, edges: Edge[]): Map<string, number> {
  const out = new Map<string, Edge[]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const sorted: string[] = [];
  const state = new Map<string, "open" | "done">();
  const cut = new Set<string>();
  const visit = (first: string) => {
    const todo: [string, boolean][] = [[first, true]];
    while (todo.length) {
      const [node, enter] = todo.pop() as [string, boolean];
      if (!enter) {
        state.set(node, "done");
        sorted.push(node);
      } else if (!state.has(node)) {
        state.set(node, "open");
        todo.push([node, false]);
        for (const edge of [...(out.get(node) ?? [])].reverse()) {
          if (!(edge.target in journey.steps)) continue;
          if (state.get(edge.target) === "open") cut.add(edge.id);
          else todo.push([edge.target, true]);
        }
      }
    }
  };
  for (const node of [ENTRY, ...Object.keys(journey.steps)]) if (!state.has(node)) visit(node);
  const layers = new Map<string, number>([[ENTRY, 0]]);
  for (const node of sorted.reverse()) {
    const layer = layers.get(node) ?? (node === ENTRY ? 0 : 1);
    layers.set(node, layer);
    for (const edge of out.get(node) ?? []) {
      if (edge.target in journey.steps && !cut.has(edge.id))
        layers.set(edge.target, Math.max(layers.get(edge.target) ?? 0, layer + 1));
    }
  }
  return layers;
}

const SWEEPS = 8;

/** The nodes of each layer from left to right: first as the ways lead there, then with fewer crossings. */
function orderRows(cells: Map<string, Cell>): string[][] {
  const rows: string[][] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    const cell = cells.get(id) as Cell;
    rows[cell.layer] = rows[cell.layer] ?? [];
    rows[cell.layer]?.push(id);
    for (const next of cell.down) visit(next);
  };
  for (const id of cells.keys()) visit(id);
  let best = rows.map((row) => [...(row ?? [])]);
  let least = countCrossings(best, cells);
  const tried = best.map((row) => [...row]);
  for (let n = 0; n < SWEEPS && least > 0; n++) {
    const downwards = n % 2 === 0;
    const order = downwards ? tried.keys() : [...tried.keys()].reverse();
    for (const layer of order) {
      const beside = tried[layer + (downwards ? -1 : 1)];
      if (beside)
        tried[layer] = sortByMiddle(
          tried[layer] ?? [],
          placesOf(beside),
          (id) => (downwards ? cells.get(id)?.up : cells.get(id)?.down) ?? [],
        );
    }
    const crossings = countCrossings(tried, cells);
    if (crossings < least) {
      least = crossings;
      best = tried.map((row) => [...row]);
    }
  }
  return best;
}

function placesOf(row: string[]): Map<string, number> {
  return new Map(row.map((id, n) => [id, n]));
}

function sortByMiddle(row: string[], places: Map<string, number>, besides: (id: string) => string[]): string[] {
  const weights = row.map((id, n) => {
    const found = besides(id).flatMap((other) => places.get(other) ?? []);
    return { id, n, weight: found.length ? found.reduce((a, b) => a + b, 0) / found.length : n };
  });
  return weights.sort((a, b) => a.weight - b.weight || a.n - b.n).map((one) => one.id);
}

function countCrossings(rows: string[][], cells: Map<string, Cell>): number {
  let crossings = 0;
  for (let layer = 0; layer + 1 < rows.length; layer++) {
    const places = placesOf(rows[layer + 1] ?? []);
    const ends = (rows[layer] ?? []).flatMap((id) =>
      (cells.get(id)?.down ?? []).map((other) => places.get(other) ?? 0).sort((a, b) => a - b),
    );
    for (let i = 0; i < ends.length; i++)
      for (let j = i + 1; j < ends.length; j++) if ((ends[i] as number) > (ends[j] as number)) crossings++;
  }
  return crossings;
}
