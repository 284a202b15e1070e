import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { ErrorNote } from "@/ui/ErrorNote";

interface Props {
  opened: boolean;
  title: string;
  submit: string;
  onClose: () => void;
  /** Sends what was filled in; the dialog closes when it worked, and keeps what was typed when not. */
  onSubmit: () => Promise<unknown>;
  children: ReactNode;
}

/** A short form in a dialog. */
export function FormDialog({ opened, title, submit, onClose, onSubmit, children }: Props) {
  const send = useMutation({ mutationFn: onSubmit, onSuccess: onClose });
  const onForm = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form onSubmit={onForm}>
        <Stack>
          {children}
          {send.isError && <ErrorNote error={send.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={send.isPending}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
