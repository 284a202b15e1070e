import { END, isFields, itemsOf, type Journey } from "./definition";
import { portsOf, reachableFrom } from "./ports";

/** What the server says of a draft; `path` is a JSON pointer into the definition. */
export interface Problem {
  code: string;
  severity: "error" | "warning";
  path: string;
  message: string;
  kind?: string | null;
  id?: string | null;
}

export function pointer(...names: (string | number)[]): string {
  return names.map((name) => `/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The names in a JSON pointer. */
export function namesIn(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((name) => name.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/**
 * What can be seen at once of what the server will say: an early echo, by the same codes and places.
 * The server is the judge. Both are held together by the fixtures in `tests/shared/journey-checks.json`.
 */
export function echoProblems(journey: Journey): Problem[] {
  const found: Problem[] = [];
  const add = (code: string, path: string, severity: Problem["severity"] = "error") =>
    found.push({ code, path, severity, message: "" });
  const known = (name: string) => name in journey.steps || name === END;
  if (!known(journey.start)) add("unknown_step", pointer("start"));
  const reached = reachableFrom(journey, journey.start);
  for (const [name, step] of Object.entries(journey.steps)) {
    for (const port of portsOf(step))
      if (port.named && !known(port.target)) add("unknown_step", `${pointer("steps", name)}/${port.path}`);
    if (step.type === "split") {
      const sum = itemsOf(step.paths).reduce(
        (all, path) => all + (typeof path.percent === "number" ? path.percent : 0),
        0,
      );
      if (Math.abs(sum - 100) > 1e-6) add("bad_percents", pointer("steps", name, "paths"));
    }
    if (step.type === "listen" && Array.isArray(step.for)) {
      if (!step.for.length) add("no_listeners", pointer("steps", name, "for"));
      step.for.forEach((item, n) => {
        if (isFields(item) && typeof item.message === "string" && !comesBefore(journey, item.message, name))
          add("message_not_earlier", pointer("steps", name, "for", n, "message"));
      });
    }
    if (step.type === "branch" && step.otherwise === undefined) add("branch_without_otherwise", pointer("steps", name));
    if (journey.start in journey.steps && !reached.has(name))
      add("unreachable_step", pointer("steps", name), "warning");
  }
  return found;
}

function comesBefore(journey: Journey, earlier: string, name: string): boolean {
  return earlier !== name && reachableFrom(journey, earlier).has(name);
}

/** Which step a problem is of; null for one of the settings of the journey. */
export function stepOf(problem: Problem, journey: Journey): string | null {
  const [field, name] = namesIn(problem.path);
  return field === "steps" && name !== undefined && name in journey.steps ? name : null;
}

/** The problems by their steps; those of settings under "". */
export function problemsByStep(problems: Problem[], journey: Journey): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const step = stepOf(problem, journey) ?? "";
    found.set(step, [...(found.get(step) ?? []), problem]);
  }
  return found;
}

/** The server's problems of what it saw, and the early ones of what changed since. */
export function joinProblems(told: Problem[], early: Problem[]): Problem[] {
  const known = new Set(told.map((one) => `${one.code} ${one.path}`));
  return [...told, ...early.filter((one) => !known.has(`${one.code} ${one.path}`))];
}
