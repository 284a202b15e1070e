import { useEffect } from "react";
import type { Add } from "../canvas/adding";
import { type EditorStore, pickJourney } from "../canvas/store";
import { ENTRY } from "../graph/definition";
import { portsOf } from "../graph/ports";

interface Doing {
  copy: () => void;
  cut: () => void;
  paste: () => Promise<void>;
  add: Add;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** The keyboard of the editor, where nobody types: take back, copy, paste, delete, add. */
export function useKeys(store: EditorStore, { copy, cut, paste, add }: Doing): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector("[role=dialog]")?.contains(event.target as Node)) return;
      const state = store.getState();
      const key = event.key.toLowerCase();
      const done = () => event.preventDefault();
      if (event.metaKey || event.ctrlKey) {
        if (key === "z") (event.shiftKey ? state.redo : state.undo)();
        else if (key === "y") state.redo();
        else if (key === "c" && !window.getSelection()?.toString()) copy();
        else if (key === "x") cut();
        else if (key === "v") void paste();
        else if (key === "a") state.select(Object.keys(pickJourney(state).steps));
        else return;
        done();
      } else if (key === "delete" || key === "backspace") {
        const names = state.selected.filter((name) => name !== ENTRY);
        if (!names.length) return;
        state.change({ do: "remove", names });
        done();
      } else if (key === "escape") state.select([]);
      else if (key === "a" || key === "+") {
        const [name] = state.selected;
        const step = name === undefined ? undefined : pickJourney(state).steps[name];
        const port = name === ENTRY ? "start" : step && portsOf(step)[0]?.path;
        const node = name && document.querySelector(`.react-flow__node[data-id="${CSS.escape(name)}"]`);
        if (!name || !port || !node) return;
        add({ from: name, port }, node);
        done();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [store, copy, cut, paste, add]);
}
