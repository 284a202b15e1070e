import type { Journey, Step } from "./definition";
import { edgesOf, type Port, portsOf } from "./ports";

/** What a test tells of the ways that were gone and the steps that were entered, for the canvas. */
interface Coverage {
  not_entered: string[];
  not_gone: { from: string; to: string }[];
}

/** The ids of edges that a tester went. */
export function goneWays(journey: Journey, coverage: Coverage): Set<string> {
  const missing = new Set(coverage.not_gone.map((way) => `${way.from}>${way.to}`));
  const entered = new Set(Object.keys(journey.steps).filter((name) => !coverage.not_entered.includes(name)));
  return new Set(
    edgesOf(journey)
      .filter((edge) => {
        if (edge.role === "start") return entered.has(edge.target);
        const to = edge.target in journey.steps ? edge.target : "end";
        return entered.has(edge.from) && !missing.has(`${edge.from}>${to}`);
      })
      .map((edge) => edge.id),
  );
}

const OF_MESSAGE: Partial<Record<Port["role"], string>> = { next: "sent", blocked: "blocked", failed: "failed" };

/** The ways out of a step that can be forced, as the server names them. */
export function outcomesOf(step: Step): { outcome: string; port: Port }[] {
  const ports = portsOf(step);
  if (step.type === "message")
    return ports.flatMap((port) => (OF_MESSAGE[port.role] ? [{ outcome: OF_MESSAGE[port.role] as string, port }] : []));
  return ports.flatMap((port) => {
    if (port.role === "timeout" || port.role === "otherwise") return [{ outcome: port.role, port }];
    return ["heard", "choice", "share"].includes(port.role) ? [{ outcome: String(port.place + 1), port }] : [];
  });
}

/** Two letters by which somebody is known on the canvas. */
export function initialsOf(userId: string): string {
  const words = userId.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const [first = "?", last] = [words[0], words.at(-1)];
  return (words.length > 1 ? `${first[0]}${(last ?? "").slice(-2)}` : userId.slice(0, 2)).toUpperCase();
}
