import { Affix, Alert, Button, Drawer, Group, NumberInput, Progress, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import i18next from "i18next";
import { useMemo, useState } from "react";
import { formatDay } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { useNarrow } from "@/ui/use-narrow";
import { JourneyCanvas } from "../canvas/JourneyCanvas";
import { readPins } from "../canvas/pins";
import {
  type Backtest as Asked,
  askBacktest,
  backtestOf,
  backtestsOf,
  cancelBacktest,
  isOver,
} from "../data/backtests";
import { newestOf, shownJourney } from "../data/journeys";
import classes from "../editor/editor.module.css";
import { readJourney } from "../graph/definition";
import { flowsOf, marksOf } from "../results/marks";
import { BacktestReport } from "../trying/BacktestReport";
import { useJourneyWords } from "../words";

function Running({ backtest }: { backtest: Asked }) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const { done, total } = backtest.progress;
  const cancel = useMutation({
    mutationFn: () => cancelBacktest(backtest.id),
    onSuccess: (next) => queries.setQueryData(["backtest", backtest.id], next),
  });
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm">{t(backtest.state === "waiting" ? "backtest.waiting" : "backtest.running")}</Text>
        <RoleButton
          scope="definitions:draft"
          size="compact-xs"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t("backtest.cancel")}
        </RoleButton>
      </Group>
      <Progress animated value={total ? (done / total) * 100 : 5} aria-label={t("backtest.running")} />
      <ErrorNote error={cancel.error} />
    </Stack>
  );
}

/** What the draft would have done in the last days. */
export function Backtest() {
  const t = useJourneyWords();
  const { name } = useParams({ from: "/journeys/$name" });
  const queries = useQueryClient();
  const shown = useQuery(shownJourney(name)).data;
  const [days, setDays] = useState(14);
  const [number, setNumber] = useState<number | null>(null);
  const [panelOpen, setPanelOpen] = useState(false);
  const narrow = useNarrow();
  const earlier = useQuery(backtestsOf(name)).data ?? [];
  const current = number ?? earlier[0]?.id ?? null;
  const asked = useQuery({ ...backtestOf(current ?? 0), enabled: current !== null });
  const backtest = current === null ? undefined : asked.data;
  const result = backtest?.result ?? null;
  const ask = useMutation({
    mutationFn: () => askBacktest(name, days),
    onSuccess: (next) => {
      queries.setQueryData(["backtest", next.id], next);
      setNumber(next.id);
      void queries.invalidateQueries({ queryKey: ["journey", name, "backtests"] });
    },
  });
  const body = shown && newestOf(shown);
  const journey = useMemo(() => (body ? readJourney(body, name) : null), [body, name]);
  const pins = useMemo(() => readPins(name), [name]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const drawn = useMemo(
    () => journey && result && { flows: flowsOf(journey, result), marks: marksOf(journey, result, t) },
    [journey, result, i18next.language],
  );
  if (!journey) return null;
  const panel = (
    <Stack p="md" gap="lg">
      <Text size="sm" c="dimmed">
        {t("backtest.lead")}
      </Text>
      <Group align="flex-end" wrap="nowrap">
        <NumberInput
          flex={1}
          label={t("backtest.days")}
          min={1}
          max={365}
          value={days}
          onChange={(n) => typeof n === "number" && setDays(n)}
        />
        <RoleButton
          scope="definitions:draft"
          leftSection={<IconHistory size={16} />}
          loading={ask.isPending}
          disabled={backtest !== undefined && !isOver(backtest)}
          onClick={() => ask.mutate()}
        >
          {t(result ? "backtest.again" : "backtest.run")}
        </RoleButton>
      </Group>
      <ErrorNote error={ask.error} />
      {backtest && !isOver(backtest) && <Running backtest={backtest} />}
      {backtest?.state === "failed" && (
        <Alert color="red" variant="light">
          {t("backtest.failed", { why: backtest.error ?? "" })}
        </Alert>
      )}
      {backtest?.state === "cancelled" && (
        <Alert color="gray" variant="light">
          {t("backtest.cancelled")}
        </Alert>
      )}
      {backtest && result && (
        <>
          <Text fw={600}>
            {t("backtest.daysAgo", { since: formatDay(backtest.since), until: formatDay(backtest.until) })}
          </Text>
          <BacktestReport key={backtest.id} result={result} journey={journey} />
        </>
      )}
      {earlier.length > 1 && (
        <Stack gap={2}>
          <Text size="sm" fw={500}>
            {t("backtest.earlier")}
          </Text>
          {earlier.map((one) => (
            <UnstyledButton key={one.id} py={4} aria-pressed={one.id === current} onClick={() => setNumber(one.id)}>
              <Group justify="space-between">
                <Text size="sm" {...(one.id === current ? { fw: 600 } : {})}>
                  {t("backtest.daysAgo", { since: formatDay(one.since), until: formatDay(one.until) })}
                </Text>
                <Text size="xs" c="dimmed">
                  {t(`backtest.state.${one.state}`)}
                </Text>
              </Group>
            </UnstyledButton>
          ))}
        </Stack>
      )}
    </Stack>
  );
  return (
    <div className={classes.work}>
      <div className={classes.canvas}>
        <JourneyCanvas
          journey={journey}
          pins={pins}
          {...(drawn ? { flows: drawn.flows, marks: drawn.marks } : {})}
          selected={[]}
          select={() => {}}
          label={String(journey.name ?? name)}
        />
      </div>
      {narrow ? (
        <>
          <Affix position={{ bottom: 20, right: 20 }}>
            <Button onClick={() => setPanelOpen(true)}>{t("head.backtest")}</Button>
          </Affix>
          <Drawer
            closeButtonProps={{ "aria-label": t("inspector.close") }}
            opened={panelOpen}
            onClose={() => setPanelOpen(false)}
            position="bottom"
            size="80%"
            padding={0}
            attributes={{ content: { "aria-label": t("head.backtest") } }}
          >
            {panel}
          </Drawer>
        </>
      ) : (
        <aside className={classes.inspector} aria-label={t("head.backtest")}>
          {panel}
        </aside>
      )}
    </div>
  );
}
