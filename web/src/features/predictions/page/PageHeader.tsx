import { Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { formatAgo, formatNumber } from "@/lib/format";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { isOpen, type Page, useAct, useMode } from "../api";
import { describeTarget } from "../describe";
import { StateBadge } from "../parts/StateBadge";
import { usePredictionWords } from "../words";

/** Its name, what it foretells, when it was scored; and what can be done with it as a whole. */
export function PageHeader({ page, now }: { page: Page; now: number }) {
  const t = usePredictionWords();
  const act = useAct(page.id);
  const mode = useMode(page);
  const become = (next: "active" | "archived") =>
    mode.mutate(next, { onError: (problem) => notifications.show({ color: "red", message: problem.message }) });
  const start = (what: "build" | "rescore") =>
    act.mutate(what, {
      onSuccess: () => notifications.show({ message: t("page.started") }),
      onError: (problem) => notifications.show({ color: "red", message: problem.message }),
    });
  const told = [
    describeTarget(t, page.target, page.window_days),
    page.people === null ? null : t("page.of", { people: formatNumber(page.people) }),
    page.scored_at ? t("page.scored", { ago: formatAgo(page.scored_at, now) }) : null,
    page.trained_at ? t("page.trained", { ago: formatAgo(page.trained_at, now) }) : null,
    page.next_rescore_at ? t("page.next", { ago: formatAgo(page.next_rescore_at, now) }) : null,
  ];
  const open = isOpen(page.run);
  return (
    <PageHead
      title={page.name}
      up={{ to: "/predictions", label: t("page.all") }}
      mark={<StateBadge state={page.state} />}
      about={told.filter(Boolean).join(" · ")}
    >
      {page.mode === "active" && !open ? (
        <Group gap="xs">
          {page.version !== null ? (
            <RoleButton
              scope="definitions:draft"
              variant="default"
              leftSection={<IconRefresh size={16} />}
              onClick={() => start("rescore")}
              loading={act.isPending}
            >
              {t("page.rescore")}
            </RoleButton>
          ) : null}
          <RoleButton
            scope="definitions:draft"
            variant="default"
            onClick={() => start("build")}
            disabled={act.isPending}
          >
            {t(page.version === null ? "page.build" : "page.rebuild")}
          </RoleButton>
        </Group>
      ) : null}
      {page.mode === "draft" || page.mode === "preview" || page.mode === "archived" ? (
        <RoleButton scope="definitions:draft" onClick={() => become("active")} loading={mode.isPending}>
          {t(page.mode === "archived" ? "page.resume" : "page.activate")}
        </RoleButton>
      ) : null}
      {page.mode === "active" && page.version !== null ? (
        <RoleButton
          scope="definitions:draft"
          variant="subtle"
          color="gray"
          onClick={() => become("archived")}
          loading={mode.isPending}
        >
          {t("page.archive")}
        </RoleButton>
      ) : null}
    </PageHead>
  );
}
