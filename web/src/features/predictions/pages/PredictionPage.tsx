import { Alert, Box, Button, Card, Grid, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { sayError } from "@/lib/problem-words";
import { usePrediction } from "../api";
import { AmountsSection } from "../page/AmountsSection";
import { DriftSection } from "../page/DriftSection";
import { FactorsSection } from "../page/FactorsSection";
import { HistorySection } from "../page/HistorySection";
import { PageHeader } from "../page/PageHeader";
import { PageNotices } from "../page/PageNotices";
import { PeopleSection } from "../page/PeopleSection";
import { ProfitSection } from "../page/ProfitSection";
import { QualitySection } from "../page/QualitySection";
import { ScorePicker } from "../page/ScorePicker";
import { SelectionPanel } from "../page/SelectionPanel";
import { FIRST_CHOICE, panelOfChoice, selectionOf } from "../page/selection";
import { usePredictionWords } from "../words";

/** One prediction: choose by score, see what that comes to, make something of it; how good it is, and why. */
export function PredictionPage() {
  const t = usePredictionWords();
  const { name } = useParams({ from: "/predictions/$name" });
  const { data: page, error, refetch } = usePrediction(name);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [selected] = useDebouncedValue(selectionOf(choice), 300);
  if (!page) {
    if (!error) return <PageSkeleton />;
    return (
      <Alert color="red" variant="light" title={error.status === 404 ? t("page.not_found") : t("failed_to_load")}>
        <Text size="sm">{sayError(error)}</Text>
        <Button mt="sm" size="xs" variant="default" onClick={() => void refetch()}>
          {t("retry")}
        </Button>
      </Alert>
    );
  }
  const panel = panelOfChoice(page, choice);
  const hasDrift = page.histogram && page.drift;
  return (
    <Box maw={1280} mx="auto">
      <PageHeader page={page} now={Date.parse(page.now)} />
      <Stack gap="lg">
        <PageNotices page={page} />
        {page.histogram && panel ? (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <ScorePicker histogram={page.histogram} choice={choice} onChoice={setChoice} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }}>
              <SelectionPanel page={page} choice={choice} panel={panel} />
            </Grid.Col>
          </Grid>
        ) : (
          <Card withBorder padding="xl">
            <Text ta="center" c="dimmed">
              {t(page.state === "draft" ? "page.draft" : "page.not_scored")}
            </Text>
          </Card>
        )}
        <AmountsSection page={page} />
        <Tabs defaultValue={page.histogram ? "quality" : "history"} keepMounted={false}>
          <Tabs.List mb="lg">
            {page.histogram ? (
              <>
                <Tabs.Tab value="quality">{t("tab.quality")}</Tabs.Tab>
                <Tabs.Tab value="people">{t("tab.people")}</Tabs.Tab>
                <Tabs.Tab value="factors">{t("tab.factors")}</Tabs.Tab>
                <Tabs.Tab value="profit">{t("tab.profit")}</Tabs.Tab>
              </>
            ) : null}
            {hasDrift ? <Tabs.Tab value="drift">{t("tab.drift")}</Tabs.Tab> : null}
            <Tabs.Tab value="history">{t("tab.history")}</Tabs.Tab>
          </Tabs.List>
          {page.histogram ? (
            <>
              <Tabs.Panel value="quality">
                <QualitySection page={page} />
              </Tabs.Panel>
              <Tabs.Panel value="people">
                <PeopleSection page={page} selection={selected} />
              </Tabs.Panel>
              <Tabs.Panel value="factors">
                <FactorsSection page={page} />
              </Tabs.Panel>
              <Tabs.Panel value="profit">
                <ProfitSection page={page} onRange={(range) => setChoice({ ...choice, by: "score", range })} />
              </Tabs.Panel>
            </>
          ) : null}
          {hasDrift ? (
            <Tabs.Panel value="drift">
              <DriftSection page={page} />
            </Tabs.Panel>
          ) : null}
          <Tabs.Panel value="history">
            <HistorySection page={page} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Box>
  );
}

function PageSkeleton() {
  return (
    <Stack gap="lg" maw={1280} mx="auto" aria-busy>
      <Skeleton h={56} w={360} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Skeleton h={420} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Skeleton h={420} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
