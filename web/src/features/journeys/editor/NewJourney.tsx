import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { idFromName } from "@/lib/ids";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { listedJourneys, newestOf, type ShownJourney, saveDraft } from "../data/journeys";
import { readJourney } from "../graph/definition";
import { beginJourney, type OfSegment, STARTERS, type Starter } from "../graph/starters";
import { useJourneyWords } from "../words";

interface Props {
  /** The segment that it is to begin with. */
  segment: string | undefined;
  /** What its members are for: messages, or an ad audience. */
  step: "audience" | undefined;
  close: () => void;
}

/** A new journey: its name, and what it begins with. It is kept as a draft and opened. */
export function NewJourney({ segment, step, close }: Props) {
  const t = useJourneyWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const listed = useQuery(listedJourneys(false)).data ?? [];
  const hidden = useQuery(listedJourneys(true)).data ?? [];
  const [name, setName] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const [starter, setStarter] = useState<Starter | OfSegment | "copy">(segment ? (step ?? "segment") : "scratch");
  const [model, setModel] = useState<string | null>(null);
  const id = typedId ?? idFromName(name);
  const taken = [...listed, ...hidden].some((one) => one.id === id);
  const fault = taken
    ? t("create.idTaken")
    : typedId !== null && !/^[a-z0-9-]{1,64}$/.test(id)
      ? t("create.badId")
      : "";
  const create = useMutation({
    mutationFn: async () => {
      if (starter !== "copy") return saveDraft(beginJourney(starter, id, name, segment));
      const shown = await api<ShownJourney>("GET", `/api/v1/journeys/${encodeURIComponent(model ?? "")}`);
      return saveDraft({ ...readJourney(newestOf(shown), id), name });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["journeys"] });
      await navigate({ to: "/journeys/$name/design", params: { name: id } });
    },
  });
  const ready = name.trim() !== "" && id !== "" && !fault && (starter !== "copy" || model !== null);
  const choices = [...(segment ? (["segment", "audience"] as const) : []), ...STARTERS];
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("inspector.close") }}
      opened
      onClose={close}
      title={<Text fw={600}>{t("create.title")}</Text>}
      size="lg"
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) create.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t("create.name")}
            placeholder={t("create.nameHint")}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <TextInput
            label={t("create.id")}
            description={t("create.idHint")}
            value={id}
            error={fault}
            onChange={(e) => setTypedId(e.currentTarget.value)}
          />
          <Radio.Group label={t("create.from")} value={starter} onChange={(next) => setStarter(next as Starter)}>
            <Stack gap="xs" mt="xs">
              {choices.map((one) => (
                <Radio.Card key={one} value={one} p="sm" radius="md">
                  <Group wrap="nowrap" align="flex-start">
                    <Radio.Indicator />
                    <div>
                      <Text size="sm" fw={500}>
                        {t(`create.${one}`)}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {t(`create.${one}Hint`, { segment })}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
              {listed.length > 0 && (
                <Radio.Card value="copy" p="sm" radius="md">
                  <Group wrap="nowrap" align="flex-start">
                    <Radio.Indicator />
                    <Text size="sm" fw={500}>
                      {t("create.copy")}
                    </Text>
                  </Group>
                </Radio.Card>
              )}
            </Stack>
          </Radio.Group>
          <Group gap={6}>
            <Text size="sm" c="dimmed">
              {t("create.playbookHint")}
            </Text>
            <Button component={Link} to="/predictions/playbooks" variant="subtle" size="compact-sm">
              {t("create.playbook")}
            </Button>
          </Group>
          {starter === "copy" && (
            <Select
              label={t("create.copyOf")}
              searchable
              value={model}
              onChange={setModel}
              data={listed.map((one) => ({ value: one.id, label: one.name }))}
            />
          )}
          <ErrorNote error={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("create.cancel")}
            </Button>
            <RoleButton scope="definitions:draft" type="submit" disabled={!ready} loading={create.isPending}>
              {t("create.create")}
            </RoleButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
