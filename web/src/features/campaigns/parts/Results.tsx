import { Paper, Stack, Table, Text, Title } from "@mantine/core";
import { eventLabel } from "@/lib/event-labels";
import { formatInstant, formatNumber, formatShare } from "@/lib/format";
import { shareInterval } from "@/lib/interval";
import { WideTable } from "@/ui/WideTable";
import classes from "../campaigns.module.css";
import { type ChannelFigures, type Report, totals } from "../data";
import { useCampaignWords } from "../words";
import { OverTime } from "./OverTime";

function Tile({ label, n, of, note }: { label: string; n: number; of?: number; note?: string | undefined }) {
  const t = useCampaignWords();
  const share = of === undefined ? null : shareInterval(n, of);
  return (
    <Paper withBorder p="md">
      <Text size="xs" c="dimmed" fw={600}>
        {label}
      </Text>
      <Text fz={26} fw={650} lh={1.25} className={classes.figures}>
        {share ? formatShare(share.value) : formatNumber(n)}
      </Text>
      <Text size="xs" c="dimmed" className={classes.figures}>
        {share
          ? t("tile_note", { n: formatNumber(n), low: formatShare(share.low), high: formatShare(share.high) })
          : (note ?? "")}
      </Text>
    </Paper>
  );
}

function reasons(figures: ChannelFigures): [string, string, number][] {
  const list = (kind: "blocked" | "failed") =>
    Object.entries(figures[kind]).map(([reason, n]) => [kind, reason, n] as [string, string, number]);
  return [...list("blocked"), ...list("failed")].sort((a, b) => b[2] - a[2]);
}

export function Results({ report }: { report: Report }) {
  const t = useCampaignWords();
  const all = totals(report);
  const channels = Object.entries(report.messages.message ?? {}) as [string, ChannelFigures][];
  const why = reasons(all);
  const occurrences = report.schedule?.occurrences ?? [];
  return (
    <Stack gap="md">
      <div className={classes.tiles}>
        <Tile
          label={t("sent")}
          n={all.sent}
          note={all.waiting ? t("waiting", { n: formatNumber(all.waiting) }) : undefined}
        />
        <Tile label={t("delivered")} n={all.delivered} of={all.sent} />
        <Tile label={t("opened")} n={all.opened} of={all.delivered} />
        <Tile label={t("clicked")} n={all.clicked} of={all.delivered} />
        {(report.conversions ?? []).map((one) => (
          <Tile key={one.event} label={eventLabel(one.event)} n={one.sent.reached} of={one.sent.people} />
        ))}
      </div>
      <OverTime id={report.id} />
      {channels.length > 0 && (
        <Paper withBorder p="md">
          <Title order={2} fz="sm" mb="xs">
            {t("by_channel")}
          </Title>
          <WideTable minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("channel_head")}</Table.Th>
                  {["sent", "delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"].map((name) => (
                    <Table.Th key={name} ta="right">
                      {t(name)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {[
                  ...channels,
                  ...report.variants.map((one) => [`${one.channel} · ${one.id}`, one] as [string, ChannelFigures]),
                ].map(([name, figures]) => (
                  <Table.Tr key={name}>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>
                      {["email", "sms", "push"].includes(name) ? t(`channel.${name}`) : name}
                    </Table.Td>
                    {(["sent", "delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"] as const).map(
                      (key) => (
                        <Table.Td key={key} ta="right" className={classes.figures}>
                          {formatNumber(figures[key])}
                        </Table.Td>
                      ),
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
          {all.opened_by_machines > 0 && (
            <Text size="xs" c="dimmed" mt="xs">
              {t("machines", { n: formatNumber(all.opened_by_machines) })}
            </Text>
          )}
        </Paper>
      )}
      {why.length + all.expired > 0 && (
        <Paper withBorder p="md">
          <Title order={2} fz="sm" mb="xs">
            {t("not_sent")}
          </Title>
          <Table>
            <Table.Tbody>
              {why.map(([kind, reason, n]) => (
                <Table.Tr key={`${kind}${reason}`}>
                  <Table.Td>
                    {t(`reason.${reason}`) === `reason.${reason}` ? reason.replaceAll("_", " ") : t(`reason.${reason}`)}
                  </Table.Td>
                  <Table.Td ta="right" className={classes.figures}>
                    {formatNumber(n)}
                  </Table.Td>
                </Table.Tr>
              ))}
              {all.expired > 0 && (
                <Table.Tr>
                  <Table.Td>{t("expired")}</Table.Td>
                  <Table.Td ta="right">{formatNumber(all.expired)}</Table.Td>
                </Table.Tr>
              )}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      {occurrences.length > 0 && (
        <Paper withBorder p="md">
          <Title order={2} fz="sm" mb="xs">
            {t("occurrences")}
          </Title>
          <Table>
            <Table.Tbody>
              {occurrences
                .filter((one) => one.found > 0)
                .map((one) => (
                  <Table.Tr key={`${one.at}${one.timezone}`}>
                    <Table.Td>{formatInstant(one.at)}</Table.Td>
                    <Table.Td c="dimmed">{one.timezone}</Table.Td>
                    <Table.Td ta="right">{t("found", { count: one.found, n: formatNumber(one.found) })}</Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Stack>
  );
}
