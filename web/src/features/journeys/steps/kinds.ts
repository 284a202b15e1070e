import type { Journey, Step } from "../graph/definition";
import { namesakes } from "../graph/namesakes";
import type { Port } from "../graph/ports";
import { audience, end, startJourney, track, updateProfile } from "./actions";
import { branch } from "./branch";
import { listen } from "./listen";
import { message } from "./message";
import type { StepKind } from "./model";
import type { Say } from "./say";
import { split } from "./split";
import { unknown } from "./unknown";
import { wait } from "./wait";

/** All kinds of steps, in the order in which they are offered. */
export const KINDS: readonly StepKind[] = [
  message,
  wait,
  listen,
  branch,
  split,
  updateProfile,
  track,
  audience,
  startJourney,
  end,
];

const BY_NAME = new Map(KINDS.map((one) => [one.kind, one]));

export function kindOf(step: Step): StepKind {
  return BY_NAME.get(step.type) ?? unknown;
}

// Steps that do the same, as said by one `Say`: asked for each row of a list, found once.
const SAME = new WeakMap<Say, WeakMap<Journey, Set<string>>>();

function doTheSame(journey: Journey, t: Say): Set<string> {
  const bySay = SAME.get(t) ?? new WeakMap<Journey, Set<string>>();
  SAME.set(t, bySay);
  const names = Object.keys(journey.steps);
  const found = bySay.get(journey) ?? namesakes(new Map(names.map((name) => [name, sayAlone(journey, name, t)])));
  bySay.set(journey, found);
  return found;
}

/**
 * A step as people read it in a list: what it does, and with what; its id as well where another step does the same.
 * One that is not in the journey is told by its id.
 */
export function sayStep(journey: Journey | null, name: string, t: Say): string {
  if (!journey?.steps[name]) return name;
  const said = sayAlone(journey, name, t);
  return doTheSame(journey, t).has(name) ? `${said} (${name})` : said;
}

function sayAlone(journey: Journey, name: string, t: Say): string {
  const step = journey.steps[name];
  if (!step) return name;
  const kind = kindOf(step);
  const [said = ""] = kind.summary(step, t).split("\n");
  if (kind.kind === "message") return said;
  return kind.kind === "end" ? t("step.end") : `${t(`step.${kind.kind}`)} · ${said}`;
}

/** What a way out of a step says; "" where nothing has to be said. */
export function sayWay(step: Step | undefined, port: Port, t: Say): string {
  return (step && kindOf(step).way?.(step, port, t)) ?? "";
}
