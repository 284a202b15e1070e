import { Group, Paper, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { JourneyCanvas } from "../canvas/JourneyCanvas";
import type { Mark } from "../canvas/nodes";
import { readPins } from "../canvas/pins";
import type { ShownJourney } from "../data/journeys";
import { compareJourneys, type Difference } from "../graph/compare";
import { type Journey, readJourney } from "../graph/definition";
import { useJourneyWords } from "../words";
import { DifferenceCard } from "./DifferenceCard";
import classes from "./versions.module.css";

const DRAFT = "draft";

/** Whatever may be compared, the newest first: by its number, and the draft. */
function choicesOf(shown: ShownJourney): Map<string, Journey> {
  const found = new Map<string, Journey>();
  if (shown.draft) found.set(DRAFT, readJourney(shown.draft.definition, shown.id));
  for (const one of shown.versions) found.set(String(one.version), readJourney(one.definition, shown.id));
  return found;
}

const TONES = { added: "new", changed: "changed", removed: "gone" } as const;

function marksOf(differences: Difference[], kinds: Difference["kind"][], say: (key: string) => string) {
  const marks = new Map<string, Mark>();
  for (const { step, kind } of differences)
    if (step !== null && kinds.includes(kind)) marks.set(step, { tone: TONES[kind], word: say(`versions.${kind}`) });
  return marks;
}

interface SideProps {
  journey: Journey;
  title: string;
  marks: Map<string, Mark>;
  selected: string[];
  select: (names: string[]) => void;
}

function Side({ journey, title, marks, selected, select }: SideProps) {
  const pins = useMemo(() => readPins(journey.id), [journey.id]);
  const own = useMemo(() => selected.filter((name) => name in journey.steps), [selected, journey]);
  return (
    <div>
      <Text size="sm" fw={500} mb={6}>
        {title}
      </Text>
      <Paper withBorder radius="md" className={classes.canvas ?? ""}>
        <JourneyCanvas journey={journey} pins={pins} marks={marks} selected={own} select={select} label={title} />
      </Paper>
    </div>
  );
}

/** Two versions beside each other: what is new, gone and other stands out on their canvases, and is told below. */
export function Comparison({ shown }: { shown: ShownJourney }) {
  const t = useJourneyWords();
  const choices = useMemo(() => choicesOf(shown), [shown]);
  const names = [...choices.keys()];
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [selected, setSelected] = useState<string[]>([]);
  const newer = choices.has(to ?? "") ? (to as string) : (names[0] ?? "");
  const older = choices.has(from ?? "") ? (from as string) : (names[1] ?? "");
  const [before, after] = [choices.get(older), choices.get(newer)];
  const differences = useMemo(() => (before && after ? compareJourneys(before, after) : []), [before, after]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const marks = useMemo(
    () => ({
      before: marksOf(differences, ["removed", "changed"], t),
      after: marksOf(differences, ["added", "changed"], t),
    }),
    [differences],
  );
  if (!before || !after) return null;
  const say = (name: string) => (name === DRAFT ? t("versions.draft") : t("head.versionIs", { n: name }));
  const data = names.map((value) => ({ value, label: say(value) }));
  const listed = selected.length ? differences.filter((one) => one.step !== null && selected.includes(one.step)) : [];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h5">
          {t("versions.differences")}
        </Title>
        <Group gap="xs">
          <Select
            size="xs"
            w={140}
            aria-label={t("versions.older")}
            allowDeselect={false}
            value={older}
            data={data}
            onChange={setFrom}
          />
          <Text size="sm" c="dimmed" aria-hidden>
            →
          </Text>
          <Select
            size="xs"
            w={140}
            aria-label={t("versions.newer")}
            allowDeselect={false}
            value={newer}
            data={data}
            onChange={setTo}
          />
        </Group>
      </Group>
      {differences.length ? (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Side
              key={`before ${older}`}
              journey={before}
              title={say(older)}
              marks={marks.before}
              selected={selected}
              select={setSelected}
            />
            <Side
              key={`after ${newer}`}
              journey={after}
              title={say(newer)}
              marks={marks.after}
              selected={selected}
              select={setSelected}
            />
          </SimpleGrid>
          {(listed.length ? listed : differences).map((one) => (
            <DifferenceCard key={one.step ?? ""} difference={one} />
          ))}
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t("versions.alike")}
        </Text>
      )}
    </Stack>
  );
}
