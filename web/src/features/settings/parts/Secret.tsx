import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { CopyButton } from "@/ui/CopyButton";
import { useSettingsWords } from "../words";

export interface Told {
  title: string;
  text: string;
  secret: string;
}

/** A key or link that is shown once. It closes by its button alone, so that no stray click loses it. */
export function Secret({ told, onClose }: { told: Told | null; onClose: () => void }) {
  const t = useSettingsWords();
  return (
    <Modal
      opened={told !== null}
      onClose={onClose}
      title={told?.title}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size="lg"
    >
      <Stack>
        <Text c="dimmed">{told?.text}</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {told?.secret}
        </Code>
        <Group justify="flex-end" gap="xs">
          <CopyButton text={told?.secret ?? ""} label={t("secretTitle")} />
          <Button onClick={onClose}>{t("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
