import { Button, Group, Text } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { PeoplePage } from "@/api/answers";
import { api } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { PersonLink } from "@/ui/PersonLink";
import { useDebounced } from "@/ui/use-debounced";
import { nameOf, type PersonRow } from "../person";
import { usePeopleWords } from "../words";

const PAGE = 50;
const MOST = 500;

/** Everybody whom a text finds, those who changed last first. */
export function PeopleList() {
  const t = usePeopleWords();
  const navigate = useNavigate();
  const asked = useSearch({ from: "/people" }).find ?? "";
  const [text, setText] = useState(asked);
  const [limit, setLimit] = useState(PAGE);
  const rested = useDebounced(text.trim());
  useEffect(() => {
    setLimit(PAGE);
    void navigate({ to: "/people", search: rested ? { find: rested } : {}, replace: true });
  }, [rested, navigate]);
  const people = useQuery({
    queryKey: ["people", rested, limit],
    queryFn: ({ signal }) => api<PeoplePage>("GET", "/api/v1/profiles", { query: { query: rested, limit }, signal }),
    placeholderData: keepPreviousData,
  });
  const rows = people.data?.items;
  const columns: Column<PersonRow>[] = [
    {
      key: "person",
      label: t("person"),
      render: (row) => (
        <>
          <PersonLink userId={row.user_id} name={nameOf(row.traits) || (row.known ? row.user_id : t("anonymous"))} />
          <Text fz="xs" c="dimmed">
            {row.user_id}
          </Text>
        </>
      ),
    },
    { key: "email", label: t("email"), isExtra: true, render: (row) => row.email ?? "" },
    {
      key: "seen",
      label: t("seen"),
      isExtra: true,
      isFigure: true,
      render: (row) => <time dateTime={row.updated_at}>{formatInstant(row.updated_at)}</time>,
    },
  ];
  const isEmpty = rows?.length === 0 && !rested;
  return (
    <>
      <PageHead title={t("title")} about={t("about")} />
      {isEmpty ? (
        <EmptyState icon={<IconUser size={24} />} title={t("empty")} text={t("emptyText")}>
          <Button component={Link} to="/settings/sources">
            {t("emptyAction")}
          </Button>
        </EmptyState>
      ) : (
        <DataTable
          label={t("title")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.user_id}
          error={people.error}
          onRetry={() => void people.refetch()}
          search={text}
          onSearch={setText}
          searchLabel={t("search")}
        />
      )}
      {rows && rows.length === limit && limit < MOST && (
        <Group justify="center" mt="sm">
          <Button
            variant="default"
            loading={people.isFetching}
            onClick={() => setLimit(Math.min(MOST, limit + 2 * PAGE))}
          >
            {t("more")}
          </Button>
        </Group>
      )}
    </>
  );
}
