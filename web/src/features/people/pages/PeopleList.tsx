import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import type { PeoplePage } from "@/api/answers";
import { api } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { PersonLink } from "@/ui/PersonLink";
import { useDebounced } from "@/ui/use-debounced";
import { nameOf, type PersonRow } from "../person";
import type { Who } from "../routes";
import { usePeopleWords } from "../words";

const PAGE = 50;
const WHO: Who[] = ["known", "anonymous", "all"];

/** Everybody whom a text finds, the last that came first: those who are known, unless the address says otherwise. */
export function PeopleList() {
  const t = usePeopleWords();
  const navigate = useNavigate();
  const { find = "", who = "known" } = useSearch({ from: "/people" });
  const [text, setText] = useState(find);
  const rested = useDebounced(text.trim());
  const show = useCallback(
    (asked: string, of: Who) =>
      void navigate({
        to: "/people",
        search: { ...(asked ? { find: asked } : {}), ...(of === "known" ? {} : { who: of }) },
        replace: true,
      }),
    [navigate],
  );
  useEffect(() => show(rested, who), [rested, who, show]);
  const people = useInfiniteQuery({
    queryKey: ["people", rested, who],
    queryFn: ({ signal, pageParam }) =>
      api<PeoplePage>("GET", "/api/v1/profiles", {
        query: { query: rested, limit: PAGE, after: pageParam, known: who === "all" ? null : who === "known" },
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.after,
    placeholderData: keepPreviousData,
  });
  const rows = people.data?.pages.flatMap((page) => page.items);
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
  const isEmpty = rows?.length === 0 && !rested && who === "all";
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
          filters={
            <SegmentedControl
              aria-label={t("filter")}
              value={who}
              onChange={(next) => show(rested, next as Who)}
              data={WHO.map((value) => ({ value, label: t(`who.${value}`) }))}
            />
          }
          empty={t(`none_${who}`)}
          more={
            people.hasNextPage && (
              <Button variant="default" loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
                {t("more")}
              </Button>
            )
          }
        />
      )}
      {rows?.length === 0 && who !== "all" && (
        <Group justify="center" mt="sm">
          <Button variant="subtle" onClick={() => show(rested, "all")}>
            {t("lookAmongAll")}
          </Button>
        </Group>
      )}
    </>
  );
}
