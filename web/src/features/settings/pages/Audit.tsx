import { Select, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
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
];
const PAGE = 50;

/** `user:3:ana@shop.example` → `ana@shop.example`; a key by its name. */
function whoIs(actor: string): string {
  const [kind, , ...rest] = actor.split(":");
  return (kind === "user" || kind === "key") && rest.length ? rest.join(":") : actor;
}

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
            data={KINDS}
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
          { key: "at", label: t("audit.at"), render: (entry) => formatInstant(entry.at) },
          { key: "who", label: t("audit.who"), isExtra: true, render: (entry) => whoIs(entry.actor) },
          { key: "what", label: t("audit.what"), render: (entry) => entry.action },
          {
            key: "of",
            label: t("audit.of"),
            render: (entry) => (
              <>
                {entry.id}
                <Text fz="xs" c="dimmed">
                  {entry.kind}
                  {entry.version ? ` · v${entry.version}` : ""}
                </Text>
              </>
            ),
          },
        ]}
      />
    </Stack>
  );
}
