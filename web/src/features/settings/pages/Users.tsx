import { ActionIcon, Button, Group, Menu, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDots, IconLink, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ROLES, type Role } from "@/lib/session";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { DataTable } from "@/ui/DataTable";
import { TimeAgo } from "@/ui/TimeAgo";
import { FormDialog } from "../parts/FormDialog";
import { Secret, type Told } from "../parts/Secret";
import { useSettingsWords } from "../words";

interface Row {
  id: number;
  email: string;
  name: string;
  role: Role;
  signed_in_at: string | null;
}

/** Who signs in, and what they may. */
export function Users() {
  const t = useSettingsWords();
  const queries = useQueryClient();
  const users = useQuery({ queryKey: ["users"], queryFn: () => api<{ items: Row[] }>("GET", "/api/v1/users") });
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Row | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const choices = ROLES.map((value) => ({ value, label: t(`users.roles.${value}`) }));
  const refresh = () => queries.invalidateQueries({ queryKey: ["users"] });
  const showLink = (of: { email: string; link: string }) =>
    setTold({ title: t("users.linkTitle", { email: of.email }), text: t("users.linkText"), secret: of.link });
  const attempt = async (act: () => Promise<unknown>) => {
    setError(null);
    try {
      await act();
      await refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  const add = async () => {
    showLink(await api<{ email: string; link: string }>("POST", "/api/v1/users", { body: { email, name, role } }));
    setEmail("");
    setName("");
    await refresh();
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Text c="dimmed">{t("users.about")}</Text>
        <Button onClick={() => setAdding(true)}>{t("users.add")}</Button>
      </Group>
      <DataTable
        label={t("sections.users")}
        rows={users.data?.items}
        rowKey={(user) => String(user.id)}
        error={users.error ?? error}
        onRetry={() => {
          setError(null);
          void users.refetch();
        }}
        columns={[
          {
            key: "name",
            label: t("name"),
            render: (user) => (
              <>
                {user.name || user.email}
                <Text fz="xs" c="dimmed">
                  {user.email}
                </Text>
              </>
            ),
          },
          {
            key: "role",
            label: t("users.role"),
            render: (user) => (
              <Select
                size="xs"
                w={{ base: 124, sm: 200 }}
                aria-label={`${t("users.role")}, ${user.email}`}
                data={choices}
                value={user.role}
                allowDeselect={false}
                onChange={(to) =>
                  void attempt(() => api("PUT", `/api/v1/users/${user.id}`, { body: { role: to as Role } }))
                }
              />
            ),
          },
          {
            key: "last",
            label: t("users.last"),
            isExtra: true,
            render: (user) => (user.signed_in_at ? <TimeAgo at={user.signed_in_at} /> : t("users.never")),
          },
          {
            key: "more",
            label: "",
            isFigure: true,
            render: (user) => (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={t("users.actions", { email: user.email })}>
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconLink size={16} />}
                    onClick={() =>
                      void attempt(async () => showLink(await api("POST", `/api/v1/users/${user.id}/link`)))
                    }
                  >
                    {t("users.link")}
                  </Menu.Item>
                  <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setRemoving(user)}>
                    {t("users.remove")}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ),
          },
        ]}
      />
      <FormDialog
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t("users.add")}
        submit={t("users.add")}
        onSubmit={add}
      >
        <TextInput
          label={t("users.email")}
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput label={t("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label={t("users.role")}
          description={t(`users.rolesText.${role}`)}
          data={choices}
          value={role}
          allowDeselect={false}
          onChange={(to) => setRole(to as Role)}
        />
      </FormDialog>
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("users.removeTitle", { email: removing?.email })}
        act={t("users.remove")}
        danger
        onAct={async () => {
          await api("DELETE", `/api/v1/users/${removing?.id}`);
          await refresh();
        }}
      >
        {t("users.removeText")}
      </ConfirmDialog>
      <Secret told={told} onClose={() => setTold(null)} />
    </Stack>
  );
}
