import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import {
  IconAdjustments,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCloudCheck,
  IconCloudUp,
  IconCloudX,
  IconExclamationCircle,
  IconLayoutDistributeVertical,
  IconLock,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useMay } from "@/lib/session";
import { RoleButton, useDenied } from "@/ui/RoleButton";
import { createEditor, EditorContext, pickJourney, useEditor, useEditorStore } from "../canvas/store";
import { checkJourney, newestOf, type ShownJourney, shownJourney } from "../data/journeys";
import { useAutosave } from "../editor/autosave";
import { EditorPanel, useProblems } from "../editor/EditorPanel";
import classes from "../editor/editor.module.css";
import { PublishDialog } from "../editor/PublishDialog";
import { stepOf } from "../graph/check";
import { ENTRY, readJourney } from "../graph/definition";
import { useJourneyWords } from "../words";
import { Toolbar } from "./toolbar";

export function Design() {
  const { name } = useParams({ from: "/journeys/$name" });
  const { data } = useQuery(shownJourney(name));
  return data ? <Opened key={name} shown={data} /> : null;
}

function Opened({ shown }: { shown: ShownJourney }) {
  const [store] = useState(() => createEditor(readJourney(newestOf(shown), shown.id)));
  return (
    <EditorContext.Provider value={store}>
      <Editing shown={shown} />
    </EditorContext.Provider>
  );
}

function Editing({ shown }: { shown: ShownJourney }) {
  const store = useEditorStore();
  const navigate = useNavigate();
  const keep = useAutosave(store, useMay("definitions:draft"));
  const [publishing, setPublishing] = useState(false);
  const journey = useEditor(pickJourney);
  const inside = shown.people.reduce((all, one) => all + one.people, 0);
  useEffect(() => {
    void checkJourney(shown.id)
      .then((told) => store.getState().saving === "saved" && store.getState().tell({ problems: told.problems }))
      .catch(() => {});
  }, [shown.id, store]);
  return (
    <>
      <Toolbar>
        <Tools
          retry={() => void keep().catch(() => {})}
          draft={shown.draft !== null}
          openPublish={() => setPublishing(true)}
        />
      </Toolbar>
      <EditorPanel label={String(journey.name ?? journey.id)} />
      {publishing && (
        <PublishDialog
          id={shown.id}
          keep={keep}
          inside={inside}
          close={() => setPublishing(false)}
          goTo={(step) => {
            store.getState().select([step]);
            setPublishing(false);
          }}
          published={() => {
            setPublishing(false);
            void navigate({ to: "/journeys/$name", params: { name: shown.id } });
          }}
        />
      )}
    </>
  );
}

function Saved({ retry, draft }: { retry: () => void; draft: boolean }) {
  const t = useJourneyWords();
  const saving = useEditor((editor) => editor.saving);
  const failure = useEditor((editor) => editor.failure);
  const denied = useDenied("definitions:draft");
  if (denied)
    return (
      <Tooltip label={denied}>
        <Group gap={4} wrap="nowrap" c="dimmed" role="status">
          <IconLock size={16} />
          <Text size="xs">{t("saving.lookOnly")}</Text>
        </Group>
      </Tooltip>
    );
  if (saving === "failed")
    return (
      <Tooltip label={failure} multiline maw={320}>
        <Button size="compact-sm" variant="light" color="red" leftSection={<IconCloudX size={16} />} onClick={retry}>
          {t("saving.retry")}
        </Button>
      </Tooltip>
    );
  return (
    <Group gap={4} wrap="nowrap" c="dimmed" role="status">
      {saving === "saved" ? <IconCloudCheck size={16} /> : <IconCloudUp size={16} />}
      <Text size="xs" visibleFrom="xs">
        {t(saving === "saved" && !draft ? "saving.untouched" : `saving.${saving}`)}
      </Text>
    </Group>
  );
}

function Tools({ retry, draft, openPublish }: { retry: () => void; draft: boolean; openPublish: () => void }) {
  const t = useJourneyWords();
  const store = useEditorStore();
  const journey = useEditor(pickJourney);
  const history = useEditor((editor) => editor.history);
  const saving = useEditor((editor) => editor.saving);
  const problems = useProblems();
  const errors = problems.filter((one) => one.severity === "error");
  const firstFault = errors[0] ?? problems[0];
  const { undo, redo, tidy, select } = store.getState();
  const tools = [
    { label: t("head.undo"), keys: "Ctrl+Z", icon: IconArrowBackUp, run: undo, off: !history.past.length },
    { label: t("head.redo"), keys: "Ctrl+Shift+Z", icon: IconArrowForwardUp, run: redo, off: !history.future.length },
    {
      label: t("head.tidy"),
      keys: "",
      icon: IconLayoutDistributeVertical,
      run: tidy,
      off: !Object.keys(history.present.pins).length,
    },
  ];
  return (
    <div className={classes.tools}>
      <Saved retry={retry} draft={draft} />
      {firstFault && (
        <Button
          size="compact-sm"
          variant="subtle"
          color={errors.length ? "red" : "yellow"}
          leftSection={<IconExclamationCircle size={16} />}
          onClick={() => select([stepOf(firstFault, journey) ?? ENTRY])}
        >
          {errors.length
            ? t("problem.errors", { count: errors.length })
            : t("problem.warnings", { count: problems.length })}
        </Button>
      )}
      {tools.map((tool) => (
        <Tooltip key={tool.label} label={tool.keys ? `${tool.label} (${tool.keys})` : tool.label}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={tool.label}
            disabled={tool.off}
            onClick={tool.run}
          >
            <tool.icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
      <Button variant="default" size="sm" leftSection={<IconAdjustments size={16} />} onClick={() => select([ENTRY])}>
        {t("head.settings")}
      </Button>
      <RoleButton scope="definitions:write" size="sm" onClick={openPublish} disabled={!draft && saving === "saved"}>
        {t("head.publish")}
      </RoleButton>
    </div>
  );
}
