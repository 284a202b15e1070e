import { Alert, Button, Skeleton, Tabs, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { ApiProblem } from "@/api/client";
import { sayError } from "@/lib/problem-words";
import { StateBadge } from "@/ui/StateBadge";
import { TabsRow } from "@/ui/TabsRow";
import { newestOf, shownJourney } from "../data/journeys";
import classes from "../editor/editor.module.css";
import { LifecycleMenu } from "../editor/LifecycleMenu";
import { useJourneyWords } from "../words";
import { ToolbarSlot } from "./toolbar";

const PARTS = ["design", "results", "test", "backtest", "versions"] as const;

/** What all parts of one journey stand in: its name, its state, what can be done with it, and the parts. */
export function JourneyFrame() {
  const t = useJourneyWords();
  const { name } = useParams({ from: "/journeys/$name" });
  const navigate = useNavigate();
  const part = useRouterState({
    select: (state) => PARTS.find((one) => state.location.pathname.endsWith(`/${one}`)) ?? "results",
  });
  const asked = useQuery(shownJourney(name));
  // A page that is open stays open when what it shows cannot be read anew: one may be editing.
  if (asked.isLoadingError) {
    const missing = asked.error instanceof ApiProblem && asked.error.status === 404;
    return (
      <Alert
        color="red"
        variant="light"
        title={missing ? t("head.notFound", { id: name }) : sayError(asked.error)}
        maw={560}
      >
        <Button component={Link} to="/journeys" variant="default" size="xs" mt="xs">
          {t("head.back")}
        </Button>
      </Alert>
    );
  }
  const shown = asked.data;
  const newest = shown && newestOf(shown);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <div className={classes.name}>
          <Button
            component={Link}
            to="/journeys"
            variant="subtle"
            color="gray"
            size="compact-sm"
            px={6}
            style={{ flex: "none" }}
            aria-label={t("head.back")}
          >
            <IconArrowLeft size={18} />
          </Button>
          {shown ? (
            <>
              <Title order={1}>{String(newest?.name ?? name)}</Title>
              <StateBadge
                state={shown.archived_at ? "archived" : shown.state}
                label={t(shown.archived_at ? "state.archived" : `state.${shown.state}`)}
              />
              {shown.versions[0] && (
                <Text size="xs" c="dimmed" visibleFrom="sm" style={{ flex: "none" }}>
                  {t("head.versionIs", { n: shown.versions[0].version })}
                </Text>
              )}
            </>
          ) : (
            <Skeleton h={22} w={220} />
          )}
        </div>
        <ToolbarSlot />
        {shown && <LifecycleMenu shown={shown} />}
      </header>
      <Tabs
        value={part}
        className={classes.tabs ?? ""}
        onChange={(next) =>
          navigate({
            to: next === "results" ? "/journeys/$name" : `/journeys/$name/${next as "design"}`,
            params: { name },
          })
        }
        aria-label={t("head.sections")}
      >
        <TabsRow at={part} style={{ border: 0 }}>
          {PARTS.map((one) => (
            <Tabs.Tab key={one} value={one} disabled={one === "results" && !shown?.versions.length}>
              {t(`head.${one}`)}
            </Tabs.Tab>
          ))}
        </TabsRow>
      </Tabs>
      <div className={classes.body}>{shown ? <Outlet /> : <Skeleton h="100%" radius={0} />}</div>
    </div>
  );
}
