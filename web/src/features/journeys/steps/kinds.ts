import type { Step } from "../graph/definition";
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

/** What a way out of a step says; "" where nothing has to be said. */
export function sayWay(step: Step | undefined, port: Port, t: Say): string {
  return (step && kindOf(step).way?.(step, port, t)) ?? "";
}
