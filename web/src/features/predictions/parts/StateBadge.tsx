import { StateBadge as Badge } from "@/ui/StateBadge";
import type { State } from "../api";
import { usePredictionWords } from "../words";

// Which of the colours of states it has.
const LIKE: Partial<Record<State, string>> = { training: "building", failed: "failed", active: "running" };

export function StateBadge({ state }: { state: State }) {
  const t = usePredictionWords();
  return <Badge state={LIKE[state] ?? state} label={t(`state.${state}`)} />;
}
