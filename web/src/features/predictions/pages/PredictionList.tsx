import {
  Alert,
  Anchor,
  Box,
  Button,
  Group,
  Paper,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconLayoutGrid, IconPlus, IconSearch, IconSparkles } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatAgo, formatNumber, formatShare } from "@/lib/format";
import { sayError } from "@/lib/problem-words";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge as Badge } from "@/ui/StateBadge";
import { isOpen, type Summary, usePredictions } from "../api";
import { describeTarget } from "../describe";
import { QualityMark } from "../parts/QualityMark";
import { RunProgress } from "../parts/RunProgress";
import { StateBadge } from "../parts/StateBadge";

import { usePredictionWords } from "../words";

function Row({ one, now }: { one: Summary; now: number }) {
  const t = usePredictionWords();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/predictions/${one.id}`} fw={600} c="var(--mantine-color-text)">
          {one.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {describeTarget(t, one.target, one.window_days)}
        </Text>
      </Table.Td>
      {one.run && isOpen(one.run) ? (
        <Table.Td colSpan={5}>
          <RunProgress run={one.run} />
        </Table.Td>
      ) : (
        <>
          <Table.Td>
            <Group gap={6} wrap="nowrap">
              <StateBadge state={one.state} />
              {one.stale && one.state !== "archived" ? <Badge state="waiting" label={t("state.stale")} /> : null}
            </Group>
          </Table.Td>
          <Table.Td visibleFrom="sm">
            {one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : "–"}
          </Table.Td>
          <Table.Td ta="end" visibleFrom="md">
            {one.people === null ? "–" : formatNumber(one.people)}
          </Table.Td>
          <Table.Td ta="end" visibleFrom="md">
            {one.base_rate === null ? "–" : formatShare(one.base_rate)}
          </Table.Td>
          <Table.Td visibleFrom="md">{one.scored_at ? formatAgo(one.scored_at, now) : t("never")}</Table.Td>
        </>
      )}
    </Table.Tr>
  );
}

/** All predictions, with their states and how good they are. */
export function PredictionList() {
  const t = usePredictionWords();
  const { data, error, refetch } = usePredictions();
  const [text, setText] = useState("");
  const [shown, setShown] = useState("all");
  const items = (data?.items ?? [])
    .filter((one) => (one.state === "archived") === (shown === "archived"))
    .filter((one) => `${one.name} ${one.id}`.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <Box>
      <PageHead title={t("title")} about={t("subtitle")}>
        <Button
          component={Link}
          to="/predictions/playbooks"
          variant="default"
          leftSection={<IconLayoutGrid size={16} />}
        >
          {t("playbook.title")}
        </Button>
        <RoleButton
          scope="definitions:draft"
          component={Link}
          to="/predictions/new"
          leftSection={<IconPlus size={16} />}
        >
          {t("create")}
        </RoleButton>
      </PageHead>
      <Stack gap="lg">
        {error && !data ? (
          <Alert color="red" variant="light" title={t("failed_to_load")}>
            <Text size="sm">{sayError(error)}</Text>
            <Button mt="sm" size="xs" variant="default" onClick={() => void refetch()}>
              {t("retry")}
            </Button>
          </Alert>
        ) : null}
        {!data && !error ? <Skeleton h={240} aria-busy /> : null}
        {data && !data.items.length ? (
          <EmptyState icon={<IconSparkles size={24} />} title={t("empty.title")} text={t("empty.text")}>
            <RoleButton scope="definitions:draft" component={Link} to="/predictions/new">
              {t("create")}
            </RoleButton>
          </EmptyState>
        ) : null}
        {data?.items.length ? (
          <>
            <Group>
              <TextInput
                flex={1}
                maw={360}
                leftSection={<IconSearch size={16} />}
                placeholder={t("search")}
                aria-label={t("search")}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <SegmentedControl
                size="xs"
                value={shown}
                onChange={setShown}
                data={[
                  { value: "all", label: t("filter_all") },
                  { value: "archived", label: t("filter_archived") },
                ]}
              />
            </Group>
            <Paper withBorder style={{ overflow: "hidden" }}>
              <Table.ScrollContainer minWidth={0}>
                <Table highlightOnHover>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("column.name")}</Table.Th>
                      <Table.Th>{t("column.state")}</Table.Th>
                      <Table.Th visibleFrom="sm">{t("column.quality")}</Table.Th>
                      <Table.Th ta="end" visibleFrom="md">
                        {t("column.people")}
                      </Table.Th>
                      <Table.Th ta="end" visibleFrom="md">
                        {t("column.rate")}
                      </Table.Th>
                      <Table.Th visibleFrom="md">{t("column.scored")}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map((one) => (
                      <Row key={one.id} one={one} now={Date.parse(data.now)} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Paper>
            {items.length ? null : <Text c="dimmed">{t("nothing_found")}</Text>}
          </>
        ) : null}
      </Stack>
    </Box>
  );
}
