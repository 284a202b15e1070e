import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { type Looked, useSendTest } from "../api";
import { useContentWords } from "../words";

const KEPT = "relance.test-address";

/** Sends the template, as it stands, to one address. */
export function TestModal({ looked, onClose }: { looked: Looked; onClose: () => void }) {
  const t = useContentWords();
  const { channel } = looked.template;
  const kept = `${KEPT}.${channel}`;
  const [to, setTo] = useState(() => window.localStorage.getItem(kept) ?? "");
  const sending = useSendTest();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    sending.mutate(
      { looked, to: to.trim() },
      {
        onSuccess: (answer) => {
          if (!answer.sent) return;
          window.localStorage.setItem(kept, to.trim());
          notifications.show({ color: "teal", message: t("test.sent", { to: answer.to }) });
          onClose();
        },
      },
    );
  };
  const refused = sending.data?.sent === false ? sending.data.message : sending.error?.message;
  return (
    <Modal opened onClose={onClose} title={t("test.title")} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t("test.text")}
          </Text>
          <TextInput
            label={t(`test.${channel}`)}
            type={channel === "email" ? "email" : "text"}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            required
            data-autofocus
          />
          {refused ? (
            <Alert color="red" variant="light" title={t("test.refused")}>
              {refused}
            </Alert>
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("test.cancel")}
            </Button>
            <Button type="submit" loading={sending.isPending}>
              {t("test.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
