import { Affix, Alert, Button, Drawer } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ApiProblem } from "@/api/client";
import { sayError } from "@/lib/problem-words";
import { useNarrow } from "@/ui/use-narrow";
import { JourneyCanvas } from "../canvas/JourneyCanvas";
import type { Flow, Mark } from "../canvas/nodes";
import { readPins } from "../canvas/pins";
import { newestOf, shownJourney } from "../data/journeys";
import { type Coverage, openTests, type Test as Running, testOf, type Walked } from "../data/tests";
import classes from "../editor/editor.module.css";
import { ENTRY, type Journey, readJourney } from "../graph/definition";
import { edgesOf } from "../graph/ports";
import { goneWays, initialsOf } from "../graph/trial";
import { OpenTest } from "../trying/OpenTest";
import { RunningTest } from "../trying/RunningTest";
import { Walk } from "../trying/Walk";
import { useJourneyWords } from "../words";

function flowsFrom(journey: Journey, coverage: Coverage): Map<string, Flow> {
  const gone = goneWays(journey, coverage);
  return new Map(
    edgesOf(journey).map((edge) => [edge.id, { count: gone.has(edge.id) ? 0.35 : 0, share: 0, text: "" }]),
  );
}

function marksFrom(
  journey: Journey,
  coverage: Coverage,
  test: Running | undefined,
  tester: string | null,
): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const name of Object.keys(journey.steps)) {
    const here = (test?.passages ?? []).filter(
      (one) => one.journey === test?.journey && one.status === "active" && one.step === name,
    );
    const chosen = here.some((one) => one.user_id === tester);
    marks.set(name, {
      people: here.map((one) => initialsOf(one.user_id)),
      tone: coverage.not_entered.includes(name) ? "quiet" : "good",
      ...(chosen ? { word: tester ?? "" } : {}),
    });
  }
  return marks;
}

/** Test people go through the draft, or through what is in force, and are watched on the canvas. */
export function Test() {
  const t = useJourneyWords();
  const { name } = useParams({ from: "/journeys/$name" });
  const queries = useQueryClient();
  const shown = useQuery(shownJourney(name)).data;
  const [number, setNumber] = useState<number | null>(null);
  const [walk, setWalk] = useState<Walked | null>(null);
  const [tester, setTester] = useState<string | null>(null);
  const [panelOpen, setPanelOpen] = useState(false);
  const narrow = useNarrow();
  const others = useQuery(openTests()).data ?? [];
  const current = number ?? others.find((one) => one.journey === name)?.id ?? null;
  const asked = useQuery({ ...testOf(current ?? 0), enabled: current !== null, retry: false });
  const gone = asked.error instanceof ApiProblem && asked.error.status === 404;
  const test = current === null || gone ? undefined : asked.data;
  const body = shown && newestOf(shown);
  const journey = useMemo(() => (body ? readJourney(body, name) : null), [body, name]);
  const pins = useMemo(() => readPins(name), [name]);
  const coverage = walk?.coverage ?? test?.coverage;
  const drawn = useMemo(
    () =>
      journey && coverage
        ? { flows: flowsFrom(journey, coverage), marks: marksFrom(journey, coverage, walk ? undefined : test, tester) }
        : null,
    [journey, coverage, test, tester, walk],
  );
  if (!journey) return null;
  const choose = (names: string[]) => {
    const step = names.find((one) => one !== ENTRY);
    const found = test?.passages.find(
      (one) => one.journey === test.journey && one.status === "active" && one.step === step,
    );
    if (found) setTester(found.user_id);
  };
  const ended = () => {
    setNumber(null);
    setTester(null);
    void queries.invalidateQueries({ queryKey: ["tests"] });
    queries.removeQueries({ queryKey: ["test"] });
  };
  const panel = walk ? (
    <Walk walk={walk} journey={journey} close={() => setWalk(null)} />
  ) : test ? (
    <RunningTest test={test} journey={journey} tester={tester} choose={setTester} ended={ended} />
  ) : (
    <OpenTest
      journey={journey}
      walked={setWalk}
      opened={(next) => {
        queries.setQueryData(["test", next.id], next);
        void queries.invalidateQueries({ queryKey: ["tests"] });
        setNumber(next.id);
        setTester(next.testers[0] ?? null);
      }}
    />
  );
  return (
    <div className={classes.work}>
      <div className={classes.canvas}>
        {asked.error && current !== null && (
          <Alert color="yellow" variant="light" m="md" withCloseButton onClose={ended}>
            {gone ? t("test.gone") : sayError(asked.error)}
          </Alert>
        )}
        <JourneyCanvas
          journey={journey}
          pins={pins}
          {...(drawn ? { flows: drawn.flows, marks: drawn.marks } : {})}
          selected={[]}
          select={choose}
          label={String(journey.name ?? name)}
        />
      </div>
      {narrow ? (
        <>
          <Affix position={{ bottom: 20, right: 20 }}>
            <Button onClick={() => setPanelOpen(true)}>{t("test.open")}</Button>
          </Affix>
          <Drawer
            closeButtonProps={{ "aria-label": t("inspector.close") }}
            opened={panelOpen}
            onClose={() => setPanelOpen(false)}
            position="bottom"
            size="75%"
            padding={0}
            attributes={{ content: { "aria-label": t("head.test") } }}
          >
            {panel}
          </Drawer>
        </>
      ) : (
        <aside className={classes.inspector} aria-label={t("head.test")}>
          {panel}
        </aside>
      )}
    </div>
  );
}
