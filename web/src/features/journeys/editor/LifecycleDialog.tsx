import { Alert, Button, Group, Modal, Radio, SegmentedControl, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNote } from "@/ui/ErrorNote";
import { actOn, dropDraft, type ShownJourney, type Verb } from "../data/journeys";
import { InstantField } from "../steps/fields/InstantField";
import { useJourneyWords } from "../words";

interface Props {
  shown: ShownJourney;
  close: () => void;
}

/** One act, with what it will do, before it is done. */
export function LifecycleDialog({ shown, verb, close }: Props & { verb: Verb }) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const [later, setLater] = useState(false);
  const [at, setAt] = useState<string | undefined>(undefined);
  const [clocks, setClocks] = useState("run");
  const [entries, setEntries] = useState("hold");
  const inside = shown.people.reduce((all, one) => all + one.people, 0);
  const timed = verb !== "archive" && verb !== "restore";
  const act = useMutation({
    mutationFn: () =>
      actOn(shown.id, verb, { ...(later && at ? { at } : {}), ...(verb === "pause" ? { clocks, entries } : {}) }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["journey", shown.id] });
      void queries.invalidateQueries({ queryKey: ["journeys"] });
      if (!later) notifications.show({ message: t(`life.done.${verb}`) });
      close();
    },
  });
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("inspector.close") }}
      opened
      onClose={close}
      title={<Text fw={600}>{t(`life.${verb}`)}</Text>}
    >
      <Stack gap="md">
        <Text size="sm">{t(`life.about.${verb}`)}</Text>
        {verb === "stop" && inside > 0 && (
          <Alert color="red" variant="light">
            {t("life.stopInside", { count: inside })}
          </Alert>
        )}
        {verb === "pause" && (
          <>
            <div>
              <Text size="sm" fw={500} mb={4}>
                {t("life.entries")}
              </Text>
              <SegmentedControl
                fullWidth
                size="xs"
                value={entries}
                onChange={setEntries}
                data={[
                  { value: "hold", label: t("life.entriesHold") },
                  { value: "refuse", label: t("life.entriesRefuse") },
                ]}
              />
            </div>
            <div>
              <Text size="sm" fw={500} mb={4}>
                {t("life.clocks")}
              </Text>
              <SegmentedControl
                fullWidth
                size="xs"
                value={clocks}
                onChange={setClocks}
                data={[
                  { value: "run", label: t("life.clocksRun") },
                  { value: "freeze", label: t("life.clocksFreeze") },
                ]}
              />
            </div>
          </>
        )}
        {timed && (
          <Radio.Group
            label={t("life.when")}
            value={later ? "later" : "now"}
            onChange={(next) => setLater(next === "later")}
          >
            <Group mt="xs">
              <Radio value="now" label={t("life.now")} />
              <Radio value="later" label={t("life.later")} />
            </Group>
          </Radio.Group>
        )}
        {timed && later && <InstantField label={t("life.at")} value={at} change={setAt} />}
        {act.error && <ErrorNote error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("life.back")}
          </Button>
          <Button
            color={verb === "stop" ? "red" : ""}
            disabled={later && !at}
            loading={act.isPending}
            onClick={() => act.mutate()}
          >
            {t(`life.${verb}`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function DropDraftDialog({ shown, close }: Props) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const version = shown.versions[0]?.version;
  const drop = useMutation({
    mutationFn: () => dropDraft(shown.id),
    onSuccess: async () => {
      await navigate(version ? { to: "/journeys/$name", params: { name: shown.id } } : { to: "/journeys" });
      await queries.invalidateQueries({ queryKey: ["journeys"] });
      if (version) await queries.invalidateQueries({ queryKey: ["journey", shown.id] });
      else queries.removeQueries({ queryKey: ["journey", shown.id] });
      close();
    },
  });
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("inspector.close") }}
      opened
      onClose={close}
      title={<Text fw={600}>{t("head.dropDraft")}</Text>}
    >
      <Stack gap="md">
        <Text size="sm">{version ? t("head.dropDraftAsk", { n: version }) : t("head.dropNewAsk")}</Text>
        {drop.error && <ErrorNote error={drop.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("life.back")}
          </Button>
          <Button color="red" loading={drop.isPending} onClick={() => drop.mutate()}>
            {t("head.dropDraft")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
