import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash, IconUsers } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatInstant, formatNumber } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { PersonLink } from "@/ui/PersonLink";
import { RoleButton } from "@/ui/RoleButton";
import { type ListChange, useList, useListChange, useListMembers } from "../data";
import { PeopleInput } from "../parts/PeopleInput";
import { useListWords } from "../words";

const route = getRouteApi("/lists/$id");

function Changed({ change }: { change: ListChange }) {
  const t = useListWords();
  return (
    <Alert variant="light" color={change.unknown.length ? "yellow" : "teal"} mb="md" aria-live="polite">
      {change.added !== undefined ? t("added", { count: change.added }) : t("removed", { count: change.removed ?? 0 })}{" "}
      {change.unchanged > 0 && t("unchanged", { count: change.unchanged })}
      {change.unknown.length > 0 && (
        <Text size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
          {t("unknown", { count: change.unknown.length })}: {change.unknown.slice(0, 50).join(", ")}
          {change.unknown.length > 50 ? "…" : ""}
        </Text>
      )}
    </Alert>
  );
}

export function ListPage() {
  const t = useListWords();
  const go = useNavigate();
  const { id } = route.useParams();
  const { data: list, error } = useList(id);
  const [pages, setPages] = useState([""]);
  const members = useListMembers(id, pages.at(-1) ?? "");
  const change = useListChange();
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState<"add" | "delete" | null>(null);
  const [text, setText] = useState("");
  const next = members.data?.next;

  function open(what: typeof asked) {
    change.reset();
    setText("");
    setAsked(what);
  }

  const toggle = (userId: string, on: boolean) =>
    setChosen(on ? [...chosen, userId] : chosen.filter((one) => one !== userId));
  if (error && !list) {
    return (
      <>
        <PageHead title={id} up={{ to: "/lists", label: t("title") }} />
        <ErrorNote error={error} />
      </>
    );
  }
  return (
    <>
      <PageHead
        title={list?.name ?? id}
        about={list ? t("people_on", { count: list.members, n: formatNumber(list.members) }) : id}
        up={{ to: "/lists", label: t("title") }}
      >
        <RoleButton
          scope="lists:write"
          variant="default"
          leftSection={<IconTrash size={16} />}
          onClick={() => open("delete")}
        >
          {t("delete")}
        </RoleButton>
        <RoleButton scope="lists:write" leftSection={<IconPlus size={16} />} onClick={() => open("add")}>
          {t("add_people")}
        </RoleButton>
      </PageHead>
      <ErrorNote error={error} />
      {change.data && asked === null && <Changed change={change.data} />}
      {list?.members === 0 ? (
        <EmptyState icon={<IconUsers size={24} />} title={t("nobody")} text={t("nobody_text")}>
          <RoleButton scope="lists:write" onClick={() => open("add")}>
            {t("add_people")}
          </RoleButton>
        </EmptyState>
      ) : (
        <DataTable
          label={t("members")}
          rows={members.data?.items}
          rowKey={(row) => row.user_id}
          error={members.error}
          filters={
            chosen.length > 0 && (
              <RoleButton
                scope="lists:write"
                variant="light"
                color="red"
                loading={change.isPending}
                onClick={() =>
                  change.mutate({ id, verb: "remove", body: { user_ids: chosen } }, { onSuccess: () => setChosen([]) })
                }
              >
                {t("take_off", { count: chosen.length })}
              </RoleButton>
            )
          }
          onPrevious={pages.length > 1 ? () => setPages(pages.slice(0, -1)) : undefined}
          onNext={next ? () => setPages([...pages, next]) : undefined}
          columns={[
            {
              key: "chosen",
              label: t("choose"),
              width: 90,
              render: (row) => (
                <Checkbox
                  aria-label={t("choose_one", { who: row.user_id })}
                  checked={chosen.includes(row.user_id)}
                  onChange={(event) => toggle(row.user_id, event.currentTarget.checked)}
                />
              ),
            },
            {
              key: "person",
              label: t("person"),
              render: (row) => <PersonLink userId={row.user_id} />,
            },
            { key: "since", label: t("since"), isExtra: true, render: (row) => formatInstant(row.since) },
          ]}
        />
      )}
      <Modal
        opened={asked === "add"}
        onClose={() => setAsked(null)}
        title={t("add_people")}
        size="lg"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <PeopleInput value={text} onChange={setText} />
          <ErrorNote error={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t("cancel")}
            </Button>
            <Button
              disabled={text.trim() === ""}
              loading={change.isPending}
              onClick={() => change.mutate({ id, verb: "add", body: { text } }, { onSuccess: () => setAsked(null) })}
            >
              {t("add_people")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Modal
        opened={asked === "delete"}
        onClose={() => setAsked(null)}
        title={t("delete_title", { name: list?.name ?? id })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text size="sm">{t("delete_text", { count: list?.members ?? 0 })}</Text>
          <ErrorNote error={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t("cancel")}
            </Button>
            <Button
              color="red"
              loading={change.isPending}
              onClick={() =>
                change.mutate({ id, verb: "delete" }, { onSuccess: () => void go({ to: "/lists" as never }) })
              }
            >
              {t("delete")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
