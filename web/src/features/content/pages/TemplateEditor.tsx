import { Alert, Grid, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { sayError } from "@/lib/problem-words";
import { usePredictionsSeen, useTraitPaths } from "@/lib/suggestions";
import { ConflictActions } from "@/ui/ConflictActions";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import {
  CHANNELS,
  type ChannelName,
  type Fault,
  type Person,
  type Template,
  useExample,
  useSave,
  useSchemas,
  useTemplate,
} from "../api";
import { newTemplate } from "../editor/starters";
import { TemplateFields } from "../editor/TemplateFields";
import { TestModal } from "../editor/TestModal";
import { likelyEvent, variablesOf } from "../editor/variables";
import { PreviewPane } from "../preview/PreviewPane";
import { useContentWords } from "../words";

/** A template that is there. */
export function TemplatePage() {
  const t = useContentWords();
  const { name } = useParams({ strict: false }) as { name: string };
  const { data, error } = useTemplate(name);
  if (error && !data) {
    return (
      <Alert color="red" variant="light" title={error.status === 404 ? t("not_found") : t("failed_to_load")}>
        {sayError(error)}
      </Alert>
    );
  }
  if (!data) return <Skeleton h={560} aria-busy />;
  return <TemplateEditor key={data.id} saved={data.definition} version={data.version} />;
}

/** One that is being made; its channel stands in the address. */
export function NewTemplate() {
  const { channel } = useSearch({ strict: false }) as { channel?: string };
  const known = CHANNELS.find((one) => one === channel) ?? "email";
  return <TemplateEditor key={known} saved={newTemplate(known as ChannelName)} version={0} />;
}

function TemplateEditor({ saved, version }: { saved: Template; version: number }) {
  const t = useContentWords();
  const navigate = useNavigate();
  const isNew = version === 0;
  const [template, setTemplate] = useState(saved);
  const [person, setPerson] = useState<Person | null>(null);
  const [chosenEvent, setChosenEvent] = useState<string | null | undefined>(undefined);
  const [faults, setFaults] = useState<Fault[]>([]);
  const [testing, setTesting] = useState(false);
  const save = useSave(version);
  const traits = useTraitPaths();
  const predictions = usePredictionsSeen();
  const schemas = useSchemas();
  const likely = useMemo(
    () =>
      likelyEvent(
        Object.values(saved).filter((one) => typeof one === "string"),
        schemas ?? [],
      ),
    [saved, schemas],
  );
  const eventName = chosenEvent === undefined ? likely : chosenEvent;
  const example = useExample(eventName).data;
  const changed = JSON.stringify(template) !== JSON.stringify(saved);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    if (changed) window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [changed]);

  const variables = useMemo(
    () =>
      variablesOf(
        traits.map((one) => one.path),
        eventName && example ? { name: eventName, paths: example.paths } : null,
        predictions,
      ),
    [traits, eventName, example, predictions],
  );
  const looked = useMemo(
    () => ({
      template,
      userId: person?.user_id ?? null,
      event: eventName && example ? { name: eventName, properties: example.properties } : null,
    }),
    [template, person, eventName, example],
  );
  const keep = (status: "draft" | "ready") =>
    save.mutate(
      { ...template, status },
      {
        onSuccess: ({ changes }) => {
          const made = changes[0]?.version ?? version;
          notifications.show({ color: "teal", message: t("saved", { version: made }) });
          if (isNew) void navigate({ to: `/content/${template.id}` });
          else setTemplate({ ...template, status });
        },
      },
    );
  const status = template.status ?? "draft";
  return (
    <>
      <PageHead
        title={template.name || template.id || t("untitled", { channel: t(`channel.${template.channel}`) })}
        up={{ to: "/content", label: t("back") }}
        mark={<StateBadge state={status} label={t(`status.${status}`)} />}
        about={t(`channel.${template.channel}`)}
      >
        {changed ? (
          <Text size="sm" c="dimmed">
            {t("unsaved")}
          </Text>
        ) : null}
        {template.channel === "email" || template.channel === "sms" || template.channel === "push" ? (
          <RoleButton
            scope="definitions:draft"
            variant="default"
            leftSection={<IconSend size={16} />}
            onClick={() => setTesting(true)}
          >
            {t("test.open")}
          </RoleButton>
        ) : null}
        <RoleButton
          scope="definitions:draft"
          variant="default"
          onClick={() => keep("draft")}
          loading={save.isPending}
          disabled={!template.id}
        >
          {t("save_draft")}
        </RoleButton>
        <RoleButton
          scope="definitions:draft"
          onClick={() => keep("ready")}
          loading={save.isPending}
          disabled={!template.id}
        >
          {t(status === "ready" ? "save" : "mark_ready")}
        </RoleButton>
      </PageHead>
      <Stack gap="lg">
        <ErrorNote error={save.error} {...(save.error?.status === 409 ? {} : { title: t("problems") })} />
        {save.error?.status === 409 && (
          <ConflictActions
            onTheirs={() => {
              setTemplate(saved);
              save.reset();
            }}
            onMine={() => keep(status)}
            isBusy={save.isPending}
          />
        )}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <TemplateFields
              template={template}
              isNew={isNew}
              onChange={setTemplate}
              variables={variables}
              faults={faults}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <PreviewPane
              looked={looked}
              person={person}
              onPerson={setPerson}
              eventName={eventName}
              onEventName={setChosenEvent}
              onFaults={setFaults}
            />
          </Grid.Col>
        </Grid>
        {testing ? <TestModal looked={looked} onClose={() => setTesting(false)} /> : null}
      </Stack>
    </>
  );
}
