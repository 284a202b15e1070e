import { Button, Card, SimpleGrid, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { formatNumber } from "@/lib/format";
import { WideTable } from "@/ui/WideTable";
import type { Factor, Page } from "../api";
import { usePredictionWords } from "../words";
import classes from "./FactorsSection.module.css";
import { describeFactor } from "./factor";

const FEW = 8;

const times = (n: number) => formatNumber(n, { maximumFractionDigits: 2 });

function Factors({ title, factors, widest }: { title: string; factors: Factor[]; widest: number }) {
  const t = usePredictionWords();
  const [open, setOpen] = useState(false);
  const place = (ratio: number) => `${(100 * Math.min(ratio, widest)) / widest}%`;
  return (
    <Card withBorder padding="lg">
      <Title order={3} size="h5" mb="sm">
        {title}
      </Title>
      {factors.length ? (
        <WideTable minWidth={320}>
          <Table verticalSpacing="xs" horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("factors.factor")}</Table.Th>
                <Table.Th ta="end">{t("factors.people")}</Table.Th>
                <Table.Th w="38%">{t("factors.ratio")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {(open ? factors : factors.slice(0, FEW)).map((one) => (
                <Table.Tr key={one.factor}>
                  <Table.Td>
                    <Text size="sm" title={one.factor}>
                      {describeFactor(t, one.factor)}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="end">{formatNumber(one.people)}</Table.Td>
                  <Table.Td>
                    <Text size="sm" fw={600}>
                      {t("factors.times", { times: times(one.ratio) })}
                    </Text>
                    <div className={classes.scale} aria-hidden>
                      <span className={classes.one} style={{ left: place(1) }} />
                      <span
                        className={classes.interval}
                        style={{ left: place(one.interval[0]), right: `calc(100% - ${place(one.interval[1])})` }}
                      />
                      <span className={classes.dot} style={{ left: place(one.ratio) }} />
                    </div>
                    <Text size="xs" c="dimmed">
                      {t("factors.interval", { low: times(one.interval[0]), high: times(one.interval[1]) })}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      ) : null}
      {factors.length > FEW && !open ? (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setOpen(true)}>
          {t("factors.all", { count: factors.length })}
        </Button>
      ) : null}
      {factors.length ? null : (
        <Text size="sm" c="dimmed">
          {t("factors.none")}
        </Text>
      )}
    </Card>
  );
}

/** Factors that go with a higher or a lower likelihood, each with its interval around the average (1). */
export function FactorsSection({ page }: { page: Page }) {
  const t = usePredictionWords();
  const { more_likely: more, less_likely: less } = page.correlations ?? { more_likely: [], less_likely: [] };
  const widest = (of: Factor[]) => Math.max(1.2, ...of.map((one) => one.interval[1])) * 1.05;
  return (
    <>
      <Text size="sm" c="dimmed" mb="md" maw={680}>
        {t("factors.help")}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: "start" }}>
        <Factors title={t("factors.more")} factors={more} widest={widest(more)} />
        <Factors title={t("factors.less")} factors={less} widest={widest(less)} />
      </SimpleGrid>
    </>
  );
}
