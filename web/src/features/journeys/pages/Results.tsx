import { Affix, Button, Drawer, Select, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import i18next from "i18next";
import { useMemo, useState } from "react";
import { ErrorNote } from "@/ui/ErrorNote";
import { useNarrow } from "@/ui/use-narrow";
import { JourneyCanvas } from "../canvas/JourneyCanvas";
import { readPins } from "../canvas/pins";
import { reportOf } from "../data/figures";
import { shownJourney } from "../data/journeys";
import classes from "../editor/editor.module.css";
import { readJourney } from "../graph/definition";
import { flowsOf, marksOf } from "../results/marks";
import { StepResults } from "../results/StepResults";
import { Summary } from "../results/Summary";
import { useJourneyWords } from "../words";
import { Toolbar } from "./toolbar";

/** What came of a journey, on its canvas: the width of each way is how many went it. */
export function Results() {
  const t = useJourneyWords();
  const { name } = useParams({ from: "/journeys/$name" });
  const shown = useQuery(shownJourney(name)).data;
  const published = Boolean(shown?.versions.length);
  const asked = useQuery({ ...reportOf(name, i18next.language), enabled: published });
  const [version, setVersion] = useState<string>("");
  const [selected, setSelected] = useState<string[]>([]);
  const [open, setOpen] = useState(false);
  const narrow = useNarrow();
  const report = asked.data;
  const number = version ? Number(version) : undefined;
  const counted = number === undefined ? report : report?.versions.find((one) => one.version === number);
  const body =
    number === undefined ? report?.definition : shown?.versions.find((one) => one.version === number)?.definition;
  const journey = useMemo(() => (body ? readJourney(body, name) : null), [body, name]);
  const pins = useMemo(() => readPins(name), [name]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const drawn = useMemo(
    () => journey && counted && { flows: flowsOf(journey, counted), marks: marksOf(journey, counted, t) },
    [journey, counted, i18next.language],
  );
  if (shown && !published) return <Navigate to="/journeys/$name/design" params={{ name }} replace />;
  if (asked.isLoadingError) return <ErrorNote error={asked.error} />;
  if (!report || !journey || !counted || !drawn) return <Skeleton h="100%" radius={0} />;
  const step = selected.find((one) => one in journey.steps);
  const panel = step ? (
    <StepResults
      key={step}
      id={name}
      journey={journey}
      name={step}
      counts={counted.steps[step] ?? { entered: 0, inside: 0, left: {} }}
      messages={counted.messages[step]}
      version={number}
      close={() => setSelected([])}
    />
  ) : (
    <Summary journey={journey} report={report} counted={counted} goals={report.goals} version={number} />
  );
  return (
    <div className={classes.work}>
      <Toolbar>
        {report.versions.length > 1 && (
          <Select
            size="xs"
            w={150}
            aria-label={t("results.version")}
            allowDeselect={false}
            value={version}
            onChange={(next) => setVersion(next ?? "")}
            data={[
              { value: "", label: t("results.allVersions") },
              ...report.versions.map((one) => ({
                value: String(one.version),
                label: t("head.versionIs", { n: one.version }),
              })),
            ]}
          />
        )}
      </Toolbar>
      <div className={classes.canvas}>
        <JourneyCanvas
          key={version}
          journey={journey}
          pins={pins}
          marks={drawn.marks}
          flows={drawn.flows}
          selected={selected}
          select={setSelected}
          label={String(journey.name ?? name)}
        />
      </div>
      {!narrow && (
        <aside className={classes.inspector} aria-label={t("results.title")}>
          {panel}
        </aside>
      )}
      {narrow && (
        <>
          <Affix position={{ bottom: 20, right: 20 }}>
            <Button onClick={() => setOpen(true)}>{t("results.figures")}</Button>
          </Affix>
          <Drawer
            closeButtonProps={{ "aria-label": t("inspector.close") }}
            opened={open || Boolean(step)}
            onClose={() => {
              setOpen(false);
              setSelected([]);
            }}
            position="bottom"
            size="75%"
            withCloseButton={!step}
            padding={0}
            attributes={{ content: { "aria-label": t("results.title") } }}
          >
            {panel}
          </Drawer>
        </>
      )}
    </div>
  );
}
