import type { Edge as FlowEdge, Node } from "@xyflow/react";
import { ENTRY, type Journey, type Step } from "../graph/definition";
import { endNodeId, layOut, type Placement, type Point } from "../graph/layout";
import { edgesOf, type Port, portsOf } from "../graph/ports";
import { END_NODE, NODE } from "../graph/sizes";

/** What is shown of a step beside what it does: figures, testers, or how it differs from another version. */
export interface Mark {
  figures?: { label: string; value: string }[];
  /** Initials of testers who stand here. */
  people?: string[];
  tone?: "good" | "changed" | "new" | "gone" | "quiet";
  /** A word about it, such as "new". */
  word?: string;
}

/** How many went a way, and their share of those who left. */
export interface Flow {
  count: number;
  share: number;
  /** What is shown; "" for nothing. */
  text: string;
}

export interface StepData extends Record<string, unknown> {
  name: string;
  step: Step;
  ports: Port[];
  errors: number;
  warnings: number;
  mark: Mark | undefined;
}

export interface EntryData extends Record<string, unknown> {
  journey: Journey;
  errors: number;
  warnings: number;
  mark: Mark | undefined;
}

export interface WayData extends Record<string, unknown> {
  step: Step | undefined;
  port: Port | undefined;
  from: string;
  portPath: string;
  to: string;
  bends: Point[];
  flow: Flow | undefined;
  /** How wide it is drawn, in pixels. */
  width: number;
  /** How wide its words may be, in pixels, and how far they lean outwards, in percent of that. */
  room: { width: number; lean: number };
  editing: boolean;
}

export type StepNode = Node<StepData, "step">;
export type EntryNode = Node<EntryData, "entry">;
export type EndNode = Node<Record<string, unknown>, "end">;
export type CanvasNode = StepNode | EntryNode | EndNode;
export type WayEdge = FlowEdge<WayData, "way">;

export interface Picture {
  journey: Journey;
  pins: Record<string, Point>;
  counts: Map<string, { errors: number; warnings: number }>;
  marks: Map<string, Mark>;
  flows: Map<string, Flow> | null;
  editing: boolean;
}

const laid = new WeakMap<Journey, Placement>();

/** Words of steps do not move them: the layout is made anew only where ways changed. */
export function placementOf(journey: Journey): Placement {
  const found = laid.get(journey) ?? layOut(journey);
  laid.set(journey, found);
  return found;
}

const NO_COUNT = { errors: 0, warnings: 0 };
const WIDEST = 14;

/** The nodes of the picture; those that say what they said before are the very same objects (see `reuse`). */
export function buildNodes(picture: Picture): CanvasNode[] {
  const { journey, pins, counts, marks, editing } = picture;
  const { at } = placementOf(journey);
  const place = (id: string) => pins[id] ?? at[id] ?? { x: 0, y: 0 };
  const size = { width: NODE.width, height: NODE.height };
  const nodes: CanvasNode[] = [
    {
      id: ENTRY,
      type: "entry",
      position: place(ENTRY),
      ...size,
      deletable: false,
      draggable: editing,
      data: { journey, ...(counts.get("") ?? NO_COUNT), mark: marks.get(ENTRY) },
    },
  ];
  for (const [name, step] of Object.entries(journey.steps)) {
    nodes.push({
      id: name,
      type: "step",
      position: place(name),
      ...size,
      draggable: editing,
      deletable: editing,
      data: { name, step, ports: portsOf(step), ...(counts.get(name) ?? NO_COUNT), mark: marks.get(name) },
    });
  }
  for (const edge of edgesOf(journey)) {
    if (edge.target in journey.steps) continue;
    const id = endNodeId(edge.id);
    const [from, own] = [at[edge.from] ?? { x: 0, y: 0 }, at[id] ?? { x: 0, y: 0 }];
    nodes.push({
      id,
      type: "end",
      parentId: edge.from,
      position: { x: own.x - from.x, y: own.y - from.y },
      width: END_NODE.width,
      height: END_NODE.height,
      draggable: false,
      selectable: false,
      deletable: false,
      focusable: false,
      data: {},
    });
  }
  return nodes;
}

const ONE_WAY = { width: 200, lean: 0 };

/** The words of the outer ways lean outwards, so that those of neighbours do not lie over each other. */
function roomOf(ports: Port[], path: string): WayData["room"] {
  const place = ports.findIndex((port) => port.path === path);
  if (ports.length < 2 || place < 0) return ONE_WAY;
  const between = NODE.width / (ports.length + 1) - 6;
  if (place > 0 && place < ports.length - 1) return { width: between, lean: 0 };
  return { width: between / 2 + 74, lean: place === 0 ? -22 : 22 };
}

export function buildEdges(picture: Picture): WayEdge[] {
  const { journey, pins, flows, editing } = picture;
  const { bends } = placementOf(journey);
  const most = Math.max(1, ...[...(flows?.values() ?? [])].map((flow) => flow.count));
  return edgesOf(journey).map((edge) => {
    const step = journey.steps[edge.from];
    const open = !(edge.target in journey.steps);
    const moved = edge.from in pins || edge.target in pins;
    const flow = flows?.get(edge.id);
    return {
      id: edge.id,
      type: "way",
      source: edge.from,
      sourceHandle: edge.port,
      target: open ? endNodeId(edge.id) : edge.target,
      reconnectable: editing ? "target" : false,
      deletable: editing && !open,
      selectable: editing,
      focusable: false,
      data: {
        step,
        port: step && portsOf(step).find((port) => port.path === edge.port),
        from: edge.from,
        portPath: edge.port,
        to: edge.target,
        bends: moved ? [] : (bends[edge.id] ?? []),
        flow,
        room: roomOf(step ? portsOf(step) : [], edge.port),
        width: flows ? (flow?.count ? 1.5 + (flow.count / most) * (WIDEST - 1.5) : 1) : 1.5,
        editing,
      },
    };
  });
}

/** The objects of before for what did not change, so that memoised nodes are not drawn again. */
export function reuse<T extends { id: string; data?: Record<string, unknown> }>(
  next: T[],
  before: Map<string, T>,
): T[] {
  return next.map((one) => {
    const old = before.get(one.id);
    return old && isSameNode(old, one) ? old : one;
  });
}

function isSameNode(a: object, b: object): boolean {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return Object.keys(right).every((field) => {
    const [x, y] = [left[field], right[field]];
    if (x === y) return true;
    if (field !== "data" && field !== "position") return false;
    return Object.entries(y as object).every(([name, value]) =>
      isSameValue((x as Record<string, unknown>)[name], value),
    );
  });
}

function isSameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
