import { Box, Button, Group, Paper, Stack, Table, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./DataTable.module.css";
import { ErrorNote } from "./ErrorNote";
import { RowsLoading } from "./Loading";
import { useUiWords } from "./words";

export interface Column<Row> {
  /** Its name; what `sort` says when rows are in its order. */
  key: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** Figures stand at the right. */
  isFigure?: boolean;
  /** Whether its head sorts. */
  sorts?: boolean;
  /** Left out on phones, or on whatever is narrower than this. */
  isExtra?: boolean | "xs" | "md";
  width?: number | string;
}

export interface Sort {
  key: string;
  descending: boolean;
}

interface Props<Row> {
  /** What a screen reader calls the table. */
  label: string;
  columns: Column<Row>[];
  /** `undefined` while they are on their way. */
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  error?: unknown;
  onRetry?: () => void;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** A search above the table, when `onSearch` is given. */
  search?: string;
  onSearch?: (text: string) => void;
  searchLabel?: string;
  /** More controls beside the search. */
  filters?: ReactNode;
  /** Beneath the rows: what shows more of them, of a list that comes in parts (`false`: that was the last). */
  more?: ReactNode;
  /** Pages by cursor: given when there is a page before or after. */
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  /** Shown when there are no rows though nothing is searched: a sentence, or an EmptyState. */
  empty?: ReactNode;
}

// Of a list that comes whole, however long it is: so many rows at a time.
const MOST = 200;

/**
 * A list of rows, paged, sorted and searched by the server (or by whoever hands in the rows): the table itself keeps
 * nothing but how many rows of a very long list are drawn.
 * Make the first column's content a link; it is what leads to the row.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, error, onRetry, sort, onSort, search, onSearch, filters, onPrevious, onNext } =
    props;
  const t = useUiWords();
  const [most, setMost] = useState(MOST);
  const limit = props.more === undefined ? most : undefined;
  const isEmpty = rows?.length === 0 && !search && props.empty !== undefined && typeof props.empty !== "string";
  return (
    <Stack gap="sm">
      {(onSearch || filters) && (
        <Group gap="sm">
          {onSearch && (
            <TextInput
              type="search"
              leftSection={<IconSearch size={16} />}
              aria-label={props.searchLabel ?? t("search")}
              placeholder={props.searchLabel ?? t("search")}
              value={search ?? ""}
              onChange={(event) => onSearch(event.currentTarget.value)}
              w={{ base: "100%", xs: 300 }}
            />
          )}
          {filters}
        </Group>
      )}
      <ErrorNote error={error} {...(onRetry ? { onRetry } : {})} />
      {rows === undefined ? (
        !error && <RowsLoading />
      ) : isEmpty ? (
        <Paper withBorder>{props.empty}</Paper>
      ) : (
        <Paper withBorder style={{ overflow: "hidden" }}>
          <Table.ScrollContainer minWidth={0}>
            <Table highlightOnHover aria-label={label}>
              <Table.Thead>
                <Table.Tr>
                  {columns.map((column) => (
                    <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.slice(0, limit).map((row) => (
                  <Table.Tr key={rowKey(row)}>
                    {columns.map((column) => (
                      <Table.Td key={column.key} className={classes.cell ?? ""} {...looksOf(column)}>
                        {column.render(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {rows.length === 0 && (
              <Box py="xl" ta="center">
                <Text c="dimmed">{search ? t("nothing") : (props.empty ?? t("nothing"))}</Text>
                {search && onSearch && (
                  <Button mt="xs" size="xs" variant="default" onClick={() => onSearch("")}>
                    {t("forget")}
                  </Button>
                )}
              </Box>
            )}
          </Table.ScrollContainer>
        </Paper>
      )}
      {props.more && <Group justify="center">{props.more}</Group>}
      {limit !== undefined && (rows?.length ?? 0) > limit && (
        <Group justify="center">
          <Button variant="default" onClick={() => setMost(most + MOST)}>
            {t("more")}
          </Button>
        </Group>
      )}
      {(onPrevious || onNext) && (
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" disabled={!onPrevious} onClick={onPrevious}>
            {t("previous")}
          </Button>
          <Button size="xs" variant="default" disabled={!onNext} onClick={onNext}>
            {t("next")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function looksOf<Row>({ isFigure, isExtra }: Column<Row>) {
  return {
    ...(isFigure ? { ta: "right" as const } : {}),
    ...(isExtra ? { visibleFrom: isExtra === true ? "sm" : isExtra } : {}),
  };
}

interface HeadProps<Row> {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}

function HeadCell<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const t = useUiWords();
  const isSorted = sort?.key === column.key;
  const Arrow = sort?.descending ? IconArrowDown : IconArrowUp;
  const content = (
    <Text span fz="xs" fw={500} c="dimmed">
      {column.label}
    </Text>
  );
  return (
    <Table.Th
      className={classes.head ?? ""}
      {...looksOf(column)}
      w={column.width}
      aria-sort={isSorted ? (sort?.descending ? "descending" : "ascending") : undefined}
    >
      {column.sorts && onSort ? (
        <UnstyledButton
          aria-label={t("sort", { column: column.label })}
          onClick={() =>
            onSort({ key: column.key, descending: isSorted ? !sort?.descending : Boolean(column.isFigure) })
          }
        >
          <Group gap={4} wrap="nowrap" display="inline-flex">
            {content}
            {isSorted && <Arrow size={13} />}
          </Group>
        </UnstyledButton>
      ) : (
        content
      )}
    </Table.Th>
  );
}
