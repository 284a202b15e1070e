import { Button, Group, Modal, Select, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import type { ShownJourney } from "../data/journeys";
import type { Problem } from "../graph/check";
import { readJourney } from "../graph/definition";
import { useJourneyWords } from "../words";
import { ProblemList } from "./ProblemList";

interface Preview {
  to_version: number;
  people: number;
  steps: { version: number; step: string; to: string | null; people: number }[];
  problems: Problem[];
}

/** Where those inside older versions go on in the newest, looked at before it is done. */
export function MigrationDialog({ shown, close }: { shown: ShownJourney; close: () => void }) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const [map, setMap] = useState<Record<string, string>>({});
  const ask = (dry: boolean) =>
    api<Preview>("POST", `/api/v1/journeys/${encodeURIComponent(shown.id)}/migrate`, { body: { map, dry } });
  const preview = useQuery({
    queryKey: ["journey", shown.id, "migration", map],
    queryFn: () => ask(true),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const move = useMutation({
    mutationFn: () => ask(false),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["journey", shown.id] });
      notifications.show({ message: t("versions.moved") });
      close();
    },
  });
  const now = readJourney(shown.versions[0]?.definition ?? {}, shown.id);
  const called = (step: string) => {
    const type = now.steps[step]?.type;
    return type ? `${t(`step.${type}`)} · ${step}` : step;
  };
  const steps = Object.keys(shown.versions[0]?.definition.steps ?? {});
  const choices = [
    ...steps.map((step) => ({ value: step, label: called(step) })),
    { value: "exit", label: t("versions.exit") },
  ];
  const faulty = preview.data?.problems.some((one) => one.severity === "error");
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("inspector.close") }}
      opened
      onClose={close}
      size="lg"
      title={<Text fw={600}>{t("versions.moveTitle", { n: preview.data?.to_version ?? "" })}</Text>}
    >
      <Stack>
        <Text size="sm">{t("versions.moveAbout")}</Text>
        <ErrorNote error={preview.error ?? move.error} />
        <Table>
          <Table.Tbody>
            {(preview.data?.steps ?? []).map((row) => (
              <Table.Tr key={`${row.version} ${row.step}`}>
                <Table.Td>{t("head.versionIs", { n: formatNumber(row.version) })}</Table.Td>
                <Table.Td title={row.step}>{called(row.step)}</Table.Td>
                <Table.Td>{t("versions.stand", { count: row.people })}</Table.Td>
                <Table.Td>
                  <Select
                    size="xs"
                    aria-label={t("versions.goTo")}
                    allowDeselect={false}
                    data={choices}
                    value={map[row.step] ?? row.to}
                    onChange={(to) => to && setMap({ ...map, [row.step]: to })}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <ProblemList problems={preview.data?.problems ?? []} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("confirm.no")}
          </Button>
          <Button
            disabled={!preview.data?.people || faulty === true}
            loading={move.isPending}
            onClick={() => move.mutate()}
          >
            {t("versions.moveNow")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
