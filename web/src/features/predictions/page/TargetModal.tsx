import { Anchor, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type ApiProblem, api } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Page } from "../api";
import { describeSelection } from "../describe";
import { usePredictionWords } from "../words";
import { type Choice, selectionOf } from "./selection";

interface Props {
  page: Page;
  choice: Choice;
  make: "segment" | "campaign";
  onClose: () => void;
}
interface Template {
  id: string;
  name: string;
  channel: string;
}
interface Made {
  id: string;
}

function useTemplates(wanted: boolean) {
  return useQuery({
    queryKey: ["templates"],
    queryFn: ({ signal }) => api<{ items: Template[] }>("GET", "/api/v1/definitions?kind=template", { signal }),
    enabled: wanted,
  });
}

/** Makes a segment or a campaign of the selection: all is prefilled, the name can be changed. */
export function TargetModal({ page, choice, make, onClose }: Props) {
  const t = usePredictionWords();
  const queries = useQueryClient();
  const selection = selectionOf(choice);
  const [name, setName] = useState(() =>
    t("made.suggested", { name: page.name, selection: describeSelection(t, selection).toLowerCase() }),
  );
  const [template, setTemplate] = useState<string | null>(null);
  const templates = useTemplates(make === "campaign");
  const making = useMutation<Made, ApiProblem>({
    mutationFn: () =>
      api<Made>("POST", `/api/v1/predictions/${page.id}/target`, {
        body: { create: make, name: name.trim(), ...selection, ...(template ? { template } : {}) },
      }),
    onSuccess: (made) => {
      void queries.invalidateQueries();
      notifications.show({
        color: "teal",
        autoClose: 10_000,
        message: (
          <Group justify="space-between">
            <Text size="sm">{t(`made.done_${make}`, { name })}</Text>
            <Anchor size="sm" href={`/${make}s/${made.id}`}>
              {t("made.open")}
            </Anchor>
          </Group>
        ),
      });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) making.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t(`made.${make}`)} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t(`made.${make}_text`)}
          </Text>
          <TextInput
            label={t("made.name")}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            required
            data-autofocus
          />
          {make === "campaign" ? (
            <Select
              label={t("made.template")}
              placeholder={t("made.template_new")}
              data={(templates.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
              value={template}
              onChange={setTemplate}
              clearable
              searchable
            />
          ) : null}
          {making.error ? <ErrorNote error={making.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("made.cancel")}
            </Button>
            <Button type="submit" loading={making.isPending} disabled={!name.trim()}>
              {t("made.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
