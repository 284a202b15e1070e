import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconListCheck, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatNumber } from "@/lib/format";
import { idFromName } from "@/lib/ids";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { type ListRow, useListChange, useLists } from "../data";
import { PeopleInput } from "../parts/PeopleInput";
import { useListWords } from "../words";

function NewList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useListWords();
  const go = useNavigate();
  const change = useListChange();
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const id = idFromName(name);

  async function make() {
    const made = await change.mutateAsync({ id, verb: "make", body: { name } }).catch(() => null);
    if (made === null) return;
    if (text.trim()) await change.mutateAsync({ id, verb: "add", body: { text } }).catch(() => null);
    void go({ to: "/lists/$id", params: { id } });
  }

  return (
    <Modal opened={opened} onClose={onClose} title={t("new")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <TextInput
          label={t("name")}
          description={id ? t("its_id", { id }) : t("its_id_later")}
          placeholder={t("name_example")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <PeopleInput value={text} onChange={setText} />
        <ErrorNote error={change.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button disabled={id === ""} loading={change.isPending} onClick={() => void make()}>
            {t("create")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function ListOverview() {
  const t = useListWords();
  const { data, error, refetch } = useLists();
  const [making, setMaking] = useState(false);
  const [text, setText] = useState("");
  const rows = data?.items.filter((row) => `${row.name} ${row.id}`.toLowerCase().includes(text.toLowerCase()));
  const create = (
    <RoleButton scope="lists:write" leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t("new")}
    </RoleButton>
  );
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        {create}
      </PageHead>
      {data?.items.length === 0 ? (
        <EmptyState icon={<IconListCheck size={24} />} title={t("empty_title")} text={t("empty_text")}>
          {create}
        </EmptyState>
      ) : (
        <DataTable<ListRow>
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.id}
          error={error}
          onRetry={() => void refetch()}
          search={text}
          onSearch={setText}
          searchLabel={t("search")}
          columns={[
            {
              key: "name",
              label: t("name"),
              render: (row) => (
                <RowName to={`/lists/${row.id}`} note={row.id}>
                  {row.name}
                </RowName>
              ),
            },
            { key: "members", label: t("people"), isFigure: true, render: (row) => formatNumber(row.members) },
          ]}
        />
      )}
      <NewList opened={making} onClose={() => setMaking(false)} />
    </>
  );
}
