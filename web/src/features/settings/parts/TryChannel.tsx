import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { i18next } from "@/lib/language";
import { useSession } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { useSettingsWords } from "../words";

interface Answer {
  sent: boolean;
  to: string;
  provider_ref?: string | null;
  code?: string;
  message?: string;
}

const TYPES: Record<string, string> = { email: "email", sms: "tel", webhook: "url" };

/** Sends one message over a channel to an address of one's own, and tells what the provider said. */
export function TryChannel({ channel, onClose }: { channel: string; onClose: () => void }) {
  const t = useSettingsWords();
  const own = useSession().data?.user?.email ?? "";
  const [to, setTo] = useState(channel === "email" ? own : "");
  const trial = useMutation({
    mutationFn: () =>
      api<Answer>("POST", `/api/v1/channels/${channel}/test`, {
        body: { to: to.trim(), language: i18next.language === "fr" ? "fr" : "en" },
      }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trial.mutate();
  };
  const answer = trial.data;
  return (
    <Modal opened onClose={onClose} title={t("try.title", { channel: t(`channels.channel.${channel}`) })}>
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm" c="dimmed">
            {t("try.text")}
          </Text>
          <TextInput
            label={t(`try.to.${channel}`)}
            type={TYPES[channel] ?? "text"}
            required
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            data-autofocus
          />
          <div aria-live="polite">
            {answer?.sent && (
              <Alert color="green" icon={<IconCheck size={18} />} title={t("try.sent", { to: answer.to })}>
                {answer.provider_ref ? t("try.answered", { answer: answer.provider_ref }) : t("try.taken")}
              </Alert>
            )}
            {answer?.sent === false && (
              <Alert color="red" icon={<IconAlertTriangle size={18} />} title={t("try.refused")}>
                <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
                  {answer.message}
                </Text>
                <Text fz="sm" c="dimmed" mt={4}>
                  {t(answer.code === "outcome_unknown" ? "try.unknown" : "try.mend")}
                </Text>
              </Alert>
            )}
          </div>
          <ErrorNote error={trial.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("try.close")}
            </Button>
            <Button type="submit" loading={trial.isPending}>
              {t(answer ? "try.again" : "try.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
