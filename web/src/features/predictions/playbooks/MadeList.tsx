import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { usePredictionWords } from "../words";
import type { Done, Kind } from "./api";

const WHERE: Record<Kind, (id: string) => string> = {
  segment: (id) => `/segments/${id}`,
  template: (id) => `/content/${id}`,
  journey: (id) => `/journeys/${id}/design`,
  campaign: (id) => `/campaigns/${id}`,
};

/** What became of a playbook: everything it made, with what is left to do. */
export function MadeList({ done }: { done: Done }) {
  const t = usePredictionWords();
  const lead = done.made.find((one) => one.kind === "journey" || one.kind === "campaign");
  return (
    <Card withBorder padding="lg" maw={720}>
      <Group gap="sm" mb="xs">
        <IconCheck size={20} color="var(--mantine-color-teal-6)" aria-hidden />
        <Title order={2} size="h4">
          {t("playbook.done")}
        </Title>
      </Group>
      <Text size="sm" c="dimmed" mb="md">
        {t("playbook.done_about")}
      </Text>
      <Stack gap="xs" mb="lg">
        {done.made.map((one) => (
          <Group key={`${one.kind} ${one.id}`} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Anchor component={Link} to={WHERE[one.kind](one.id)} size="sm" style={{ overflowWrap: "anywhere" }}>
                {one.id}
              </Anchor>
              <Text size="xs" c="dimmed">
                {t(`playbook.kind.${one.kind}`)}
              </Text>
            </div>
            <Badge
              variant="light"
              color={one.action === "kept" ? "gray" : one.kind === "segment" ? "teal" : "yellow"}
              tt="none"
              style={{ flex: "none" }}
            >
              {t(`playbook.made.${one.kind === "template" && one.action !== "kept" ? "written" : one.action}`)}
            </Badge>
          </Group>
        ))}
      </Stack>
      <Group>
        {lead && (
          <Button component={Link} to={WHERE[lead.kind](lead.id)}>
            {t(`playbook.open.${lead.kind}`)}
          </Button>
        )}
        <Button component={Link} to="/predictions/playbooks" variant="default">
          {t("playbook.others")}
        </Button>
      </Group>
    </Card>
  );
}
