import { Group, Menu, SegmentedControl } from "@mantine/core";
import { IconBell, IconDeviceMobile, IconMail, IconMessage, IconPlus, IconWebhook } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
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

function Channel({ name }: { name: ChannelName }) {
  const t = useContentWords();
  const Icon = ICONS[name];
  return (
    <Group gap={6} wrap="nowrap" style={{ whiteSpace: "nowrap" }}>
      <Icon size={16} />
      {t(`channel.${name}`)}
    </Group>
  );
}

/** All templates, by channel. */
export function TemplateList() {
  const t = useContentWords();
  const { data, error, refetch } = useTemplates();
  const [text, setText] = useState("");
  const [channel, setChannel] = useState("all");
  const rows = data?.items
    .filter((one) => channel === "all" || one.definition.channel === channel)
    .filter((one) =>
      `${one.name} ${one.id} ${glimpse(one.definition)}`.toLowerCase().includes(text.trim().toLowerCase()),
    );
  return (
    <>
      <PageHead title={t("title")} about={t("subtitle")}>
        <NewMenu />
      </PageHead>
      <DataTable
        label={t("title")}
        rows={rows}
        rowKey={(one) => one.id}
        error={error}
        onRetry={() => void refetch()}
        search={text}
        onSearch={setText}
        searchLabel={t("search")}
        filters={
          <SegmentedControl
            size="xs"
            aria-label={t("which")}
            value={channel}
            onChange={setChannel}
            data={[
              { value: "all", label: t("all") },
              ...CHANNELS.map((one) => ({ value: one, label: t(`channel.${one}`) })),
            ]}
          />
        }
        empty={
          data?.items.length ? (
            t("nothing_found")
          ) : (
            <EmptyState icon={<IconMail size={24} />} title={t("empty_title")} text={t("empty_text")}>
              <NewMenu />
            </EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            label: t("column.name"),
            render: (one) => (
              <RowName to={`/content/${one.id}`} note={glimpse(one.definition)}>
                {one.name}
              </RowName>
            ),
          },
          { key: "channel", label: t("column.channel"), render: (one) => <Channel name={one.definition.channel} /> },
          {
            key: "status",
            label: t("column.status"),
            isExtra: true,
            render: ({ definition: { status = "draft" } }) => (
              <StateBadge state={status} label={t(`status.${status}`)} />
            ),
          },
          {
            key: "changed",
            label: t("column.changed"),
            isExtra: true,
            isFigure: true,
            render: (one) => formatDay(one.published_at),
          },
        ]}
      />
    </>
  );
}
