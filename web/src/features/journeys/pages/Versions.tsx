import { Badge, Button, Group, Modal, Stack, Table, Text, Title } from "@mantine/core";
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
import { readJourney } from "../graph/definition";
import { Comparison } from "../versions/Comparison";
import { useJourneyWords } from "../words";

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
            <Badge variant="light" color="green" miw="max-content">
              {t("versions.inForce")}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm" mt={2}>
          {formatInstant(version.published_at)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {formatInstant(version.published_at)}
        <Text size="xs" c="dimmed">
          {t("versions.by", { who: version.by })}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatNumber(people)}</Table.Td>
      <Table.Td ta="right">
        <RoleButton
          scope="definitions:draft"
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          onClick={() => setAsking(true)}
        >
          {t("versions.restore")}
        </RoleButton>
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
  const older = shown.people.some((one) => newest && one.version < newest.version && one.people > 0);
  return (
    <div className={classes.scroll}>
      <Stack gap="xl" maw={1100} mx="auto">
        <Planned shown={shown} />
        {(shown.draft || shown.versions.length > 1) && newest && <Comparison shown={shown} />}
        <Stack gap="sm">
          <Group justify="space-between">
            <Title order={2} size="h5">
              {t("versions.title")}
            </Title>
            {older && (
              <RoleButton
                scope="definitions:write"
                size="xs"
                variant="light"
                leftSection={<IconArrowsRight size={15} />}
                onClick={() => setMoving(true)}
              >
                {t("versions.move")}
              </RoleButton>
            )}
          </Group>
          {newest ? (
            <Table.ScrollContainer minWidth={0}>
              <Table verticalSpacing="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("list.version")}</Table.Th>
                    <Table.Th visibleFrom="sm">{t("list.published")}</Table.Th>
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
