import { Badge, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { usePredictionWords } from "../words";
import { type Playbook, told, usePlaybooks } from "./api";
import { Needs } from "./Needs";
import classes from "./playbooks.module.css";

const GOALS = ["nudge", "persuade", "win_back", "stay_in_touch"];

/** What it makes, in a line: one segment, three messages, one journey. */
function Makes({ playbook }: { playbook: Playbook }) {
  const t = usePredictionWords();
  const count = (kind: string) => playbook.makes.filter((one) => one.kind === kind).length;
  const channels = [...new Set(playbook.makes.map((one) => one.channel).filter((channel) => channel !== undefined))];
  const kinds = ["segment", "template", "journey", "campaign"].filter((kind) => count(kind) > 0);
  return (
    <Stack gap={6} mt="auto" pt="sm">
      <Text size="xs" c="dimmed">
        {kinds.map((kind) => t(`playbook.count.${kind}`, { count: count(kind) })).join(" · ")}
      </Text>
      <Group gap={6}>
        {channels.map((channel) => (
          <Badge key={channel} variant="light" color="gray" tt="none">
            {t(`playbook.channel.${channel}`)}
          </Badge>
        ))}
        <HoldOut playbook={playbook} />
      </Group>
    </Stack>
  );
}

function HoldOut({ playbook }: { playbook: Playbook }) {
  const t = usePredictionWords();
  const held = playbook.parameters.find((one) => one.name === "holdout_percent" || one.name === "control_percent");
  if (!held) return null;
  return (
    <Badge variant="light" tt="none">
      {t("playbook.holdout", { percent: held.default })}
    </Badge>
  );
}

/** All playbooks, by what they are for. */
export function PlaybookGallery() {
  const t = usePredictionWords();
  const { prediction } = useSearch({ from: "/predictions/playbooks" });
  const { data, error, refetch } = usePlaybooks();
  const items = data?.items ?? [];
  const goals = [...GOALS, ...new Set(items.map((one) => one.goal).filter((goal) => !GOALS.includes(goal)))];
  return (
    <>
      <PageHead title={t("playbook.title")} about={t("playbook.lead")} up={{ to: "/predictions", label: t("title") }} />
      {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton h={320} aria-busy /> : null}
      <Stack gap="xl">
        <Needs />
        {goals
          .filter((goal) => items.some((one) => one.goal === goal))
          .map((goal) => (
            <section key={goal} aria-labelledby={`goal-${goal}`}>
              <Title order={2} size="h4" id={`goal-${goal}`}>
                {t(`playbook.goal.${goal}`)}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {t(`playbook.goal_about.${goal}`)}
              </Text>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {items
                  .filter((one) => one.goal === goal)
                  .map((one) => (
                    <Card key={one.id} withBorder padding="md" className={classes.card ?? ""}>
                      <Text
                        component={Link}
                        to="/predictions/playbooks/$id"
                        params={{ id: one.id } as never}
                        search={(prediction ? { prediction } : {}) as never}
                        fw={600}
                        c="inherit"
                        className={classes.whole ?? ""}
                      >
                        {told(one.name)}
                      </Text>
                      <Text size="sm" c="dimmed" mt={4}>
                        {told(one.about)}
                      </Text>
                      <Makes playbook={one} />
                    </Card>
                  ))}
              </SimpleGrid>
            </section>
          ))}
      </Stack>
    </>
  );
}
