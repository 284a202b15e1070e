import { Button, Group, Modal, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "./ErrorNote";
import { useUiWords } from "./words";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What it will do, to whom, and whether it can be undone. */
  children: ReactNode;
  /** What the button says: the act itself, never "OK". */
  act: string;
  danger?: boolean;
  /** False while something must still be typed or chosen. */
  isReady?: boolean;
  /** Does it; the dialog closes when it is done, and stays with the error when it fails. */
  onAct: () => Promise<unknown>;
}

/** Asks before something that cannot easily be taken back. */
export function ConfirmDialog({ opened, onClose, title, children, act, danger = false, isReady = true, onAct }: Props) {
  const t = useUiWords();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const close = () => {
    setError(null);
    onClose();
  };
  const perform = async () => {
    setBusy(true);
    setError(null);
    try {
      await onAct();
      close();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <div>{children}</div>
        {error !== null && <ErrorNote error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            {...(danger ? { color: "red" } : {})}
            loading={isBusy}
            disabled={!isReady}
            onClick={() => void perform()}
          >
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
