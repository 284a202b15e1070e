import { Badge } from "@mantine/core";
import { useUiWords } from "./words";

const GOOD = new Set(["published", "live", "running", "sent", "done", "delivered", "ready"]);
const WARN = new Set(["paused", "waiting", "building", "queued", "scheduled"]);
const BAD = new Set(["failed", "stopped", "bounced"]);

/** The state of a journey, campaign, message or prediction, in words and with a dot; `label` where the words are a feature's own. */
export function StateBadge({ state, label }: { state: string; label?: string }) {
  const t = useUiWords();
  const kind = GOOD.has(state) ? "good" : WARN.has(state) ? "warn" : BAD.has(state) ? "bad" : "";
  const told = t(`states.${state}`);
  return (
    <Badge
      styles={{
        root: {
          flexShrink: 0,
          minWidth: "max-content",
          background: kind ? `var(--${kind}-soft)` : "var(--sunk)",
          color: kind ? `var(--${kind})` : "var(--mantine-color-dimmed)",
        },
      }}
      leftSection={
        <svg width="6" height="6" aria-hidden="true">
          <circle cx="3" cy="3" r="3" fill="currentColor" />
        </svg>
      }
    >
      {label ?? (told.startsWith("states.") ? state : told)}
    </Badge>
  );
}
