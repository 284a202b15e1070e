import { Alert, Checkbox, Grid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { usePredictions } from "../api";
import { usePredictionWords } from "../words";
import { type Playbook, told, useDraft, usePlan, usePlaybook, type Values } from "./api";
import { MadeList } from "./MadeList";
import { Needs } from "./Needs";
import { ParameterField } from "./ParameterField";
import { PlanProblems, PlanView } from "./PlanView";
import classes from "./playbooks.module.css";

/** One playbook: what can be set, what it would make, and the button that keeps it as drafts. */
export function PlaybookPage() {
  const t = usePredictionWords();
  const { id } = useParams({ from: "/predictions/playbooks/$id" });
  const { data, error, refetch } = usePlaybook(id);
  const predictions = usePredictions();
  return (
    <>
      <PageHead
        title={data ? told(data.name) : t("playbook.title")}
        {...(data ? { about: told(data.about) } : {})}
        up={{ to: "/predictions/playbooks", label: t("playbook.title") }}
      />
      {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : null}
      {data && predictions.data ? <Filling key={data.id} playbook={data} /> : !error && <Skeleton h={420} aria-busy />}
    </>
  );
}

/** A faulty value by its parameter, as the server points to it. */
function faultsOf(errors: readonly { path?: string; message?: string }[] | undefined): Map<string, string> {
  return new Map((errors ?? []).map((one) => [(one.path ?? "").slice(1), one.message ?? ""]));
}

function Filling({ playbook }: { playbook: Playbook }) {
  const t = usePredictionWords();
  const asked = useSearch({ from: "/predictions/playbooks/$id" }).prediction;
  const usable = (usePredictions().data?.items ?? []).filter((one) => one.targetable);
  const first = usable.find((one) => one.id === asked) ?? (usable.length === 1 ? usable[0] : undefined);
  const [values, setValues] = useState<Values>(() => ({
    ...Object.fromEntries(playbook.parameters.filter((p) => p.default !== null).map((p) => [p.name, p.default ?? ""])),
    ...(first ? { prediction: first.id } : {}),
  }));
  const [replace, setReplace] = useState(false);
  const [settled] = useDebouncedValue(values, 250);
  const isReady = playbook.parameters.every((one) => values[one.name] !== undefined);
  const { data: plan, error, isFetching } = usePlan(playbook.id, settled, isReady);
  const draft = useDraft(playbook.id);
  const faults = faultsOf(error?.errors);
  const isFaulty = Boolean(error) || !plan || plan.problems.some((one) => one.severity === "error");
  const isThere = plan?.changes.some((one) => one.action !== "created" || one.draft) ?? false;
  if (draft.data) return <MadeList done={draft.data} />;
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="md" className={classes.side ?? ""}>
          <Needs />
          {playbook.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name]}
              error={faults.get(parameter.name)}
              onChange={(value) => setValues((now) => ({ ...now, [parameter.name]: value }))}
            />
          ))}
          {isThere && (
            <Checkbox
              label={t("playbook.replace")}
              description={t("playbook.replace_about")}
              checked={replace}
              onChange={(event) => setReplace(event.currentTarget.checked)}
            />
          )}
          {draft.error ? <ErrorNote error={draft.error} /> : null}
          <RoleButton
            scope="definitions:draft"
            loading={draft.isPending}
            disabled={!isReady || isFaulty || isFetching}
            onClick={() => draft.mutate({ values, replace })}
          >
            {t("playbook.draft")}
          </RoleButton>
          <Text size="sm" c="dimmed">
            {t("playbook.draft_about")}
          </Text>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Title order={2} size="h4" mb="sm">
          {t("playbook.will_make")}
        </Title>
        {isReady ? (
          <Stack gap="md" aria-live="polite" style={{ opacity: isFetching ? 0.6 : 1 }}>
            {error && faults.size === 0 ? <ErrorNote error={error} /> : null}
            {plan?.problems.some((one) => one.severity === "error") ? (
              <Alert color="red" variant="light" title={t("playbook.faulty")}>
                <PlanProblems plan={plan} severity="error" />
              </Alert>
            ) : null}
            {plan?.problems.some((one) => one.severity === "warning") ? (
              <Alert color="yellow" variant="light" title={t("playbook.mind")}>
                <PlanProblems plan={plan} severity="warning" />
              </Alert>
            ) : null}
            {plan ? <PlanView plan={plan} /> : !error && <Skeleton h={320} aria-busy />}
          </Stack>
        ) : (
          <Text c="dimmed">{t("playbook.choose_first")}</Text>
        )}
      </Grid.Col>
    </Grid>
  );
}
