import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ErrorNote } from "@/ui/ErrorNote";
import { type Segment, useArchiving, useDependencies } from "../data";
import { useSegmentWords } from "../words";

/** Says what archiving or restoring does, and to whom, before it is done. */
export function ArchiveDialog({
  segment,
  opened,
  onClose,
}: {
  segment: Segment;
  opened: boolean;
  onClose: () => void;
}) {
  const t = useSegmentWords();
  const archiving = useArchiving(segment.id);
  const { data } = useDependencies(segment.id);
  const users = [...new Map((data?.used_by ?? []).map((use) => [`${use.kind}:${use.id}`, use])).values()];
  const restores = segment.archived_at !== null;
  const verb = restores ? "restore" : "archive";
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(`${verb}_title`, { name: segment.name })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack gap="md">
        <Text size="sm">{t(`${verb}_text`)}</Text>
        {users.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t("affected")}
            </Text>
            <List size="sm">
              {users.map((use) => (
                <List.Item key={`${use.kind}:${use.id}`}>
                  {t(`kind.${use.kind}`)}: {use.name ?? use.id}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        <ErrorNote error={archiving.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            color={restores ? "indigo" : "red"}
            loading={archiving.isPending}
            onClick={() =>
              archiving.mutate(verb, {
                onSuccess: () => {
                  notifications.show({ message: t(`${verb}_done`, { name: segment.name }) });
                  onClose();
                },
              })
            }
          >
            {t(verb)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
