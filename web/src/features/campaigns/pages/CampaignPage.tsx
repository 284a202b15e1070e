import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Grid,
  Group,
  Menu,
  Modal,
  Paper,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopy, IconDots, IconPencil, IconRefresh } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import { sayError } from "@/lib/problem-words";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton, RoleItem } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import { type CampaignShown, useAct, useCampaign, useReport, useTemplates } from "../data";
import { CHANNELS, EVERYONE, toForm } from "../form";
import { Results } from "../parts/Results";
import { useWhenWords } from "../parts/ReviewSection";
import { useCampaignWords } from "../words";

const route = getRouteApi("/campaigns/$id");
const VERBS: Record<string, string[]> = {
  published: ["pause", "close", "stop"],
  paused: ["resume", "stop"],
  closed: ["resume", "archive"],
  stopped: ["resume", "archive"],
};

function Acts({ id, shown }: { id: string; shown: CampaignShown }) {
  const t = useCampaignWords();
  const go = useNavigate();
  const act = useAct(id);
  const [asked, setAsked] = useState<string | null>(null);
  const verbs = shown.archived_at ? ["restore"] : (VERBS[shown.state] ?? []);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("more_actions")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <RoleItem
            scope="definitions:draft"
            leftSection={<IconCopy size={16} />}
            onClick={() => go({ to: "/campaigns/new", search: { from: id } })}
          >
            {t("duplicate")}
          </RoleItem>
          {verbs.map((verb) => (
            <RoleItem
              scope="definitions:write"
              key={verb}
              onClick={() => setAsked(verb)}
              {...(verb === "stop" ? { color: "red" } : {})}
            >
              {t(`verb.${verb}`)}…
            </RoleItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked ? t(`verb.${asked}`) : ""}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text size="sm">{asked ? t(`does.${asked}`) : ""}</Text>
          <ErrorNote error={act.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t("cancel")}
            </Button>
            <Button
              {...(asked === "stop" ? { color: "red" } : {})}
              loading={act.isPending}
              onClick={() => asked && act.mutate({ verb: asked }, { onSuccess: () => setAsked(null) })}
            >
              {asked ? t(`verb.${asked}`) : ""}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

export function CampaignPage() {
  const t = useCampaignWords();
  const say = useWhenWords();
  const { id } = route.useParams();
  const { data: shown, error } = useCampaign(id);
  const isPublished = (shown?.versions.length ?? 0) > 0;
  const { data: report } = useReport(id, isPublished);
  const up = { to: "/campaigns", label: t("title") };
  const definition = shown?.versions[0]?.definition ?? shown?.draft?.definition;
  const [sending, setSending] = useState(false);
  const templates = useTemplates().data?.items ?? [];
  const nameOf = (template: string) => templates.find((one) => one.id === template)?.name ?? template;
  if (!shown || !definition) {
    return (
      <>
        <PageHead title={id} up={up} />
        {error ? <ErrorNote error={error} /> : <Skeleton h={320} />}
      </>
    );
  }
  const form = toForm(definition);
  const send = async () => {
    setSending(true);
    await api("POST", `/api/v1/campaigns/${encodeURIComponent(id)}/start`, {
      body: { request_id: crypto.randomUUID() },
    })
      .then(() => notifications.show({ message: t("sending", { name: form.name }) }))
      .catch((e: unknown) => notifications.show({ color: "red", message: sayError(e) }));
    setSending(false);
  };
  return (
    <>
      <PageHead
        title={form.name}
        about={say(form)}
        up={up}
        mark={<StateBadge state={shown.state} label={t(`state.${shown.state}`)} />}
      >
        <RoleButton
          scope="definitions:draft"
          component={Link}
          to="/campaigns/$id/edit"
          params={{ id } as never}
          variant="default"
          leftSection={<IconPencil size={16} />}
        >
          {t("edit")}
        </RoleButton>
        {form.when.kind === "now" && shown.state === "published" && (
          <RoleButton scope="profiles:write" variant="default" loading={sending} onClick={() => void send()}>
            {t("send_again")}
          </RoleButton>
        )}
        {isPublished && (
          <RoleButton
            scope="definitions:draft"
            component={Link}
            to="/campaigns/new"
            search={{ from: id, retarget: true } as never}
            leftSection={<IconRefresh size={16} />}
          >
            {t("retarget")}
          </RoleButton>
        )}
        <Acts id={id} shown={shown} />
      </PageHead>
      {shown.draft && isPublished && (
        <Alert variant="light" color="indigo" mb="md">
          {t("has_draft")}
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          {report ? <Results report={report} /> : <Text c="dimmed">{isPublished ? "" : t("not_published")}</Text>}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper withBorder p="md">
            <Title order={2} fz="sm" mb="xs">
              {t("step_audience")}
            </Title>
            <SentenceView condition={(definition.audience as Condition | undefined) ?? EVERYONE} />
            <Title order={2} fz="sm" mt="md" mb="xs">
              {t("step_content")}
            </Title>
            {CHANNELS.filter((channel) => form.templates[channel]).map((channel) => (
              <Group key={channel} gap={8} wrap="nowrap">
                <Text size="sm" c="dimmed" w={56}>
                  {t(`channel.${channel}`)}
                </Text>
                <Anchor component={Link} to={`/content/${form.templates[channel]}`} size="sm">
                  {nameOf(String(form.templates[channel]))}
                </Anchor>
              </Group>
            ))}
          </Paper>
        </Grid.Col>
      </Grid>
    </>
  );
}
