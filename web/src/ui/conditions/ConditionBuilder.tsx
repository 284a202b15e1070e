import { VisuallyHidden } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { FieldProblem } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import { parentOf } from "@/lib/conditions/edits";
import { type Form, problemsByNode, toDefinition, toForm } from "@/lib/conditions/form";
import { type Editing, EditingContext } from "./editing";
import { GroupEditor } from "./GroupEditor";
import { useBuilderWords } from "./words";

/**
 * Edits a condition by mouse and keyboard. `value` is read again only when it is another one than the builder last gave:
 * what somebody types is never taken from them. `base` is the JSON pointer that problems begin with.
 */
export function ConditionBuilder({
  value,
  onChange,
  problems = [],
  base = "/where",
}: {
  value: Condition | undefined;
  onChange: (value: Condition) => void;
  problems?: readonly FieldProblem[];
  base?: string;
}) {
  const t = useBuilderWords();
  const [form, setForm] = useState<Form>(() => toForm(value));
  const given = useRef(value);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const focus = useRef<string | null>(null);

  useEffect(() => {
    if (value === given.current) return;
    given.current = value;
    setForm(toForm(value));
  }, [value]);

  useEffect(() => {
    if (focus.current === null) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-node="${focus.current}"]`);
    const grip = row?.querySelector<HTMLElement>("[data-grip]");
    const field = row?.querySelector<HTMLElement>("input");
    const moved = parentOf(form.root, focus.current);
    (said !== "" ? grip : (field ?? grip))?.focus();
    if (said !== "" && moved) setSaid(t("moved", { n: moved.index + 1, of: moved.group.children.length }));
    focus.current = null;
  }, [form, said, t]);

  const editing = useMemo<Editing>(() => {
    function change(next: (form: Form) => Form, key?: string) {
      const changed = next(form);
      if (changed === form) return;
      focus.current = key ?? null;
      const definition = toDefinition(changed);
      const isMove = key !== undefined && parentOf(form.root, key) !== undefined;
      setSaid(isMove ? " " : "");
      given.current = definition;
      setForm(changed);
      onChange(definition);
    }
    return { form, problems: problemsByNode(form, problems, base), dragged, setDragged, change };
  }, [form, problems, base, dragged, onChange]);

  return (
    <EditingContext.Provider value={editing}>
      <div ref={box}>
        <GroupEditor node={form.root} isRoot />
        <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
      </div>
    </EditingContext.Provider>
  );
}
