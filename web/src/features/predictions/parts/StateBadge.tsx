import { Badge } from "@mantine/core";
import type { State } from "../api";
import { usePredictionWords } from "../words";

const COLORS: Record<State, string> = {
  draft: "gray",
  training: "indigo",
  failed: "red",
  active: "teal",
  preview: "violet",
  demo: "violet",
  archived: "gray",
};

export function StateBadge({ state }: { state: State }) {
  const t = usePredictionWords();
  return (
    <Badge variant="light" color={COLORS[state]} tt="none" fw={500}>
      {t(`state.${state}`)}
    </Badge>
  );
}
