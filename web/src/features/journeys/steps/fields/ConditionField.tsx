import type { Json } from "../../graph/definition";
import { CodeField } from "./CodeField";

/** A condition of a branch. */
export function ConditionField({
  value,
  change,
  faults,
  at,
}: {
  value: Json | undefined;
  change: (where: Json) => void;
  faults: Map<string, string>;
  at: string;
}) {
  return <CodeField value={value} change={change} error={[...faults].find(([path]) => path.startsWith(at))?.[1]} />;
}
