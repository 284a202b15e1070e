import { Anchor, Badge, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { formatInstant } from "@/lib/format";
import { ProblemText } from "@/ui/ProblemText";
import type { Page, Run } from "../api";
import { describeSelection } from "../describe";
import { QualityMark } from "../parts/QualityMark";
import { usePredictionWords } from "../words";
import { Outcomes } from "./Outcomes";
import { Part } from "./Part";

const COLORS: Record<Run["state"], string> = {
  waiting: "gray",
  running: "indigo",
  done: "teal",
  failed: "red",
  cancelled: "gray",
};

function Made({ page }: { page: Page }) {
  const t = usePredictionWords();
  return (
    <Part title={t("history.made")}>
      {page.targets.length ? (
        <Stack gap="xs">
          {page.targets.map((one) => (
            <Group key={`${one.kind} ${one.id}`} justify="space-between" wrap="nowrap">
              <div>
                <Anchor component={Link} size="sm" to={`/${one.kind}s/${one.id}`}>
                  {one.id}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {t(`history.${one.kind}`)} · {describeSelection(t, one.selection)}
                </Text>
              </div>
              <Text size="xs" c="dimmed">
                {formatInstant(one.made_at)}
              </Text>
            </Group>
          ))}
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {t("history.made_none")}
        </Text>
      )}
    </Part>
  );
}

/** Versions of the model, its runs, how it did, and what was made of it. */
export function HistorySection({ page }: { page: Page }) {
  const t = usePredictionWords();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: "start" }}>
      <Outcomes page={page} />
      <Made page={page} />
      <Part title={t("history.versions")}>
        <Stack gap="md">
          {page.versions.map((one) => (
            <Group key={one.version} justify="space-between" align="flex-start" wrap="nowrap">
              <div>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {t("history.version", { version: one.version })}
                  </Text>
                  {one.version === page.version ? (
                    <Badge size="sm" variant="light" tt="none">
                      {t("history.serves")}
                    </Badge>
                  ) : null}
                </Group>
                <Text size="xs" c="dimmed">
                  {t("history.learnt")} {formatInstant(one.as_of)} · {one.model} · {one.digest}
                </Text>
              </div>
              {one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : null}
            </Group>
          ))}
          {page.versions.length ? null : (
            <Text size="sm" c="dimmed">
              {t("never")}
            </Text>
          )}
        </Stack>
      </Part>
      <Part title={t("history.runs")}>
        <Stack gap="md">
          {page.runs.map((run) => (
            <Group key={run.run} justify="space-between" align="flex-start" wrap="nowrap">
              <div>
                <Text size="sm" fw={600}>
                  {t(`history.${run.kind}`)}
                </Text>
                <Text size="xs" c="dimmed">
                  {formatInstant(run.asked_at)}
                </Text>
                {run.message ? (
                  <Text size="xs" c="red">
                    <ProblemText problem={{ code: run.code ?? "", message: run.message ?? "" }} />
                  </Text>
                ) : null}
              </div>
              <Badge size="sm" variant="light" color={COLORS[run.state]} tt="none" style={{ flex: "none" }}>
                {t(`history.${run.state}`)}
              </Badge>
            </Group>
          ))}
        </Stack>
      </Part>
    </SimpleGrid>
  );
}
