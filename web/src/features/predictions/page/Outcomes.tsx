import { Group, Table, Text } from "@mantine/core";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { WideTable } from "@/ui/WideTable";
import type { Outcome, Page } from "../api";
import { QualityMark } from "../parts/QualityMark";
import { usePredictionWords } from "../words";
import classes from "./Outcomes.module.css";
import { Part } from "./Part";

const whole = (n: number) => formatNumber(n, { maximumFractionDigits: 0 });
const auc = (n: number) => formatNumber(n, { maximumFractionDigits: 3 });

/** Two figures as bars on one scale: what was foretold above what came. */
function Against({ foretold, came, most, says }: { foretold: number; came: number; most: number; says: string }) {
  return (
    <div className={classes.against} role="img" aria-label={says} title={says}>
      <span className={classes.foretold} style={{ width: `${(100 * foretold) / most}%` }} />
      <span className={classes.came} style={{ width: `${(100 * came) / most}%` }} />
    </div>
  );
}

function Row({ one, most, amounts }: { one: Outcome; most: number; amounts: boolean }) {
  const t = usePredictionWords();
  const expected = one.expected ?? 0;
  return (
    <Table.Tr>
      <Table.Td>
        {formatDay(one.at)}
        <Text size="xs" c="dimmed">
          {t("after.measured", { at: formatDay(one.measured_at) })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" style={{ whiteSpace: "nowrap" }}>
            {whole(expected)} → <b>{whole(one.positives)}</b>
          </Text>
          <Against
            foretold={expected}
            came={one.positives}
            most={most}
            says={`${t("history.expected")} ${whole(expected)}, ${t("history.acted")} ${whole(one.positives)}`}
          />
        </Group>
      </Table.Td>
      {amounts && (
        <Table.Td style={{ whiteSpace: "nowrap" }}>
          {one.value ? (
            <>
              {whole(one.value.predicted)} → <b>{whole(one.value.actual)}</b>
              {one.value.ratio !== null && (
                <Text size="xs" c="dimmed">
                  {formatShare(one.value.ratio, 0)}
                </Text>
              )}
            </>
          ) : (
            "–"
          )}
        </Table.Td>
      )}
      <Table.Td>
        {one.auc === null ? "–" : auc(one.auc)}
        {one.auc_interval && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {t("after.interval", { low: auc(one.auc_interval[0]), high: auc(one.auc_interval[1]) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : "–"}</Table.Td>
    </Table.Tr>
  );
}

/** What became of scores, a row for each scoring whose window has ended. */
export function Outcomes({ page }: { page: Page }) {
  const t = usePredictionWords();
  const { outcomes } = page;
  const most = Math.max(1, ...outcomes.flatMap((one) => [one.expected ?? 0, one.positives]));
  const amounts = outcomes.some((one) => one.value);
  return (
    <Part title={t("history.outcomes")}>
      <Text size="sm" c="dimmed" mb="sm">
        {t(outcomes.length ? "history.outcomes_help" : "history.outcomes_none")}
      </Text>
      {outcomes.length ? (
        <WideTable minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("history.scored_at")}</Table.Th>
                <Table.Th>
                  {t("history.expected")} → {t("history.acted")}
                </Table.Th>
                {amounts && (
                  <Table.Th>
                    {t("amounts.told")} → {t("amounts.was")}
                  </Table.Th>
                )}
                <Table.Th>{t("measured.auc_name")}</Table.Th>
                <Table.Th>{t("column.quality")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {outcomes.map((one) => (
                <Row key={one.at} one={one} most={most} amounts={amounts} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      ) : null}
    </Part>
  );
}
