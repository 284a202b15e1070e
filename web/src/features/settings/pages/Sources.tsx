import { Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { RoleButton } from "@/ui/RoleButton";
import { FormDialog } from "../parts/FormDialog";
import { Secret, type Told } from "../parts/Secret";
import { useSettingsWords } from "../words";

interface Source {
  id: string;
  name: string;
  trusted: boolean;
  write_keys: number;
}

/** Where events come from, and the keys they come with. */
export function Sources() {
  const t = useSettingsWords();
  const queries = useQueryClient();
  const sources = useQuery({
    queryKey: ["sources"],
    queryFn: () => api<{ items: Source[] }>("GET", "/api/v1/sources"),
  });
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [trusted, setTrusted] = useState(false);
  const show = (secret: string) => {
    setTold({ title: t("secretTitle"), text: t("secretText"), secret });
    void queries.invalidateQueries({ queryKey: ["sources"] });
  };
  const add = async () => {
    const made = await api<{ write_key: string }>("POST", "/api/v1/sources", { body: { id, name, trusted } });
    show(made.write_key);
    setId("");
    setName("");
  };
  const addKey = async (source: Source) => {
    setError(null);
    try {
      show((await api<{ write_key: string }>("POST", `/api/v1/sources/${source.id}/keys`)).write_key);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Text c="dimmed">{t("sources.about")}</Text>
        <RoleButton scope="keys:write" onClick={() => setAdding(true)}>
          {t("sources.add")}
        </RoleButton>
      </Group>
      <DataTable
        label={t("sections.sources")}
        rows={sources.data?.items}
        rowKey={(source) => source.id}
        error={sources.error ?? error}
        onRetry={() => {
          setError(null);
          void sources.refetch();
        }}
        columns={[
          {
            key: "name",
            label: t("name"),
            render: (source) => (
              <>
                {source.name}
                <Text fz="xs" c="dimmed">
                  {source.id}
                </Text>
              </>
            ),
          },
          {
            key: "trusted",
            label: t("sources.trusted"),
            isExtra: true,
            render: (source) => t(source.trusted ? "sources.yes" : "sources.no"),
          },
          {
            key: "keys",
            label: t("sources.writeKeys"),
            isFigure: true,
            render: (source) => formatNumber(source.write_keys),
          },
          {
            key: "add",
            label: "",
            isFigure: true,
            render: (source) => (
              <RoleButton scope="keys:write" size="xs" variant="default" onClick={() => void addKey(source)}>
                {t("sources.key")}
              </RoleButton>
            ),
          },
        ]}
      />
      <FormDialog
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t("sources.add")}
        submit={t("sources.add")}
        onSubmit={add}
      >
        <TextInput
          label={t("id")}
          description={t("sources.idText")}
          required
          pattern="[a-z0-9\-]{1,64}"
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput label={t("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Switch
          label={t("sources.trusted")}
          description={t("sources.trustedText")}
          checked={trusted}
          onChange={(event) => setTrusted(event.currentTarget.checked)}
        />
      </FormDialog>
      <Secret told={told} onClose={() => setTold(null)} />
    </Stack>
  );
}
