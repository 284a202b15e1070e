import type { Journey, Json } from "../graph/definition";

export interface SettingsProps {
  journey: Journey;
  change: (fields: { [field: string]: Json | undefined }, tag?: string) => void;
  /** Faults by their place in the definition: `entry/event`. */
  faults: Map<string, string>;
}
