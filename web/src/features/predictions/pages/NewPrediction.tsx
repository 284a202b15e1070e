import {
  Box,
  Card,
  Grid,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type ApiProblem, api } from "@/api/client";
import { useEventNames, useNamed, usePropertyPaths } from "@/lib/suggestions";
import { ConditionBuilder } from "@/ui/conditions/ConditionBuilder";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { DataCheck } from "../create/DataCheck";
import { FilterRows } from "../create/FilterRows";
import { draftOf, FIRST_FORM, type Form, idOf, type Kind } from "../create/form";
import { describeTarget } from "../describe";
import { usePredictionWords } from "../words";

const KINDS: Kind[] = ["event", "churn", "value"];

function Goal({ form, set }: { form: Form; set: (change: Partial<Form>) => void }) {
  const t = usePredictionWords();
  const events = useEventNames();
  const paths = usePropertyPaths(form.kind === "value" ? form.event : "").map((one) => one.path);
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} size="h4">
          {t("make.what")}
        </Title>
        <Radio.Group value={form.kind} onChange={(kind) => set({ kind: kind as Kind })} aria-label={t("make.what")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {KINDS.map((kind) => (
              <Radio.Card key={kind} value={kind} p="md">
                <Group wrap="nowrap" align="flex-start">
                  <Radio.Indicator />
                  <div>
                    <Text size="sm" fw={600}>
                      {t(`make.kind.${kind}`)}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {t(`make.kind_text.${kind}`)}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        {form.kind === "churn" ? (
          <MultiSelect
            label={`${t("make.rows")} ${t("make.rows_all")}`}
            placeholder={t("make.event_pick")}
            data={events}
            value={form.gone}
            onChange={(gone) => set({ gone })}
            searchable
          />
        ) : (
          <>
            <Select
              label={t("make.event")}
              placeholder={t("make.event_pick")}
              data={events}
              value={form.event || null}
              onChange={(event) => set({ event: event ?? "", filters: [] })}
              searchable
            />
            {form.kind === "value" && form.event ? (
              <Select
                label={t("make.path")}
                data={paths}
                value={form.path || null}
                onChange={(path) => set({ path: path ?? "" })}
                searchable
              />
            ) : null}
            {form.event ? (
              <FilterRows event={form.event} filters={form.filters} onFilters={(filters) => set({ filters })} />
            ) : null}
          </>
        )}
        <NumberInput
          label={t("make.window")}
          suffix={` ${t("make.days")}`}
          value={form.days}
          onChange={(days) => typeof days === "number" && set({ days })}
          min={1}
          max={365}
          w={220}
        />
      </Stack>
    </Card>
  );
}

function Audience({ form, set }: { form: Form; set: (change: Partial<Form>) => void }) {
  const t = usePredictionWords();
  const segments = useNamed("segment");
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} size="h4">
          {t("make.audience")}
        </Title>
        <SegmentedControl
          w="fit-content"
          value={form.about}
          onChange={(about) => set({ about: about as Form["about"] })}
          data={(["everybody", "segment", "condition"] as const).map((one) => ({
            value: one,
            label: t(`make.${one}`),
          }))}
        />
        {form.about === "segment" ? (
          <Select
            aria-label={t("make.segment")}
            placeholder={t("make.segment_pick")}
            data={segments.map((one) => ({ value: one.id, label: one.name }))}
            value={form.segment || null}
            onChange={(segment) => set({ segment: segment ?? "" })}
            searchable
          />
        ) : null}
        {form.about === "condition" ? (
          <ConditionBuilder value={form.condition} onChange={(condition) => set({ condition })} base="/audience" />
        ) : null}
      </Stack>
    </Card>
  );
}

/** Makes a prediction: what, of whom, in which time; beside it, whether the data can teach it. */
export function NewPrediction() {
  const t = usePredictionWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [form, setForm] = useState(FIRST_FORM);
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  const draft = useMemo(() => draftOf(form), [form]);
  const suggested = draft ? describeTarget(t, draft.target, form.days) : "";
  const name = form.name || suggested;
  const saving = useMutation<unknown, ApiProblem, "draft" | "preview" | "active">({
    mutationFn: (mode) =>
      api("POST", "/api/v1/definitions", {
        body: {
          definitions: [
            { kind: "prediction", id: idOf(name), name, ...draft, mode, rescore: { every: form.every, at: "03:00" } },
          ],
          expect: { [`prediction:${idOf(name)}`]: 0 },
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["predictions"] });
      await navigate({ to: `/predictions/${idOf(name)}` });
    },
  });
  return (
    <Box maw={1280} mx="auto">
      <PageHead title={t("make.title")} about={t("make.about")} up={{ to: "/predictions", label: t("make.back") }} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <Goal form={form} set={set} />
            <Audience form={form} set={set} />
            <Card withBorder padding="lg">
              <Stack>
                <TextInput
                  label={t("make.name")}
                  value={form.name}
                  placeholder={suggested}
                  onChange={(event) => set({ name: event.currentTarget.value })}
                />
                <Select
                  label={t("make.schedule")}
                  w={220}
                  data={(["hour", "day", "week", "month"] as const).map((one) => ({
                    value: one,
                    label: t(`make.every.${one}`),
                  }))}
                  value={form.every}
                  onChange={(every) => set({ every: (every ?? "day") as Form["every"] })}
                  allowDeselect={false}
                />
              </Stack>
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack pos="sticky" top={16}>
            <DataCheck draft={draft} />
            {saving.error ? <ErrorNote error={saving.error} /> : null}
            <RoleButton
              scope="definitions:draft"
              disabled={!draft || !idOf(name)}
              loading={saving.isPending}
              onClick={() => saving.mutate("active")}
            >
              {t("make.build")}
            </RoleButton>
            <RoleButton
              scope="definitions:draft"
              variant="default"
              disabled={!draft || !idOf(name)}
              onClick={() => saving.mutate("preview")}
            >
              {t("make.preview")}
            </RoleButton>
            <RoleButton
              scope="definitions:draft"
              variant="subtle"
              disabled={!draft || !idOf(name)}
              onClick={() => saving.mutate("draft")}
            >
              {t("make.draft")}
            </RoleButton>
            <Text size="xs" c="dimmed">
              {t("make.preview_text")}
            </Text>
          </Stack>
        </Grid.Col>
      </Grid>
    </Box>
  );
}
