import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { DataTable } from "@/ui/DataTable";
import { TimeAgo } from "@/ui/TimeAgo";
import { FormDialog } from "../parts/FormDialog";
import { Secret, type Told } from "../parts/Secret";
import { useSettingsWords } from "../words";

interface Key {
  id: number;
  name: string;
  hint: string;
  scopes: string[];
  created_at: string;
  revoked_at: string | null;
}

const SCOPES = [
  "read",
  "definitions:draft",
  "definitions:write",
  "lists:write",
  "profiles:write",
  "keys:write",
  "metrics",
  "admin",
];

/** Keys for programs. */
export function Keys() {
  const t = useSettingsWords();
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => api<{ items: Key[] }>("GET", "/api/v1/keys") });
  const [isAdding, setAdding] = useState(false);
  const [closing, setClosing] = useState<Key | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const refresh = () => queries.invalidateQueries({ queryKey: ["keys"] });
  const add = async () => {
    const made = await api<{ api_key: string }>("POST", "/api/v1/keys", { body: { name, scopes } });
    setTold({ title: t("secretTitle"), text: t("secretText"), secret: made.api_key });
    setName("");
    await refresh();
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Text c="dimmed">{t("keys.about")}</Text>
        <Button onClick={() => setAdding(true)}>{t("keys.add")}</Button>
      </Group>
      <DataTable
        label={t("sections.keys")}
        rows={keys.data?.items}
        rowKey={(key) => String(key.id)}
        error={keys.error}
        onRetry={() => void keys.refetch()}
        columns={[
          { key: "name", label: t("name"), render: (key) => key.name },
          { key: "hint", label: t("keys.hint"), isExtra: true, render: (key) => key.hint },
          { key: "scopes", label: t("keys.scopes"), isExtra: true, render: (key) => key.scopes.join(", ") },
          { key: "created", label: t("created"), isExtra: true, render: (key) => <TimeAgo at={key.created_at} /> },
          {
            key: "state",
            label: t("keys.state"),
            isFigure: true,
            render: (key) =>
              key.revoked_at ? (
                <Text c="dimmed" fz="sm">
                  {t("keys.revoked")}
                </Text>
              ) : (
                <Button size="xs" variant="default" onClick={() => setClosing(key)}>
                  {t("keys.revoke")}
                </Button>
              ),
          },
        ]}
      />
      <FormDialog
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t("keys.add")}
        submit={t("keys.add")}
        onSubmit={add}
      >
        <TextInput
          label={t("name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group label={t("keys.scopes")} value={scopes} onChange={setScopes}>
          <Stack gap={6} mt={6}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} description={t(`keys.scope.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
      </FormDialog>
      <ConfirmDialog
        opened={closing !== null}
        onClose={() => setClosing(null)}
        title={t("keys.revokeTitle", { name: closing?.name })}
        act={t("keys.revoke")}
        danger
        onAct={async () => {
          await api("DELETE", `/api/v1/keys/${closing?.id}`);
          await refresh();
        }}
      >
        {t("keys.revokeText")}
      </ConfirmDialog>
      <Secret told={told} onClose={() => setTold(null)} />
    </Stack>
  );
}
