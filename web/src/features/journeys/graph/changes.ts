import {
  END,
  ENTRY,
  type Fields,
  isFields,
  itemsOf,
  type Journey,
  type Json,
  type Step,
  withField,
} from "./definition";
import { portsOf, type Way, withTarget } from "./ports";

/** What can be done to a journey. Each is data; `applyChange` performs it and touches nothing else. */
export type Change =
  | { do: "set-step"; name: string; step: Step }
  | { do: "set-fields"; fields: { [field: string]: Json | undefined } }
  | { do: "connect"; way: Way; target: string }
  | { do: "insert"; way: Way; name: string; step: Step }
  | { do: "remove"; names: string[] }
  | { do: "rename"; from: string; to: string }
  | { do: "paste"; steps: Record<string, Step>; way?: Way }
  | { do: "replace"; journey: Journey };

export function applyChange(journey: Journey, change: Change): Journey {
  switch (change.do) {
    case "set-step":
      return withSteps(journey, { ...journey.steps, [change.name]: change.step });
    case "set-fields":
      return Object.entries(change.fields).reduce((all, [field, value]) => withField(all, field, value), journey);
    case "connect":
      return connect(journey, change.way, change.target);
    case "insert":
      return insert(journey, change.way, change.name, change.step);
    case "remove":
      return change.names.reduce(remove, journey);
    case "rename":
      return rename(journey, change.from, change.to);
    case "paste":
      return paste(journey, change.steps, change.way);
    case "replace":
      return change.journey;
  }
}

function withSteps(journey: Journey, steps: Record<string, Step>): Journey {
  return { ...journey, steps };
}

export function targetOf(journey: Journey, way: Way): string {
  if (way.from === ENTRY) return journey.start;
  const step = journey.steps[way.from];
  return (step && portsOf(step).find((port) => port.path === way.port)?.target) ?? END;
}

function connect(journey: Journey, way: Way, target: string): Journey {
  if (way.from === ENTRY) return { ...journey, start: target };
  const step = journey.steps[way.from];
  if (!step) return journey;
  return withSteps(journey, { ...journey.steps, [way.from]: withTarget(step, way.port, target) });
}

/** A new step on an edge: it leads on to where the edge led. */
function insert(journey: Journey, way: Way, name: string, step: Step): Journey {
  const after = targetOf(journey, way);
  const first = portsOf(step)[0];
  const grown = withSteps(journey, { ...journey.steps, [name]: first ? withTarget(step, first.path, after) : step });
  return connect(grown, way, name);
}

/** Without a step: who came to it goes on to where its first way led. */
function remove(journey: Journey, name: string): Journey {
  const gone = journey.steps[name];
  if (!gone) return journey;
  const first = portsOf(gone)[0]?.target ?? END;
  const heir = first === name ? END : first;
  const rest = withField(journey.steps, name, undefined);
  const steps = mapSteps(rest, (step) => retarget(step, name, heir));
  return { ...journey, start: journey.start === name ? heir : journey.start, steps };
}

function mapSteps(steps: Record<string, Step>, change: (step: Step) => Step): Record<string, Step> {
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, change(step)]));
}

/** A step whose ways to `from` lead to `to`; the very same one where it has none. */
function retarget(step: Step, from: string, to: string): Step {
  return portsOf(step).reduce(
    (changed, port) => (port.named && port.target === from ? withTarget(changed, port.path, to) : changed),
    step,
  );
}

/** Another name of a step, wherever the journey names it: in ways, listeners and conditions about itself. */
function rename(journey: Journey, from: string, to: string): Journey {
  if (from === to || !(from in journey.steps) || to in journey.steps) return journey;
  const steps = Object.entries(journey.steps).map(([name, step]): [string, Step] => {
    const led = retarget(step, from, to);
    const heard = itemsOf(led.for).some((item) => item.message === from)
      ? { ...led, for: (led.for as Json[]).map((item) => rename1(item, from, to)) }
      : led;
    return [name === from ? to : name, renameInConditions(heard, journey.id, from, to) as Step];
  });
  return { ...journey, start: journey.start === from ? to : journey.start, steps: Object.fromEntries(steps) };
}

function rename1(item: Json, from: string, to: string): Json {
  return isFields(item) && item.message === from ? { ...item, message: to } : item;
}

function renameInConditions(value: Json, id: string, from: string, to: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => renameInConditions(item, id, from, to));
    return items.some((item, n) => item !== value[n]) ? items : value;
  }
  if (!isFields(value)) return value;
  const own =
    (value.type === "message" && value.source === `journey:${id}`) ||
    (value.type === "journey" && value.journey === id);
  let changed: Fields = own && value.step === from ? { ...value, step: to } : value;
  for (const [field, inner] of Object.entries(changed)) {
    const next = renameInConditions(inner, id, from, to);
    if (next !== inner) changed = { ...changed, [field]: next };
  }
  return changed;
}

/** A name that no step has: the wish itself, or with a number. */
export function freeName(wish: string, taken: (name: string) => boolean): string {
  const clean = wish.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 56) || "step";
  if (clean !== END && !taken(clean)) return clean;
  const stem = clean.replace(/-\d+$/, "");
  for (let n = 2; ; n++) if (!taken(`${stem}-${n}`)) return `${stem}-${n}`;
}

/**
 * Copied steps once more, under free names. Ways among them are kept, those out of them go where they went if that step
 * is here, else to the end. With a way they are put into it: it leads to the first of them, and their open ends lead on.
 */
function paste(journey: Journey, copied: Record<string, Step>, way?: Way): Journey {
  const names = new Map<string, string>();
  const taken = (name: string) => name in journey.steps || [...names.values()].includes(name);
  for (const name of Object.keys(copied)) names.set(name, freeName(name, taken));
  const after = way ? targetOf(journey, way) : END;
  const steps = Object.entries(copied).map(([name, step]): [string, Step] => {
    const led = portsOf(step).reduce((changed, port) => {
      const inside = names.get(port.target);
      const target = inside ?? (way ? after : port.target in journey.steps ? port.target : END);
      return port.named || way ? withTarget(changed, port.path, target) : changed;
    }, step);
    const heard = Array.isArray(led.for)
      ? {
          ...led,
          for: led.for.map((item) =>
            isFields(item) && names.has(String(item.message))
              ? { ...item, message: names.get(String(item.message)) as string }
              : item,
          ),
        }
      : led;
    return [names.get(name) as string, heard];
  });
  const grown = withSteps(journey, { ...journey.steps, ...Object.fromEntries(steps) });
  const first = firstOf(copied);
  return way && first ? connect(grown, way, names.get(first) as string) : grown;
}

/** The step of a piece that no other of it leads to. */
function firstOf(steps: Record<string, Step>): string | undefined {
  const led = new Set(Object.values(steps).flatMap((step) => portsOf(step).map((port) => port.target)));
  return Object.keys(steps).find((name) => !led.has(name)) ?? Object.keys(steps)[0];
}

/** How copied steps are called once they are pasted: the names that are new. */
export function newNames(before: Journey, after: Journey): string[] {
  return Object.keys(after.steps).filter((name) => !(name in before.steps));
}
