import { Badge, Button, Group, Progress, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconLayoutGrid, IconPlus, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { StateBadge } from "@/ui/StateBadge";
import { type JourneyFigures, listedFigures } from "../data/figures";
import { type ListedJourney, listedJourneys } from "../data/journeys";
import { NewJourney } from "../editor/NewJourney";
import { useJourneyWords } from "../words";

const STATES = ["all", "published", "draft", "paused", "closed", "stopped", "archived"];

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
  const nameOf = (one: ListedJourney) => byId.get(one.id)?.name ?? one.name;
  const shown = listed.data?.filter(
    (one) =>
      (state === "all" || archived || one.state === state || (state === "draft" && one.draft)) &&
      `${nameOf(one)} ${one.id}`.toLocaleLowerCase().includes(query.toLocaleLowerCase()),
  );
  const create = (
    <RoleButton
      scope="definitions:draft"
      leftSection={<IconPlus size={16} />}
      onClick={() => navigate({ search: { ...search, new: true } })}
    >
      {t("new")}
    </RoleButton>
  );
  const number = (value: number | undefined) => (value === undefined ? "–" : formatNumber(value));
  return (
    <>
      <PageHead title={t("title")} about={t("lead")}>
        <Button
          component={Link}
          to="/predictions/playbooks"
          variant="default"
          leftSection={<IconLayoutGrid size={16} />}
        >
          {t("create.playbook")}
        </Button>
        {create}
      </PageHead>
      <DataTable
        label={t("title")}
        rows={shown}
        rowKey={(journey) => journey.id}
        error={listed.error}
        onRetry={() => void listed.refetch()}
        search={query}
        onSearch={setQuery}
        searchLabel={t("list.search")}
        filters={
          <SegmentedControl
            size="xs"
            aria-label={t("list.state")}
            value={state}
            onChange={setState}
            data={STATES.map((one) => ({
              value: one,
              label: one === "all" || one === "archived" ? t(`list.${one}`) : t(`state.${one}`),
            }))}
          />
        }
        empty={
          state === "all" ? (
            <EmptyState icon={<IconRoute size={26} />} title={t("list.emptyTitle")} text={t("list.emptyText")}>
              {create}
            </EmptyState>
          ) : (
            t(archived ? "list.noneArchived" : "list.none")
          )
        }
        columns={[
          {
            key: "name",
            label: t("list.name"),
            render: (journey) => (
              <RowName
                to={journey.state === "draft" ? `/journeys/${journey.id}/design` : `/journeys/${journey.id}`}
                note={journey.id}
              >
                {nameOf(journey)}
              </RowName>
            ),
          },
          {
            key: "state",
            label: t("list.state"),
            render: (journey) => (
              <Group gap={6} wrap="nowrap">
                <StateBadge state={journey.state} label={t(`state.${journey.state}`)} />
                {journey.draft && journey.state !== "draft" && (
                  <Badge variant="outline" color="gray">
                    {t("list.draftBadge")}
                  </Badge>
                )}
              </Group>
            ),
          },
          {
            key: "version",
            label: t("list.version"),
            isFigure: true,
            isExtra: "md",
            render: ({ version }) => number(version),
          },
          {
            key: "entered",
            label: t("list.entered"),
            isFigure: true,
            isExtra: "md",
            render: ({ id }) => number(byId.get(id)?.entered),
          },
          { key: "inside", label: t("list.inside"), isFigure: true, render: ({ inside }) => number(inside) },
          {
            key: "finished",
            label: t("list.finished"),
            isFigure: true,
            isExtra: "md",
            render: ({ id }) => number(byId.get(id)?.finished),
          },
          {
            key: "goal",
            label: t("list.goal"),
            isExtra: "md",
            render: ({ id }) => byId.has(id) && <GoalCell figures={byId.get(id)} />,
          },
          {
            key: "published",
            label: t("list.published"),
            isExtra: "md",
            render: ({ published_at: at }) => (at ? formatDay(at) : "–"),
          },
        ]}
      />
      {(search.new || search.segment) && (
        <NewJourney segment={search.segment} step={search.step} close={() => navigate({ search: {} })} />
      )}
    </>
  );
}
