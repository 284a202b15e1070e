import { END, ENTRY, type Fields, isFields, type Journey, type Step, withField } from "./definition";

/** A way out of a step. `path` is where its target stands in the step: `next`, `for/0/next`, `on_timeout`. */
export interface Port {
  path: string;
  /** What way it is; words are found by it. */
  role: "next" | "blocked" | "failed" | "heard" | "timeout" | "choice" | "otherwise" | "share" | "start";
  /** Its place among ways of one role, from 0. */
  place: number;
  target: string;
  /** Whether the definition names the target, or leaves it to the default. */
  named: boolean;
}

const LISTS: Record<string, { field: string; role: Port["role"] }> = {
  listen: { field: "for", role: "heard" },
  branch: { field: "when", role: "choice" },
  split: { field: "paths", role: "share" },
};

function single(step: Step, path: string, role: Port["role"]): Port {
  const given = step[path];
  return { path, role, place: 0, target: typeof given === "string" ? given : END, named: typeof given === "string" };
}

/** The ways out of a step in the order in which they are drawn, from left to right. */
export function portsOf(step: Step): Port[] {
  if (step.type === "end") return [];
  const list = LISTS[step.type];
  if (!list) {
    const ports = [single(step, "next", "next")];
    if (step.on_blocked !== undefined) ports.push(single(step, "on_blocked", "blocked"));
    if (step.on_failed !== undefined) ports.push(single(step, "on_failed", "failed"));
    return ports;
  }
  const items = step[list.field];
  const ports = (Array.isArray(items) ? items : []).map((item, place): Port => {
    const named = isFields(item) && typeof item.next === "string";
    const target = named ? String(item.next) : END;
    return { path: `${list.field}/${place}/next`, role: list.role, place, target, named };
  });
  if (step.type === "branch") ports.push(single(step, "otherwise", "otherwise"));
  if (step.type === "listen" && (step.timeout !== undefined || step.on_timeout !== undefined))
    ports.push(single(step, "on_timeout", "timeout"));
  return ports;
}

/** The step with another target at a port. */
export function withTarget(step: Step, path: string, target: string): Step {
  const [field = "", place, inner] = path.split("/");
  if (place === undefined || inner === undefined) return { ...step, [field]: target };
  const items = Array.isArray(step[field]) ? step[field] : [];
  return {
    ...step,
    [field]: items.map((item, n) =>
      n === Number(place) && isFields(item) ? withField<Fields>(item, inner, target) : item,
    ),
  };
}

/** Where an edge begins: a step and a port of it, or the entry. */
export interface Way {
  from: string;
  port: string;
}

/** One edge of the graph. `target` is a step, or `end`. */
export interface Edge extends Way {
  id: string;
  target: string;
  role: Port["role"];
  place: number;
}

export function edgeId(from: string, port: string): string {
  return `${from}|${port}`;
}

/** Whether a target is the end that needs no step. */
export function isImplicitEnd(journey: Journey, target: string): boolean {
  return !(target in journey.steps);
}

/** All edges, the entry's first, those to the end too. */
export function edgesOf(journey: Journey): Edge[] {
  const entry: Edge = {
    id: edgeId(ENTRY, "start"),
    from: ENTRY,
    port: "start",
    target: journey.start,
    role: "start",
    place: 0,
  };
  const others = Object.entries(journey.steps).flatMap(([from, step]) =>
    portsOf(step).map(
      (port): Edge => ({
        id: edgeId(from, port.path),
        from,
        port: port.path,
        target: port.target,
        role: port.role,
        place: port.place,
      }),
    ),
  );
  return [entry, ...others];
}

/** A step and all that may come after it. */
export function reachableFrom(journey: Journey, name: string): Set<string> {
  const found = new Set<string>();
  const todo = [name];
  while (todo.length) {
    const step = todo.pop() as string;
    const body = journey.steps[step];
    if (!body || found.has(step)) continue;
    found.add(step);
    todo.push(...portsOf(body).map((port) => port.target));
  }
  return found;
}

/** Whether an edge from one step to another would lead back to where it began. */
export function wouldCircle(journey: Journey, from: string, target: string): boolean {
  return from === target || reachableFrom(journey, target).has(from);
}
