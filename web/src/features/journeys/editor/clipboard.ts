import { useMemo } from "react";
import { type EditorStore, pickJourney } from "../canvas/store";
import { newNames } from "../graph/changes";
import { ENTRY, isFields, type Step } from "../graph/definition";
import { portsOf } from "../graph/ports";

const KIND = "relance/steps";
let held = "";

/** Copied steps are text, so that they go from one journey, window or installation to another. */
export function useClipboard(store: EditorStore) {
  return useMemo(() => {
    const copy = (): number => {
      const { selected } = store.getState();
      const { steps } = pickJourney(store.getState());
      const names = Object.keys(steps).filter((name) => selected.includes(name));
      if (!names.length) return 0;
      held = JSON.stringify(
        { kind: KIND, steps: Object.fromEntries(names.map((name) => [name, steps[name]])) },
        null,
        2,
      );
      void navigator.clipboard?.writeText(held).catch(() => {});
      return names.length;
    };
    const put = (text: string): boolean => {
      const steps = readSteps(text);
      if (!steps) return false;
      const state = store.getState();
      const before = pickJourney(state);
      const [at] = state.selected;
      const body = at === undefined ? undefined : before.steps[at];
      const port = at === ENTRY ? "start" : body && portsOf(body)[0]?.path;
      state.change({ do: "paste", steps, ...(at !== undefined && port ? { way: { from: at, port } } : {}) });
      state.select(newNames(before, pickJourney(store.getState())));
      return true;
    };
    return {
      copy,
      cut: () => {
        if (copy()) store.getState().change({ do: "remove", names: store.getState().selected });
      },
      paste: async () => {
        const text = await navigator.clipboard?.readText().catch(() => "");
        if (!text || !put(text)) put(held);
      },
    };
  }, [store]);
}

/** The steps that a text holds; null when it holds none. */
export function readSteps(text: string): Record<string, Step> | null {
  try {
    const found: unknown = JSON.parse(text);
    if (!isFields(found) || found.kind !== KIND || !isFields(found.steps)) return null;
    const steps = Object.entries(found.steps).filter(([, step]) => isFields(step) && typeof step.type === "string");
    return steps.length ? (Object.fromEntries(steps) as Record<string, Step>) : null;
  } catch {
    return null;
  }
}
