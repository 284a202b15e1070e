import { Button, Group } from "@mantine/core";
import { useUiWords } from "./words";

interface Props {
  /** Forgets what was typed for what was saved meanwhile. */
  onTheirs: () => void;
  /** Saves what was typed, now that one knows; the other stays among the versions. */
  onMine: () => void;
  isBusy: boolean;
}

/** What one can do when somebody else saved the same meanwhile (409). Put it below the ErrorNote that says so. */
export function ConflictActions({ onTheirs, onMine, isBusy }: Props) {
  const t = useUiWords();
  return (
    <Group gap="xs">
      <Button variant="default" onClick={onTheirs}>
        {t("theirs")}
      </Button>
      <Button variant="default" loading={isBusy} onClick={onMine}>
        {t("mine")}
      </Button>
    </Group>
  );
}
