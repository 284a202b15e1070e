import { IconHelpHexagon } from "@tabler/icons-react";
import { isFields, type Step } from "../graph/definition";
import { CodeField } from "./fields/CodeField";
import type { EditorProps, StepKind } from "./model";

function Editor({ step, change }: EditorProps) {
  return <CodeField value={step} change={(next) => isFields(next) && change(next as Step, "code")} />;
}

/** A step of a kind that this version of the app does not know: kept as it is, and edited as it is written. */
export const unknown: StepKind = {
  kind: "unknown",
  icon: IconHelpHexagon,
  tone: "action",
  defaults: () => ({ type: "unknown" }),
  stem: () => "step",
  summary: (step) => step.type,
  Editor,
};
