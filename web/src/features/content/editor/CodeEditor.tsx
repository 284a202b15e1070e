import { autocompletion, type CompletionContext } from "@codemirror/autocomplete";
import { html } from "@codemirror/lang-html";
import { liquid } from "@codemirror/lang-liquid";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import type { Fault } from "../api";
import classes from "./CodeEditor.module.css";
import { FILTERS, type Variable, wordBefore } from "./variables";

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  /** Whether the text is HTML or MJML, rather than plain. */
  markup: boolean;
  variables: Variable[];
  hint: (variable: Variable) => string;
  faults: Fault[];
}

const COLORS = HighlightStyle.define([
  { tag: [tags.tagName, tags.keyword, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--code-name)" },
  { tag: [tags.string, tags.attributeValue, tags.number], color: "var(--code-value)" },
  { tag: [tags.comment, tags.angleBracket, tags.meta], color: "var(--code-quiet)" },
  { tag: [tags.variableName, tags.brace, tags.bracket], color: "var(--code-variable)" },
]);

function suggest(context: CompletionContext, variables: Variable[], hint: Props["hint"]) {
  const found = wordBefore(context.state.sliceDoc(Math.max(0, context.pos - 2_000), context.pos));
  if (!found) return null;
  const typed = Math.min(context.pos, 2_000) - found.from;
  const options = found.filter
    ? FILTERS.map((name) => ({ label: name, type: "function" }))
    : variables.map((one) => ({ label: one.name, type: "variable", detail: hint(one) }));
  return { from: context.pos - typed, options, validFor: /^[\p{L}\p{N}_.-]*$/u };
}

/** Writes Liquid in MJML, HTML or plain text, with the variables there are. Used only through `lazy`: it brings CodeMirror. */
export default function CodeEditor({ value, onChange, label, markup, variables, hint, faults }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const known = useRef({ variables, hint, onChange });
  known.current = { variables, hint, onChange };
  const language = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is told below
  useEffect(() => {
    if (!box.current) return;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          language.current.of(liquid(markup ? { base: html() } : {})),
          EditorView.lineWrapping,
          syntaxHighlighting(COLORS),
          autocompletion({
            override: [(context) => suggest(context, known.current.variables, known.current.hint)],
          }),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) known.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const made = view.current;
    if (made && made.state.doc.toString() !== value) {
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(liquid(markup ? { base: html() } : {})) });
  }, [markup]);

  useEffect(() => {
    const made = view.current;
    if (!made) return;
    const diagnostics = faults
      .filter((fault) => fault.line !== null && fault.line <= made.state.doc.lines)
      .map((fault): Diagnostic => {
        const line = made.state.doc.line(fault.line ?? 1);
        const from = Math.min(line.to, line.from + Math.max(0, (fault.column ?? 1) - 1));
        return { from, to: line.to, severity: "error", message: fault.message };
      });
    made.dispatch(setDiagnostics(made.state, diagnostics));
  }, [faults]);

  return <div ref={box} className={classes.editor} />;
}
