import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { ApiProblem } from "@/api/client";
import { sayError } from "@/lib/problem-words";
import { type EditorStore, pickJourney } from "../canvas/store";
import { saveDraft } from "../data/journeys";
import type { Journey } from "../graph/definition";

const QUIET_MS = 700;
const AGAIN_MS = 5000;

/**
 * Keeps the draft while one edits: a moment after the last change, one request at a time, the newest state last.
 * While the server is away, or the session has ended, it is tried again and again.
 * Answers what makes sure that all is kept, such as before publishing; it throws what the server said against it.
 * Whoever may not write (`isAllowed`) tries things out for themselves: nothing is sent, and leaving asks nothing.
 */
export function useAutosave(store: EditorStore, isAllowed = true): () => Promise<void> {
  const queries = useQueryClient();
  const kept = useRef<Journey | null>(null);
  const running = useRef<Promise<void> | null>(null);
  const mayPass = useRef(false);

  const save = useCallback(async () => {
    if (!isAllowed) return;
    while (running.current) await running.current.catch(() => {});
    const journey = pickJourney(store.getState());
    if (journey === kept.current) return;
    store.getState().tell({ saving: "saving" });
    running.current = saveDraft(journey)
      .then((told) => {
        kept.current = journey;
        const isNewest = pickJourney(store.getState()) === journey;
        store.getState().tell({ problems: told.problems, saving: isNewest ? "saved" : "waiting", failure: "" });
        void queries.invalidateQueries({ queryKey: ["journey", journey.id] });
        void queries.invalidateQueries({ queryKey: ["journeys"] });
      })
      .catch((cause: unknown) => {
        mayPass.current = !(cause instanceof ApiProblem) || [0, 401, 429].includes(cause.status) || cause.status >= 500;
        store.getState().tell({ saving: "failed", failure: sayError(cause) });
        throw cause;
      })
      .finally(() => {
        running.current = null;
      });
    await running.current;
  }, [store, queries, isAllowed]);

  useEffect(() => {
    kept.current = pickJourney(store.getState());
    if (!isAllowed) return;
    let timer = 0;
    const stop = store.subscribe((now, before) => {
      if (now.saving === "failed" && before.saving !== "failed" && mayPass.current) {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => void save().catch(() => {}), AGAIN_MS);
        return;
      }
      if (pickJourney(now) === pickJourney(before)) return;
      window.clearTimeout(timer);
      if (pickJourney(now) === kept.current) return;
      store.getState().tell({ saving: "waiting" });
      timer = window.setTimeout(() => void save().catch(() => {}), QUIET_MS);
    });
    const leave = (event: BeforeUnloadEvent) => {
      if (pickJourney(store.getState()) !== kept.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    return () => {
      stop();
      window.clearTimeout(timer);
      window.removeEventListener("beforeunload", leave);
      void save().catch(() => {});
    };
  }, [store, save, isAllowed]);
  return save;
}
