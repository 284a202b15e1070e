import { Anchor, Box, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SegmentsPage } from "@/api/answers";
import { ApiProblem, api } from "@/api/client";
import { formatNumber, formatShare } from "@/lib/format";
import { useSession } from "@/lib/session";
import { DataTable } from "@/ui/DataTable";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageLoading } from "@/ui/Loading";
import { PageHead } from "@/ui/PageHead";
import { StateBadge } from "@/ui/StateBadge";
import { StatTile } from "@/ui/StatTile";
import { useDemoData } from "./demo-data";
import {
  type Days,
  findConcerns,
  type Prediction,
  type Provider,
  type Ready,
  type Rejected,
  type Report,
  seriesOf,
  total,
} from "./figures";
import { Concerns } from "./parts/Concerns";
import { DemoLine } from "./parts/DemoLine";
import { DemoOffer } from "./parts/DemoOffer";
import { DemoTour } from "./parts/DemoTour";
import { FirstSteps } from "./parts/FirstSteps";
import { SentChart } from "./parts/SentChart";
import { useHomeWords } from "./words";

const items = <T,>(path: string) => api<{ items: T[] }>("GET", path).then((answer) => answer.items);

/** `/readyz` answers 503 with what is wrong: that is an answer too. */
async function askReady(): Promise<Ready> {
  try {
    return await api<Ready>("GET", "/readyz");
  } catch (cause) {
    if (cause instanceof ApiProblem && cause.status === 503) return cause.body as unknown as Ready;
    throw cause;
  }
}

const REFRESH = { refetchInterval: 30_000 };

/** What needs attention, what runs, and the last weeks; on an empty install the first steps. */
export function Home() {
  const t = useHomeWords();
  const user = useSession().data?.user;
  const days = useQuery({ queryKey: ["days"], queryFn: () => api<Days>("GET", "/api/v1/messages/days"), ...REFRESH });
  const journeys = useQuery({
    queryKey: ["reports", "journeys"],
    queryFn: () => items<Report>("/api/v1/journeys"),
    ...REFRESH,
  });
  const campaigns = useQuery({
    queryKey: ["reports", "campaigns"],
    queryFn: () => items<Report>("/api/v1/campaigns"),
    ...REFRESH,
  });
  const segments = useQuery({
    queryKey: ["segments", "counts"],
    queryFn: () => api<SegmentsPage>("GET", "/api/v1/segments"),
  });
  const providers = useQuery({ queryKey: ["providers"], queryFn: () => items<Provider>("/api/v1/providers") });
  const predictions = useQuery({
    queryKey: ["predictions", "home"],
    queryFn: () => items<Prediction>("/api/v1/predictions"),
  });
  const ready = useQuery({ queryKey: ["ready"], queryFn: askReady, ...REFRESH });
  const rejected = useQuery({
    queryKey: ["rejected", "counts"],
    queryFn: () => api<Rejected>("GET", "/api/v1/rejected-events", { query: { limit: 1 } }),
  });
  const demo = useDemoData();
  const main = [days, journeys, campaigns, segments];
  const failed = main.find((query) => query.isError);
  if (failed) return <ErrorNote error={failed.error} onRetry={() => main.forEach((query) => void query.refetch())} />;
  if (!days.data || !journeys.data || !campaigns.data || !segments.data) return <PageLoading />;

  const reports = [...journeys.data, ...campaigns.data];
  const head = (
    <>
      <PageHead title={user?.name ? t("hello", { name: user.name }) : t("title")} about={t("about")} />
      {demo.data && <DemoLine data={demo.data} onRemove={demo.remove} />}
    </>
  );
  if (reports.length === 0) {
    const isReal = demo.data?.state === "none" || demo.data?.state === "removed";
    return (
      <>
        {head}
        <Stack gap="xl">
          {demo.data?.state === "loaded" && <DemoTour segments={segments.data} />}
          <Stack maw={760}>
            <FirstSteps
              hasPeople={isReal && segments.data.people > 0}
              hasSegments={isReal && segments.data.items.length > 0}
            />
            {demo.data && <DemoOffer data={demo.data} onLoad={demo.load} />}
          </Stack>
        </Stack>
      </>
    );
  }
  const used = new Set(days.data.items.map((item) => item.channel));
  const concerns = findConcerns(ready.data, providers.data ?? [], reports, rejected.data, predictions.data ?? [], used);
  return (
    <>
      {head}
      <Stack gap="xl">
        <Concerns concerns={concerns} />
        <Results days={days.data} segments={segments.data} reports={reports} />
        <Runs reports={reports} />
      </Stack>
    </>
  );
}

function Results({ days, segments, reports }: { days: Days; segments: SegmentsPage; reports: Report[] }) {
  const t = useHomeWords();
  const sent = seriesOf(days, "sent");
  const live = reports.filter((report) => report.state === "published");
  return (
    <section>
      <Title order={2} mb="sm">
        {t("results", { days: days.days })}
      </Title>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: "xs", sm: "md" }}>
        <StatTile label={t("sent")} value={formatNumber(total(sent))} />
        <StatTile label={t("blocked")} value={formatNumber(total(seriesOf(days, "blocked")))} note={t("blockedNote")} />
        <StatTile
          label={t("people")}
          value={formatNumber(segments.known)}
          note={t("peopleNote", { count: formatNumber(segments.people - segments.known) })}
        />
        <StatTile
          label={t("inside")}
          value={formatNumber(total(live.map((report) => report.inside)))}
          note={t("insideNote", { count: live.filter((report) => report.kind === "journey").length })}
        />
      </SimpleGrid>
      <Box mt="md">
        <SentChart days={days} />
      </Box>
    </section>
  );
}

function Runs({ reports }: { reports: Report[] }) {
  const t = useHomeWords();
  const shown = reports
    .filter((report) => report.state === "published" || report.state === "paused")
    .sort((a, b) => b.inside - a.inside || b.entered - a.entered);
  return (
    <section>
      <Title order={2} mb="sm">
        {t("runs")}
      </Title>
      <DataTable
        label={t("runs")}
        rows={shown}
        rowKey={(report) => `${report.kind}:${report.id}`}
        empty={t("nothingRuns")}
        columns={[
          {
            key: "name",
            label: t("name"),
            render: (report) => (
              <>
                <Anchor component={Link} to={`/${report.kind}s/${report.id}`} inherit>
                  {report.name || report.id}
                </Anchor>
                <Text fz="xs" c="dimmed">
                  {t(`kind.${report.kind}`)}
                </Text>
              </>
            ),
          },
          { key: "state", label: t("state"), render: (report) => <StateBadge state={report.state} /> },
          {
            key: "entered",
            label: t("entered"),
            isFigure: true,
            isExtra: true,
            render: (one) => formatNumber(one.entered),
          },
          { key: "inside", label: t("insideNow"), isFigure: true, render: (one) => formatNumber(one.inside) },
          {
            key: "goal",
            label: t("goal"),
            isFigure: true,
            isExtra: true,
            render: ({ goal }) =>
              goal?.target_percent
                ? t("goalOf", {
                    reached: formatShare(goal.reached_percent / 100),
                    target: formatShare(goal.target_percent / 100),
                  })
                : t("noGoal"),
          },
        ]}
      />
    </section>
  );
}
