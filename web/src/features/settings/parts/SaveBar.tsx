import { Button, Group, Paper, Text } from "@mantine/core";
import { useEffect } from "react";
import { useSettingsWords } from "../words";

interface Props {
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Stays at the foot of the window while there is something to save; leaving the page asks first. */
export function SaveBar({ isSaving, onSave, onDiscard }: Props) {
  const t = useSettingsWords();
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  return (
    <Paper withBorder shadow="md" p="sm" px="md" pos="sticky" bottom={16} style={{ zIndex: 10 }}>
      <Group justify="space-between" gap="xs">
        <Text fz="sm" role="status">
          {t("rules.unsaved")}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onDiscard}>
            {t("rules.discard_changes")}
          </Button>
          <Button loading={isSaving} onClick={onSave}>
            {t("rules.save")}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
