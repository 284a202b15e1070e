import { Button, Collapse, Group, Paper, Stack, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { ApiProblem, type FieldProblem } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import { idFromName } from "@/lib/ids";
import { ConflictActions } from "@/ui/ConflictActions";
import { ConditionBuilder } from "@/ui/conditions/ConditionBuilder";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { WarningNote } from "@/ui/WarningNote";
import { usePreview } from "../data";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";
import { CountPanel } from "./CountPanel";

export interface Draft {
  id: string;
  name: string;
  where: Condition;
  [field: string]: unknown;
}

// What is merely not filled in yet is not told before somebody wants to save.
const UNFINISHED = new Set(["missing_field", "wrong_type"]);

function isUnfinished(problem: FieldProblem): boolean {
  return UNFINISHED.has(problem.code) && /must be a text|is the id of|is missing|needs a value/.test(problem.message);
}

/** A segment as it is written: its name and condition, in words and in figures. `isNew`: its id may be chosen. */
export function SegmentForm({
  start,
  isNew,
  saving,
  error,
  onSave,
  onCancel,
  onTheirs,
}: {
  start: Draft;
  isNew: boolean;
  saving: boolean;
  error: unknown;
  onSave: (draft: Draft) => void;
  onCancel: () => void;
  /** Takes up what somebody else saved meanwhile. */
  onTheirs?: () => void;
}) {
  const t = useSegmentWords();
  const [draft, setDraft] = useState(start);
  const [ownId, setOwnId] = useState(start.id !== "" && start.id !== idFromName(start.name));
  const [tried, setTried] = useState(false);
  const [asYaml, setAsYaml] = useState(false);
  const { preview, stale, refining, problems, error: previewError } = usePreview(draft.where);
  const refused = error instanceof ApiProblem ? error.errors.filter((one) => one.path?.startsWith("/where")) : [];
  const shown = [...problems, ...refused].filter((one) => tried || !isUnfinished(one));
  const unique = [...new Map(shown.map((one) => [`${one.path}${one.message}`, one])).values()];
  const elsewhere = error instanceof ApiProblem ? error.errors.filter((one) => !one.path?.startsWith("/where")) : [];
  const noName = tried && draft.name.trim() === "";

  function rename(name: string) {
    setDraft({ ...draft, name, id: isNew && !ownId ? idFromName(name) : draft.id });
  }

  function save() {
    setTried(true);
    if (draft.name.trim() === "" || problems.length > 0) return;
    onSave(draft);
  }

  return (
    <div className={classes.editor}>
      <Stack gap="md" style={{ minWidth: 0 }}>
        <Group align="flex-start" gap="md">
          <TextInput
            label={t("name")}
            placeholder={t("name_example")}
            value={draft.name}
            error={noName ? t("name_missing") : undefined}
            onChange={(event) => rename(event.currentTarget.value)}
            flex={1}
            miw={220}
            data-autofocus
          />
          <TextInput
            label={t("id")}
            value={draft.id}
            disabled={!isNew}
            w={220}
            onChange={(event) => {
              setOwnId(true);
              setDraft({ ...draft, id: event.currentTarget.value });
            }}
          />
        </Group>
        {Boolean(error) && elsewhere.length + refused.length === 0 && <ErrorNote error={error} />}
        {elsewhere.length > 0 && <ErrorNote error={error} />}
        {onTheirs && error instanceof ApiProblem && error.status === 409 && (
          <ConflictActions onTheirs={onTheirs} onMine={save} isBusy={saving} />
        )}
        <Paper withBorder p="md">
          <Title order={2} fz="md" mb="sm">
            {t("who")}
          </Title>
          <ConditionBuilder
            value={draft.where}
            onChange={(where) => setDraft((now) => ({ ...now, where }))}
            problems={unique}
          />
        </Paper>
        <div>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-expanded={asYaml}
            onClick={() => setAsYaml(!asYaml)}
          >
            {t("as_definition")}
          </Button>
          <Collapse expanded={asYaml}>
            <Textarea
              aria-label={t("as_definition")}
              mt="xs"
              autosize
              maxRows={24}
              readOnly
              styles={{ input: { fontFamily: "monospace", fontSize: 12 } }}
              value={JSON.stringify(draft, null, 2)}
            />
          </Collapse>
        </div>
      </Stack>
      <Stack gap="md" className={classes.side}>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <RoleButton scope="definitions:draft" flex={1} loading={saving} onClick={save}>
            {t(isNew ? "create" : "save")}
          </RoleButton>
        </Group>
        <Paper withBorder p="md">
          <Title order={2} fz="xs" c="dimmed" mb={6}>
            {t("in_words")}
          </Title>
          <SentenceView condition={draft.where} />
        </Paper>
        <CountPanel
          where={draft.where}
          preview={preview}
          stale={stale}
          refining={refining}
          incomplete={problems.length > 0}
        />
        {previewError && problems.length === 0 ? <ErrorNote error={previewError} /> : null}
        <WarningNote problems={preview?.warnings ?? []} />
      </Stack>
    </div>
  );
}
