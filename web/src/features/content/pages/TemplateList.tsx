import {
  Alert,
  Anchor,
  Box,
  Button,
  Group,
  Menu,
  Paper,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import {
  IconBell,
  IconDeviceMobile,
  IconMail,
  IconMessage,
  IconPlus,
  IconSearch,
  IconWebhook,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay } from "@/lib/format";
import { sayError } from "@/lib/problem-words";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import { CHANNELS, type ChannelName, type Template, useTemplates } from "../api";
import { useContentWords } from "../words";

const ICONS: Record<ChannelName, typeof IconMail> = {
  email: IconMail,
  sms: IconMessage,
  push: IconBell,
  in_app: IconDeviceMobile,
  webhook: IconWebhook,
};

/** The first words of what it says: of several ways the first, and variables as what stands in for them. */
function glimpse(template: Template): string {
  const text =
    template.subject ?? template.title ?? (typeof template.body === "string" ? template.body : template.url) ?? "";
  return text
    .replace(/\{%-? *(else|elsif|when)\b.*?\{%-? *end\w+ *-?%\}/gs, " ")
    .replace(/\{%.*?%\}/gs, " ")
    .replace(/\{\{.*?\| *default: *["']([^"']*)["'].*?\}\}/g, "$1")
    .replace(
      /\{\{-? *([\w.[\]]+).*?\}\}/g,
      (_, path: string) => `‹${(path.split(".").at(-1) ?? "").replaceAll("_", " ")}›`,
    )
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 110);
}

function NewMenu() {
  const t = useContentWords();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <RoleButton scope="definitions:draft" leftSection={<IconPlus size={16} />}>
          {t("create")}
        </RoleButton>
      </Menu.Target>
      <Menu.Dropdown>
        {CHANNELS.map((channel) => {
          const Icon = ICONS[channel];
          return (
            <Menu.Item
              key={channel}
              onClick={() => void navigate({ to: "/content/new", search: { channel } as never })}
              leftSection={<Icon size={16} />}
            >
              {t(`channel.${channel}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** All templates, by channel. */
export function TemplateList() {
  const t = useContentWords();
  const { data, error, refetch } = useTemplates();
  const [text, setText] = useState("");
  const [channel, setChannel] = useState("all");
  const items = (data?.items ?? [])
    .filter((one) => channel === "all" || one.definition.channel === channel)
    .filter((one) =>
      `${one.name} ${one.id} ${glimpse(one.definition)}`.toLowerCase().includes(text.trim().toLowerCase()),
    );
  return (
    <Box>
      <PageHead title={t("title")} about={t("subtitle")}>
        <NewMenu />
      </PageHead>
      <Stack gap="lg">
        {error && !data ? (
          <Alert color="red" variant="light" title={t("failed_to_load")}>
            <Text size="sm">{sayError(error)}</Text>
            <Button mt="sm" size="xs" variant="default" onClick={() => void refetch()}>
              {t("retry")}
            </Button>
          </Alert>
        ) : null}
        {!data && !error ? <Skeleton h={280} aria-busy /> : null}
        {data && !data.items.length ? (
          <EmptyState icon={<IconMail size={24} />} title={t("empty_title")} text={t("empty_text")}>
            <NewMenu />
          </EmptyState>
        ) : null}
        {data?.items.length ? (
          <>
            <Group>
              <TextInput
                flex={1}
                maw={360}
                miw={200}
                leftSection={<IconSearch size={16} />}
                placeholder={t("search")}
                aria-label={t("search")}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <SegmentedControl
                size="xs"
                value={channel}
                onChange={setChannel}
                data={[
                  { value: "all", label: t("all") },
                  ...CHANNELS.map((one) => ({ value: one, label: t(`channel.${one}`) })),
                ]}
              />
            </Group>
            <Paper withBorder style={{ overflow: "hidden" }}>
              <Table.ScrollContainer minWidth={0}>
                <Table highlightOnHover>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("column.name")}</Table.Th>
                      <Table.Th>{t("column.channel")}</Table.Th>
                      <Table.Th visibleFrom="sm">{t("column.status")}</Table.Th>
                      <Table.Th visibleFrom="sm">{t("column.changed")}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map(({ id, name, published_at: at, definition }) => {
                      const Icon = ICONS[definition.channel];
                      const status = definition.status ?? "draft";
                      return (
                        <Table.Tr key={id}>
                          <Table.Td>
                            <Anchor component={Link} to={`/content/${id}`} fw={600} c="var(--mantine-color-text)">
                              {name}
                            </Anchor>
                            <Text size="sm" c="dimmed" lineClamp={1}>
                              {glimpse(definition)}
                            </Text>
                          </Table.Td>
                          <Table.Td>
                            <Group gap={6} wrap="nowrap">
                              <Icon size={16} />
                              <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                                {t(`channel.${definition.channel}`)}
                              </Text>
                            </Group>
                          </Table.Td>
                          <Table.Td visibleFrom="sm">
                            <StateBadge state={status} label={t(`status.${status}`)} />
                          </Table.Td>
                          <Table.Td visibleFrom="sm">
                            <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                              {formatDay(at)}
                            </Text>
                          </Table.Td>
                        </Table.Tr>
                      );
                    })}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Paper>
            {items.length ? null : <Text c="dimmed">{t("nothing_found")}</Text>}
          </>
        ) : null}
      </Stack>
    </Box>
  );
}
