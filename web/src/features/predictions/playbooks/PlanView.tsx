import { Badge, Card, Group, List, Stack, Text } from "@mantine/core";
import { IconFilter, IconMail, IconRoute, IconSend } from "@tabler/icons-react";
import { type Condition, isCondition } from "@/lib/conditions/condition";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { usePredictionWords } from "../words";
import type { Change, Kind, Made, Plan } from "./api";

const ICONS: Record<Kind, typeof IconMail> = {
  segment: IconFilter,
  template: IconMail,
  journey: IconRoute,
  campaign: IconSend,
};
const COLORS = { created: "teal", updated: "orange", unchanged: "gray" };

/** What stands in it, in a line or two. */
function Content({ made }: { made: Made }) {
  const t = usePredictionWords();
  if (made.kind === "segment" && isCondition(made.where)) return <SentenceView condition={made.where as Condition} />;
  if (made.kind === "template")
    return (
      <Text size="sm" c="dimmed" lineClamp={2}>
        {String(made.subject ?? made.title ?? made.body)}
      </Text>
    );
  const steps = Object.values((made.steps ?? {}) as Record<string, { type: string }>);
  const held = made.holdout_percent ?? made.control_percent;
  return (
    <Text size="sm" c="dimmed">
      {made.kind === "journey" ? `${t("playbook.steps", { count: steps.length })} · ` : ""}
      {held === undefined ? "" : t("playbook.holdout", { percent: held })}
    </Text>
  );
}

function State({ change }: { change: Change | undefined }) {
  const t = usePredictionWords();
  if (!change) return null;
  const state = change.action === "created" && change.draft ? "updated" : change.action;
  return (
    <Badge variant="light" color={COLORS[state]} tt="none" style={{ flex: "none" }}>
      {t(`playbook.action.${state}`)}
    </Badge>
  );
}

/** Everything a playbook would make, and what is wrong with it. */
export function PlanView({ plan }: { plan: Plan }) {
  const t = usePredictionWords();
  return (
    <Stack gap="xs">
      {plan.definitions.map((made) => {
        const Icon = ICONS[made.kind];
        const change = plan.changes.find((one) => one.kind === made.kind && one.id === made.id);
        return (
          <Card key={`${made.kind} ${made.id}`} withBorder padding="sm">
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Icon size={18} aria-hidden style={{ flex: "none", marginTop: 2 }} />
              <div style={{ minWidth: 0, flex: 1 }}>
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                    {made.kind === "template"
                      ? t(`playbook.channel.${String(made.channel)}`)
                      : String(made.name ?? made.id)}
                  </Text>
                  <State change={change} />
                </Group>
                <Text size="xs" c="dimmed">
                  {t(`playbook.kind.${made.kind}`)} · {made.id}
                </Text>
                <Content made={made} />
              </div>
            </Group>
          </Card>
        );
      })}
    </Stack>
  );
}

/** The problems of what it would make, each once. */
export function PlanProblems({ plan, severity }: { plan: Plan; severity: "error" | "warning" }) {
  const found = [...new Set(plan.problems.filter((one) => one.severity === severity).map((one) => one.message))];
  if (!found.length) return null;
  return (
    <List size="sm">
      {found.map((message) => (
        <List.Item key={message}>{message}</List.Item>
      ))}
    </List>
  );
}
