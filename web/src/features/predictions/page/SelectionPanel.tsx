import { Button, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconLayoutGrid, IconSend, IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatNumber, formatShare } from "@/lib/format";
import { RoleButton } from "@/ui/RoleButton";
import { type Page, useSelectedAmount } from "../api";
import { describeSelection, formatExpected } from "../describe";
import { usePredictionWords } from "../words";
import { formatAmount } from "./AmountsSection";
import { type Choice, type Panel, selectionOf } from "./selection";
import { TargetModal } from "./TargetModal";

/** Why nothing may be made of it, as a key of words; none when it may. */
function whyNot(page: Page): string | undefined {
  if (page.targetable) return undefined;
  if (page.mode === "preview" || page.mode === "demo" || page.mode === "draft") return `panel.why_${page.mode}`;
  return "panel.why_unbuilt";
}

function Part({ title, n, all, color }: { title: string; n: number; all: number; color: string }) {
  const t = usePredictionWords();
  const share = all > 0 ? n / all : 0;
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{title}</Text>
        <Text size="sm" fw={600}>
          {formatShare(share, 0)}
        </Text>
      </Group>
      <Progress value={100 * share} color={color} size="md" aria-label={title} />
      <Text size="xs" c="dimmed">
        {t("panel.of", { n: formatExpected(n), all: formatExpected(all) })}
      </Text>
    </Stack>
  );
}

/** What the selection comes to, and what can be made of it. */
export function SelectionPanel({ page, choice, panel }: { page: Page; choice: Choice; panel: Panel }) {
  const t = usePredictionWords();
  const [making, setMaking] = useState<"segment" | "campaign">();
  const rate = panel.selected ? panel.performers / panel.selected : 0;
  const base = panel.audience ? panel.allPerformers / panel.audience : 0;
  const why = whyNot(page);
  const [asked] = useDebouncedValue(selectionOf(choice), 250);
  const worth = useSelectedAmount(page, asked).data?.expected_value;
  const nobody = panel.selected === 0;
  return (
    <Card withBorder padding="lg" component="section" aria-label={t("panel.title")}>
      <Stack gap="lg">
        <div>
          <Title order={2} size="h4">
            {t("panel.title")}
          </Title>
          <Text size="sm" c="dimmed">
            {describeSelection(t, selectionOf(choice)) || "–"}
          </Text>
        </div>
        <div aria-live="polite">
          <Group gap={8} align="baseline">
            <Text fz={36} fw={600} lh={1} data-testid="selected">
              {formatNumber(panel.selected)}
            </Text>
            <Text>{t("panel.people", { count: panel.selected })}</Text>
          </Group>
          <Text size="sm" c="dimmed" mt={4}>
            {t("panel.share", { share: formatShare(panel.audience ? panel.selected / panel.audience : 0) })}
          </Text>
        </div>
        {worth === undefined ? null : (
          <Group justify="space-between">
            <Text size="sm">{t("panel.worth")}</Text>
            <Text size="sm" fw={600}>
              {formatAmount(worth)}
            </Text>
          </Group>
        )}
        <Part title={t("panel.performers")} n={panel.performers} all={panel.allPerformers} color="indigo" />
        <Part title={t("panel.others")} n={panel.others} all={panel.allOthers} color="gray" />
        <Text size="sm" mih={44}>
          {nobody
            ? t("panel.nobody")
            : t("panel.rate", {
                rate: formatShare(rate),
                times: formatNumber(base ? rate / base : 0, { maximumFractionDigits: 1 }),
              })}
        </Text>
        <Stack gap="xs">
          <RoleButton
            scope="definitions:write"
            leftSection={<IconUsersGroup size={18} />}
            disabled={Boolean(why) || nobody}
            aria-describedby={why ? "why-not-targetable" : undefined}
            onClick={() => setMaking("segment")}
          >
            {t("panel.segment")}
          </RoleButton>
          <RoleButton
            scope="definitions:write"
            variant="default"
            leftSection={<IconSend size={18} />}
            disabled={Boolean(why) || nobody}
            aria-describedby={why ? "why-not-targetable" : undefined}
            onClick={() => setMaking("campaign")}
          >
            {t("panel.campaign")}
          </RoleButton>
          <Button
            component={Link}
            to="/predictions/playbooks"
            search={{ prediction: page.id } as never}
            variant="subtle"
            leftSection={<IconLayoutGrid size={18} />}
          >
            {t("playbook.start")}
          </Button>
          {why ? (
            <Text id="why-not-targetable" size="sm" c="dimmed">
              {t(why)}
            </Text>
          ) : null}
        </Stack>
      </Stack>
      {making ? <TargetModal page={page} choice={choice} make={making} onClose={() => setMaking(undefined)} /> : null}
    </Card>
  );
}
