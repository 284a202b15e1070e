import { Alert, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { formatNumber, formatShare } from "@/lib/format";
import { WideTable } from "@/ui/WideTable";
import type { Flows, GoalFigures, MessageFigures, Report } from "../data/figures";
import type { Chosen } from "../data/passages";
import type { Journey } from "../graph/definition";
import { sayStep } from "../steps/kinds";
import { useJourneyWords, useStepWords } from "../words";
import { Bars } from "./Bars";
import { GoalPanel } from "./GoalPanel";
import { People } from "./People";
import classes from "./results.module.css";

export function Figure({ label, value }: { label: string; value: number }) {
  return (
    <div className={classes.figure}>
      <Text fz={20} fw={600} lh={1.2} style={{ fontVariantNumeric: "tabular-nums" }}>
        {formatNumber(value)}
      </Text>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </div>
  );
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, n) => all + n, 0);
}

/** How the messages did, one line a step and channel. */
export function Messages({
  messages,
  called,
}: {
  messages: Record<string, Record<string, MessageFigures>>;
  /** How people call a step. */
  called: (step: string) => string;
}) {
  const t = useJourneyWords();
  const rows = Object.entries(messages).flatMap(([step, channels]) =>
    Object.entries(channels).map(([channel, figures]) => ({ step, channel, figures })),
  );
  if (!rows.length) return null;
  const share = (n: number, of: number) => (of ? formatShare(n / of, 0) : "–");
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t("results.messages")}
      </Text>
      <WideTable minWidth={400}>
        <Table fz="xs" horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {["step", "sent", "delivered", "opened", "clicked", "blocked"].map((one) => (
                <Table.Th key={one} {...(one === "step" ? {} : { ta: "right" as const })}>
                  {t(`results.column.${one}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ step, channel, figures }) => (
              <Table.Tr key={`${step} ${channel}`}>
                <Table.Td miw={120}>
                  <Text fz="xs" title={step}>
                    {called(step)}
                  </Text>
                  {Object.keys(messages[step] ?? {}).length > 1 && (
                    <Text size="xs" c="dimmed">
                      {t(`channel.${channel}`)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatNumber(figures.sent)}</Table.Td>
                <Table.Td ta="right">{share(figures.delivered, figures.sent)}</Table.Td>
                <Table.Td ta="right">{share(figures.opened, figures.sent)}</Table.Td>
                <Table.Td ta="right">{share(figures.clicked, figures.sent)}</Table.Td>
                <Table.Td ta="right">
                  {formatNumber(sum(figures.blocked) + sum(figures.failed) + figures.expired)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </div>
  );
}

interface Props {
  journey: Journey;
  report: Report;
  counted: Flows & { suppressed_by: Record<string, number>; messages: Record<string, Record<string, MessageFigures>> };
  goals: GoalFigures[];
  version: number | undefined;
}

/** The journey as a whole. */
export function Summary({ journey, report, counted, goals, version }: Props) {
  const t = useStepWords();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const of = version === undefined ? {} : { version };
  const rows = (counts: Record<string, number>, say: (name: string) => string) =>
    Object.entries(counts)
      .sort((a, b) => b[1] - a[1])
      .map(([name, count]) => ({ name, label: say(name), count }));
  return (
    <Stack gap="lg" p="md">
      <div className={classes.figures}>
        <Figure label={t("results.entered")} value={counted.entered} />
        <Figure label={t("results.inside")} value={counted.inside} />
        <Figure label={t("results.finished")} value={counted.finished} />
        <Figure label={t("results.left")} value={sum(counted.exited)} />
        <Figure label={t("results.failed")} value={counted.failed} />
        <Figure label={t("results.suppressed")} value={counted.suppressed} />
      </div>
      {goals.map((goal, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: goals are known by their place
        <GoalPanel key={n} goal={goal} />
      ))}
      {report.holdout?.sentence && (
        <Alert variant="light" title={t("results.holdout")}>
          {String(report.holdout.sentence)}
        </Alert>
      )}
      <Bars
        title={t("results.exits")}
        rows={rows(counted.exited, (name) => reasonOf(name, t))}
        chosen={chosen?.state === "exited" ? chosen.reason : undefined}
        choose={(reason) => setChosen({ state: "exited", reason, ...of })}
      />
      <Bars
        title={t("results.notLetIn")}
        rows={rows(counted.suppressed_by, (name) => reasonOf(name, t))}
        chosen={chosen?.state === "suppressed" ? chosen.reason : undefined}
        choose={(reason) => setChosen({ state: "suppressed", reason, ...of })}
      />
      {chosen && <People id={report.id} chosen={chosen} />}
      <Messages messages={counted.messages} called={(step) => sayStep(journey, step, t)} />
      {!chosen && (
        <Text size="xs" c="dimmed">
          {t("results.hint")}
        </Text>
      )}
    </Stack>
  );
}

const KNOWN = [
  "erased",
  "lifetime",
  "merged",
  "stopped",
  "migrated",
  "excluded",
  "already_enrolled",
  "reentry",
  "entry_limit",
  "paused",
  "closed",
  "exited",
  "no_consent",
  "unsubscribed",
  "suppressed",
  "no_address",
  "invalid_address",
  "frequency_cap",
  "quiet_hours",
  "expired",
  "holdout",
  "control",
  "render_error",
  "channel_rejected",
  "unknown_outcome",
];

/** Why something ended or did not happen. Events and segments are told by their names. */
export function reasonOf(name: string, t: (key: string) => string): string {
  return KNOWN.includes(name) ? t(`reason.${name}`) : name;
}
