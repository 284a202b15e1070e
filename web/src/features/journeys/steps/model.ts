import type { ComponentType } from "react";
import type { Problem } from "../graph/check";
import type { Journey, Step } from "../graph/definition";
import type { Port } from "../graph/ports";
import type { Say } from "./say";

export interface EditorProps {
  name: string;
  step: Step;
  journey: Journey;
  /** Puts another body in the step's place; changes with one `tag` in a row are taken back together. */
  change: (step: Step, tag?: string) => void;
  /** What is wrong with this step, by JSON pointers into the definition. */
  problems: Problem[];
  /** Faults by their place below the step: `for/0/event`. */
  faults: Map<string, string>;
}

/** What the canvas knows of one kind of step. A kind it does not know is drawn all the same, and kept as it is. */
export interface StepKind {
  kind: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  tone: "message" | "time" | "choice" | "action" | "end";
  /** How a new one begins; the `next` of its first way is filled in by the canvas. */
  defaults: () => Step;
  /** How a new one is called. */
  stem: (step: Step) => string;
  /** What it does, in a line. */
  summary: (step: Step, t: Say) => string;
  /** What its ways say, where they are not self-evident. */
  way?: (step: Step, port: Port, t: Say) => string;
  Editor: ComponentType<EditorProps>;
}
