import { createContext, useContext } from "react";
import type { FieldProblem } from "@/api/client";
import type { Form } from "@/lib/conditions/form";

/** What every part of the builder needs: the form, its problems, and the way to change it. */
export interface Editing {
  form: Form;
  problems: Map<string, FieldProblem[]>;
  dragged: string | null;
  setDragged: (key: string | null) => void;
  change: (next: (form: Form) => Form, focus?: string) => void;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("a part of the condition builder stands outside of it");
  return editing;
}
