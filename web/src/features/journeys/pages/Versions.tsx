import { Badge, Button, Code, Group, Modal, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconArrowsRight, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { formatInstant, formatNumber } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { cancelAct, type ShownJourney, type ShownVersion, saveDraft, shownJourney } from "../data/journeys";
import classes from "../editor/editor.module.css";
import { MigrationDialog } from "../editor/MigrationDialog";
import { compareJourneys, type Difference } from "../graph/compare";
import { type Json, readJourney } from "../graph/definition";
import { useJourneyWords } from "../words";

const COLOURS = { added: "green", removed: "red", changed: "yellow" } as const;

function Said({ value }: { value: Json | undefined }) {
  const t = useJourneyWords();
  if (value === undefined)
    return (
      <Text size="xs" c="dimmed">
        {t("versions.nothing")}
      </Text>
    );
  return (
    <Code block={typeof value === "object"}>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</Code>
  );
}

function DifferenceCard({ difference }: { difference: Difference }) {
  const t = useJourneyWords();
  return (
    <Paper withBorder p="sm" radius="md">
      <Group gap="xs" mb={difference.fields.length ? 6 : 0}>
        <Badge variant="light" color={COLOURS[difference.kind]}>
          {t(`versions.${difference.kind}`)}
        </Badge>
        <Text size="sm" fw={500}>
          {difference.step ?? t("versions.settings")}
        </Text>
      </Group>
      {difference.kind === "changed" && (
        <Table.ScrollContainer minWidth={420}>
          <Table fz="xs" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={120} />
                <Table.Th>{t("versions.was")}</Table.Th>
                <Table.Th>{t("versions.is")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {difference.fields.map((field) => (
                <Table.Tr key={field.name}>
                  <Table.Td>{field.name}</Table.Td>
                  <Table.Td>
                    <Said value={field.before} />
                  </Table.Td>
                  <Table.Td>
                    <Said value={field.after} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}

function Planned({ shown }: { shown: ShownJourney }) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: (act: number) => cancelAct(shown.id, act),
    onSettled: () => queries.invalidateQueries({ queryKey: ["journey", shown.id] }),
  });
  const waiting = shown.acts.filter((act) => act.state === "waiting" && act.at > act.asked_at);
  if (!waiting.length) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t("life.planned")}
      </Title>
      {waiting.map((act) => (
        <Group key={act.act_id} justify="space-between">
          <Text size="sm">{t("life.plannedAct", { act: t(`life.${act.action}`), at: formatInstant(act.at) })}</Text>
          <RoleButton
            scope="definitions:write"
            size="compact-sm"
            variant="default"
            leftSection={<IconX size={14} />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(act.act_id)}
          >
            {t("life.cancel")}
          </RoleButton>
        </Group>
      ))}
      <ErrorNote error={cancel.error} />
    </Stack>
  );
}

function VersionRow({ shown, version, newest }: { shown: ShownJourney; version: ShownVersion; newest: boolean }) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const people = shown.people
    .filter((one) => one.version === version.version)
    .reduce((all, one) => all + one.people, 0);
  const restore = useMutation({
    mutationFn: () => saveDraft(readJourney(version.definition, shown.id)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["journey", shown.id] });
      notifications.show({ message: t("versions.restored", { n: version.version }) });
      setAsking(false);
    },
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6}>
          {formatNumber(version.version)}
          {newest && (
            <Badge variant="light" color="green">
              {t("versions.inForce")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {formatInstant(version.published_at)}
        <Text size="xs" c="dimmed">
          {t("versions.by", { who: version.by })}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatNumber(people)}</Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          onClick={() => setAsking(true)}
        >
          {t("versions.restore")}
        </Button>
        <Modal
          closeButtonProps={{ "aria-label": t("inspector.close") }}
          opened={asking}
          onClose={() => setAsking(false)}
          title={<Text fw={600}>{t("versions.restore")}</Text>}
        >
          <Stack>
            <Text size="sm">{t("versions.restoreAsk", { n: version.version })}</Text>
            <ErrorNote error={restore.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsking(false)}>
                {t("confirm.no")}
              </Button>
              <Button loading={restore.isPending} onClick={() => restore.mutate()}>
                {t("versions.restore")}
              </Button>
            </Group>
          </Stack>
        </Modal>
      </Table.Td>
    </Table.Tr>
  );
}

/** What the draft changes, what is planned, and all versions. */
export function Versions() {
  const t = useJourneyWords();
  const { name } = useParams({ from: "/journeys/$name" });
  const shown = useQuery(shownJourney(name)).data;
  const [moving, setMoving] = useState(false);
  if (!shown) return null;
  const [newest] = shown.versions;
  const differences =
    newest && shown.draft
      ? compareJourneys(readJourney(newest.definition, name), readJourney(shown.draft.definition, name))
      : null;
  const older = shown.people.some((one) => newest && one.version < newest.version && one.people > 0);
  return (
    <div className={classes.scroll}>
      <Stack gap="xl" maw={860} mx="auto">
        <Planned shown={shown} />
        {differences && newest && (
          <Stack gap="sm">
            <Title order={2} size="h5">
              {t("versions.compare", { n: newest.version })}
            </Title>
            {differences.map((one) => (
              <DifferenceCard key={one.step ?? ""} difference={one} />
            ))}
            {!differences.length && (
              <Text size="sm" c="dimmed">
                {t("versions.same")}
              </Text>
            )}
          </Stack>
        )}
        <Stack gap="sm">
          <Group justify="space-between">
            <Title order={2} size="h5">
              {t("versions.title")}
            </Title>
            {older && (
              <Button
                size="xs"
                variant="light"
                leftSection={<IconArrowsRight size={15} />}
                onClick={() => setMoving(true)}
              >
                {t("versions.move")}
              </Button>
            )}
          </Group>
          {newest ? (
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("list.version")}</Table.Th>
                    <Table.Th>{t("list.published")}</Table.Th>
                    <Table.Th ta="right">{t("list.inside")}</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown.versions.map((version) => (
                    <VersionRow key={version.version} shown={shown} version={version} newest={version === newest} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          ) : (
            <Text size="sm" c="dimmed">
              {t("versions.none")}
            </Text>
          )}
        </Stack>
        {moving && <MigrationDialog shown={shown} close={() => setMoving(false)} />}
      </Stack>
    </div>
  );
}
