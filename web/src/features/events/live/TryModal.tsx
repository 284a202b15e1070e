import { Autocomplete, Button, Group, JsonInput, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/ui/ErrorNote";
import { useTry } from "../api";
import { useEventWords } from "../words";
import { VerdictView } from "./VerdictView";

/** Asks what an event would do; nothing is sent. */
export function TryModal({ names, first, onClose }: { names: string[]; first: string; onClose: () => void }) {
  const t = useEventWords();
  const [event, setEvent] = useState(first || names[0] || "");
  const [text, setText] = useState("{\n  \n}");
  const [person, setPerson] = useState("");
  const [fault, setFault] = useState("");
  const asking = useTry();
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    try {
      const properties: unknown = JSON.parse(text || "{}");
      if (typeof properties !== "object" || properties === null || Array.isArray(properties)) throw new Error("{}");
      setFault("");
      asking.mutate({ event, properties, ...(person.trim() ? { user_id: person.trim() } : {}) });
    } catch (e) {
      setFault(t("trial.no_json", { message: e instanceof Error ? e.message : "" }));
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("trial.title")} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t("trial.text")}
          </Text>
          <Autocomplete label={t("live.name")} data={names} value={event} onChange={setEvent} required data-autofocus />
          <JsonInput
            label={t("trial.properties")}
            value={text}
            onChange={setText}
            error={fault}
            autosize
            minRows={4}
            maxRows={14}
            formatOnBlur
          />
          <TextInput label={t("trial.person")} value={person} onChange={(e) => setPerson(e.currentTarget.value)} />
          {asking.error ? <ErrorNote error={asking.error} /> : null}
          {asking.data ? <VerdictView verdict={asking.data} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("trial.close")}
            </Button>
            <Button type="submit" loading={asking.isPending} disabled={!event}>
              {t("trial.ask")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
