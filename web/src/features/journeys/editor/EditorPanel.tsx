import { Drawer } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useMemo, useState } from "react";
import { useNarrow } from "@/ui/use-narrow";
import type { Add } from "../canvas/adding";
import { type Editing, JourneyCanvas } from "../canvas/JourneyCanvas";
import { StepPicker } from "../canvas/StepPicker";
import { pickJourney, useEditor, useEditorStore } from "../canvas/store";
import { freeName } from "../graph/changes";
import { echoProblems, joinProblems, type Problem, problemsByStep } from "../graph/check";
import type { Way } from "../graph/ports";
import type { StepKind } from "../steps/model";
import { useJourneyWords } from "../words";
import { useClipboard } from "./clipboard";
import classes from "./editor.module.css";
import { Inspector } from "./Inspector";
import { useKeys } from "./keys";

/** What is wrong: what the server said of what it saw, and what can be seen at once of what changed since. */
export function useProblems(): Problem[] {
  const journey = useEditor(pickJourney);
  const told = useEditor((editor) => editor.problems);
  const saving = useEditor((editor) => editor.saving);
  return useMemo(
    () => (saving === "saved" ? told : joinProblems(told, echoProblems(journey))),
    [journey, told, saving],
  );
}

/** The canvas with what can be done on it, and the inspector beside it; below it where there is no room. */
export function EditorPanel({ label }: { label: string }) {
  const t = useJourneyWords();
  const store = useEditorStore();
  const journey = useEditor(pickJourney);
  const pins = useEditor((editor) => editor.history.present.pins);
  const selected = useEditor((editor) => editor.selected);
  const problems = useProblems();
  const [picking, setPicking] = useState<{ way: Way; x: number; y: number } | null>(null);
  const narrow = useNarrow();

  const add: Add = useCallback((way, beside) => {
    const box = beside instanceof Element ? beside.getBoundingClientRect() : null;
    setPicking({
      way,
      x: box ? box.left + box.width / 2 : (beside as { x: number }).x,
      y: box ? box.bottom : (beside as { y: number }).y,
    });
  }, []);
  const editing: Editing = useMemo(
    () => ({
      connect: (way, target) => store.getState().change({ do: "connect", way, target }),
      pin: (places) => store.getState().pin(places),
      add,
    }),
    [store, add],
  );
  const insert = (kind: StepKind) => {
    if (!picking) return;
    const step = kind.defaults();
    const name = freeName(kind.stem(step), (other) => other in journey.steps);
    store.getState().change({ do: "insert", way: picking.way, name, step });
    store.getState().select([name]);
    setPicking(null);
  };
  const clipboard = useClipboard(store);
  const copy = useCallback(() => {
    const count = clipboard.copy();
    if (count) notifications.show({ message: t("clipboard.copied", { count }) });
  }, [clipboard, t]);
  useKeys(store, { copy, cut: clipboard.cut, paste: clipboard.paste, add });

  const counts = useMemo(() => {
    const byStep = problemsByStep(problems, journey);
    return new Map(
      [...byStep].map(([name, found]) => [
        name,
        {
          errors: found.filter((one) => one.severity === "error").length,
          warnings: found.filter((one) => one.severity === "warning").length,
        },
      ]),
    );
  }, [problems, journey]);

  const inspector = selected.length > 0 && <Inspector problems={problems} copy={copy} />;
  return (
    <div className={classes.work}>
      <div className={classes.canvas}>
        <JourneyCanvas
          journey={journey}
          pins={pins}
          counts={counts}
          selected={selected}
          select={store.getState().select}
          editing={editing}
          label={label}
        />
        {picking && <StepPicker at={picking} choose={insert} close={() => setPicking(null)} />}
      </div>
      {inspector && !narrow && (
        <aside className={classes.inspector} aria-label={t("inspector.title")}>
          {inspector}
        </aside>
      )}
      <Drawer
        closeButtonProps={{ "aria-label": t("inspector.close") }}
        opened={Boolean(narrow && inspector)}
        onClose={() => store.getState().select([])}
        position="bottom"
        size="75%"
        withCloseButton={false}
        padding={0}
        attributes={{ content: { "aria-label": t("inspector.title") } }}
      >
        {inspector}
      </Drawer>
    </div>
  );
}
