import {
  Alert,
  Badge,
  Button,
  Group,
  Paper,
  Progress,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconLayoutGrid, IconPlus, IconRoute, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { sayError } from "@/lib/problem-words";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import { type JourneyFigures, listedFigures } from "../data/figures";
import { type ListedJourney, listedJourneys } from "../data/journeys";
import { NewJourney } from "../editor/NewJourney";
import { useJourneyWords } from "../words";

// What a phone has no room for.
const EXTRA = new Set(["version", "entered", "finished", "goal", "published"]);

function GoalCell({ figures }: { figures: JourneyFigures | undefined }) {
  const t = useJourneyWords();
  const goal = figures?.goal;
  if (!goal)
    return (
      <Text size="sm" c="dimmed">
        {t("list.noGoal")}
      </Text>
    );
  const reached = (goal.percent?.value ?? 0) / 100;
  const target = goal.target_percent;
  return (
    <Stack gap={3} miw={120}>
      <Text size="sm">
        {goal.target_count === undefined ? formatShare(reached) : formatNumber(goal.reached)}{" "}
        <Text span size="xs" c="dimmed">
          {target !== undefined && t("list.of", { target: formatShare(target / 100, 0) })}
          {goal.target_count !== undefined && t("list.of", { target: formatNumber(goal.target_count) })}
        </Text>
      </Text>
      {target !== undefined && (
        <Progress
          size={4}
          value={Math.min(100, ((reached * 100) / Math.max(target, 0.01)) * 100)}
          color={goal.met ? "green" : ""}
          aria-label={t("list.goal")}
        />
      )}
    </Stack>
  );
}

function Row({ journey, figures }: { journey: ListedJourney; figures: JourneyFigures | undefined }) {
  const t = useJourneyWords();
  const number = (value: number | undefined) => (value === undefined ? "–" : formatNumber(value));
  return (
    <Table.Tr>
      <Table.Td>
        <Text
          component={Link}
          to={journey.state === "draft" ? `/journeys/${journey.id}/design` : `/journeys/${journey.id}`}
          fw={500}
          size="sm"
          c="inherit"
        >
          {figures?.name ?? journey.name}
        </Text>
        <Text size="xs" c="dimmed">
          {journey.id}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <StateBadge state={journey.state} label={t(`state.${journey.state}`)} />
          {journey.draft && journey.state !== "draft" && (
            <Badge variant="outline" color="gray">
              {t("list.draftBadge")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {number(journey.version)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {number(figures?.entered)}
      </Table.Td>
      <Table.Td ta="right">{number(journey.inside)}</Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {number(figures?.finished)}
      </Table.Td>
      <Table.Td visibleFrom="md">{figures && <GoalCell figures={figures} />}</Table.Td>
      <Table.Td visibleFrom="md">{journey.published_at ? formatDay(journey.published_at) : "–"}</Table.Td>
    </Table.Tr>
  );
}

export function JourneyList() {
  const t = useJourneyWords();
  const search = useSearch({ from: "/journeys" });
  const navigate = useNavigate({ from: "/journeys" });
  const [query, setQuery] = useState("");
  const [state, setState] = useState("all");
  const archived = state === "archived";
  const listed = useQuery(listedJourneys(archived));
  const figures = useQuery(listedFigures());
  const byId = new Map((figures.data ?? []).map((one) => [one.id, one]));
  const all = listed.data ?? [];
  const shown = all.filter(
    (one) =>
      (state === "all" || archived || one.state === state || (state === "draft" && one.draft)) &&
      `${byId.get(one.id)?.name ?? one.name} ${one.id}`.toLocaleLowerCase().includes(query.toLocaleLowerCase()),
  );
  const create = () => navigate({ search: { ...search, new: true } });
  const headings = ["name", "state", "version", "entered", "inside", "finished", "goal", "published"];
  return (
    <Stack gap="sm">
      <PageHead title={t("title")} about={t("lead")}>
        <Button
          component={Link}
          to="/predictions/playbooks"
          variant="default"
          leftSection={<IconLayoutGrid size={16} />}
        >
          {t("create.playbook")}
        </Button>
        <RoleButton scope="definitions:draft" leftSection={<IconPlus size={16} />} onClick={create}>
          {t("new")}
        </RoleButton>
      </PageHead>
      {listed.isSuccess && !all.length && state === "all" ? (
        <EmptyState icon={<IconRoute size={26} />} title={t("list.emptyTitle")} text={t("list.emptyText")}>
          <RoleButton scope="definitions:draft" leftSection={<IconPlus size={16} />} onClick={create}>
            {t("new")}
          </RoleButton>
        </EmptyState>
      ) : (
        <>
          <Group>
            <TextInput
              w={{ base: "100%", xs: 280 }}
              aria-label={t("list.search")}
              placeholder={t("list.search")}
              leftSection={<IconSearch size={16} />}
              value={query}
              onChange={(e) => setQuery(e.currentTarget.value)}
            />
            <SegmentedControl
              size="xs"
              aria-label={t("list.state")}
              value={state}
              onChange={setState}
              style={{ maxWidth: "100%", overflowX: "auto" }}
              data={["all", "published", "draft", "paused", "closed", "stopped", "archived"].map((one) => ({
                value: one,
                label: one === "all" ? t("list.all") : one === "archived" ? t("list.archived") : t(`state.${one}`),
              }))}
            />
          </Group>
          {listed.error && (
            <Alert color="red" variant="light" title={t("list.failed")}>
              {sayError(listed.error)}{" "}
              <Button size="compact-xs" variant="default" onClick={() => void listed.refetch()}>
                {t("list.retry")}
              </Button>
            </Alert>
          )}
          <Paper withBorder style={{ overflow: "hidden" }}>
            <Table.ScrollContainer minWidth={0}>
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    {headings.map((one) => (
                      <Table.Th
                        key={one}
                        {...(EXTRA.has(one) ? { visibleFrom: "md" } : {})}
                        {...(["version", "entered", "inside", "finished"].includes(one) ? { ta: "right" } : {})}
                      >
                        {t(`list.${one}`)}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {listed.isPending &&
                    [1, 2, 3, 4].map((n) => (
                      <Table.Tr key={n}>
                        <Table.Td colSpan={headings.length}>
                          <Skeleton h={34} />
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  {shown.map((journey) => (
                    <Row key={journey.id} journey={journey} figures={byId.get(journey.id)} />
                  ))}
                  {listed.isSuccess && !shown.length && (
                    <Table.Tr>
                      <Table.Td colSpan={headings.length}>
                        <Text size="sm" c="dimmed" ta="center" py="lg">
                          {t(archived ? "list.noneArchived" : "list.none")}
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Paper>
        </>
      )}
      {(search.new || search.segment) && (
        <NewJourney segment={search.segment} step={search.step} close={() => navigate({ search: {} })} />
      )}
    </Stack>
  );
}
