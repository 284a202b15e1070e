import { Anchor, Select, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { whoIs } from "../actor";
import { useSettingsWords } from "../words";

interface Entry {
  cursor: string;
  at: string;
  actor: string;
  action: string;
  kind: string;
  id: string;
  version: number | null;
}

const KINDS = [
  "journey",
  "campaign",
  "segment",
  "template",
  "prediction",
  "settings",
  "list",
  "source",
  "write_key",
  "api_key",
  "user",
  "channel",
  "profile",
];
const PAGES: Record<string, string> = {
  journey: "/journeys",
  campaign: "/campaigns",
  segment: "/segments",
  template: "/content",
  prediction: "/predictions",
  list: "/lists",
};
const PAGE = 50;

/** Who did what. */
export function Audit() {
  const t = useSettingsWords();
  const [kind, setKind] = useState<string | null>(null);
  const [before, setBefore] = useState<string[]>([]);
  const entries = useQuery({
    queryKey: ["audit", kind, before.at(-1)],
    queryFn: () =>
      api<{ items: Entry[]; next: string | null }>("GET", "/api/v1/audit", {
        query: { limit: PAGE, kind, before: before.at(-1) },
      }),
    placeholderData: keepPreviousData,
  });
  const next = entries.data?.next;
  // What a later version of the server does, this one has no word for.
  const say = (word: string, raw: string) => {
    const told = t(`audit.${word}.${raw}`);
    return told.startsWith("audit.") ? raw : told;
  };
  return (
    <Stack>
      <Text c="dimmed">{t("audit.about")}</Text>
      <DataTable
        label={t("sections.audit")}
        rows={entries.data?.items}
        rowKey={(entry) => entry.cursor}
        error={entries.error}
        onRetry={() => void entries.refetch()}
        empty={t("audit.empty")}
        filters={
          <Select
            aria-label={t("audit.kind")}
            placeholder={t("audit.anyKind")}
            data={KINDS.map((one) => ({ value: one, label: t(`audit.kinds.${one}`) }))}
            value={kind}
            clearable
            onChange={(to) => {
              setKind(to);
              setBefore([]);
            }}
            w={220}
          />
        }
        onPrevious={before.length ? () => setBefore(before.slice(0, -1)) : undefined}
        onNext={next ? () => setBefore([...before, next]) : undefined}
        columns={[
          { key: "at", label: t("audit.at"), isExtra: true, render: (entry) => formatInstant(entry.at) },
          { key: "who", label: t("audit.who"), isExtra: true, render: (entry) => whoIs(entry.actor) },
          {
            key: "what",
            label: t("audit.what"),
            render: (entry) => (
              <>
                {say("actions", entry.action)}
                <Text fz="xs" c="dimmed" hiddenFrom="sm">
                  {`${whoIs(entry.actor)} · ${formatInstant(entry.at)}`}
                </Text>
              </>
            ),
          },
          {
            key: "of",
            label: t("audit.of"),
            render: (entry) => (
              <div style={{ overflowWrap: "anywhere", minWidth: 110 }}>
                {PAGES[entry.kind] ? (
                  <Anchor component={Link} to={`${PAGES[entry.kind]}/${entry.id}`} inherit>
                    {entry.id}
                  </Anchor>
                ) : (
                  entry.id !== entry.kind && entry.id
                )}
                <Text fz="xs" c="dimmed">
                  {say("kinds", entry.kind)}
                  {entry.version ? ` · ${t("audit.version", { version: entry.version })}` : ""}
                </Text>
              </div>
            ),
          },
        ]}
      />
    </Stack>
  );
}
