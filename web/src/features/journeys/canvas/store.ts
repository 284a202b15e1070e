import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import { applyChange, type Change } from "../graph/changes";
import type { Problem } from "../graph/check";
import { ENTRY, type Journey } from "../graph/definition";
import { addToHistory, beginHistory, type History, redo, undo } from "../graph/history";
import type { Point } from "../graph/layout";
import { keepPins, readPins } from "./pins";

/** What is drawn: the definition, and where somebody put steps by hand. */
export interface Picture {
  journey: Journey;
  pins: Record<string, Point>;
}

export type Saving = "saved" | "waiting" | "saving" | "failed";

export interface Editor {
  history: History<Picture>;
  selected: string[];
  problems: Problem[];
  saving: Saving;
  /** What the server said when it did not keep the draft. */
  failure: string;
  change: (change: Change, tag?: string) => void;
  pin: (places: Record<string, Point>) => void;
  tidy: () => void;
  undo: () => void;
  redo: () => void;
  select: (names: string[]) => void;
  tell: (told: Partial<Pick<Editor, "problems" | "saving" | "failure">>) => void;
}

export type EditorStore = StoreApi<Editor>;

/** The one store of an open editor: changes go in, the picture comes out. Saving looks at it from outside. */
export function createEditor(journey: Journey): EditorStore {
  return createStore<Editor>((set, get) => {
    const put = (picture: Picture, tag = "") => {
      keepPins(picture.journey.id, picture.pins);
      set({ history: addToHistory(get().history, picture, tag, Date.now()) });
    };
    const travel = (go: (history: History<Picture>) => History<Picture>) => {
      const history = go(get().history);
      const { journey: now, pins } = history.present;
      keepPins(now.id, pins);
      set({ history, selected: get().selected.filter((name) => name === ENTRY || name in now.steps) });
    };
    return {
      history: beginHistory({ journey, pins: readPins(journey.id) }),
      selected: [],
      problems: [],
      saving: "saved",
      failure: "",
      change: (change, tag = "") => {
        const { journey: before, pins } = get().history.present;
        const after = applyChange(before, change);
        if (after === before) return;
        const selected = get().selected.map((name) =>
          change.do === "rename" && name === change.from ? change.to : name,
        );
        put(
          { journey: after, pins: change.do === "rename" ? movePin(pins, change.from, change.to) : pins },
          tag && `${change.do} ${tag}`,
        );
        set({ selected: selected.filter((name) => name === ENTRY || name in after.steps) });
      },
      pin: (places) => put({ ...get().history.present, pins: { ...get().history.present.pins, ...places } }),
      tidy: () => put({ ...get().history.present, pins: {} }),
      undo: () => travel(undo),
      redo: () => travel(redo),
      select: (selected) => set({ selected }),
      tell: (told) => set(told),
    };
  });
}

function movePin(pins: Record<string, Point>, from: string, to: string): Record<string, Point> {
  const { [from]: place, ...rest } = pins;
  return place ? { ...rest, [to]: place } : pins;
}

export const EditorContext = createContext<EditorStore | null>(null);

export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error("no editor is open here");
  return store;
}

export function useEditor<T>(pick: (editor: Editor) => T): T {
  return useStore(useEditorStore(), pick);
}

export const pickJourney = (editor: Editor): Journey => editor.history.present.journey;
