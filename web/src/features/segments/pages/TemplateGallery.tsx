import { Button, Chip, Group, Modal, Paper, Skeleton, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch, IconTemplate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { useState } from "react";
import { api } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import { formatNumber } from "@/lib/format";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { usePreview } from "../data";
import { type Parameter, ParameterField } from "../parts/ParameterField";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";

type Told = { en: string; fr: string };

interface Template {
  id: string;
  group: string;
  name: Told;
  about: Told;
  parameters: Parameter[];
}

const told = (words: Told) => (i18next.language === "fr" ? words.fr : words.en);

function Found({ where }: { where: Condition }) {
  const t = useSegmentWords();
  const { preview, stale } = usePreview(where, 0);
  return (
    <Paper withBorder p="md">
      <SentenceView condition={where} />
      <Text mt="sm" className={stale ? classes.stale : ""} aria-live="polite">
        <Text span fw={650} fz="xl">
          {preview ? `${preview.exact ? "" : "≈ "}${formatNumber(preview.members)}` : "–"}
        </Text>{" "}
        <Text span size="sm" c="dimmed">
          {t("would_match")}
        </Text>
      </Text>
    </Paper>
  );
}

function Setting({ template, onClose }: { template: Template; onClose: () => void }) {
  const t = useSegmentWords();
  const go = useNavigate();
  const [values, setValues] = useState<Record<string, unknown>>(() =>
    Object.fromEntries(template.parameters.map((p) => [p.name, p.default ?? p.example])),
  );
  const filled = useQuery({
    queryKey: ["segment-template", template.id, values, i18next.language],
    queryFn: ({ signal }) =>
      api<{ definition: { where: Condition } }>("POST", `/api/v1/segment-templates/${template.id}`, {
        body: { parameters: values, language: i18next.language },
        signal,
      }),
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {told(template.about)}
      </Text>
      <div className={classes.setting}>
        <Stack gap="sm">
          {template.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name]}
              onChange={(value) => setValues((now) => ({ ...now, [parameter.name]: value }))}
            />
          ))}
        </Stack>
        <div className={classes.settingSide}>
          <ErrorNote error={filled.error} />
          {filled.data ? <Found where={filled.data.definition.where} /> : !filled.error && <Skeleton h={90} />}
        </div>
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button
          disabled={Boolean(filled.error)}
          onClick={() =>
            go({ to: "/segments/new", search: { template: template.id, parameters: JSON.stringify(values) } })
          }
        >
          {t("open_builder")}
        </Button>
      </Group>
    </Stack>
  );
}

export function TemplateGallery() {
  const t = useSegmentWords();
  const [text, setText] = useState("");
  const [group, setGroup] = useState("");
  const [chosen, setChosen] = useState<Template | null>(null);
  const { data, error, isPending } = useQuery({
    queryKey: ["segment-templates"],
    queryFn: () => api<{ items: Template[]; groups: { id: string; name: Told }[] }>("GET", "/api/v1/segment-templates"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = (data?.items ?? []).filter(
    (one) =>
      (group === "" || one.group === group) &&
      `${told(one.name)} ${told(one.about)}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <>
      <PageHead title={t("gallery_title")} about={t("gallery_about")} up={{ to: "/segments", label: t("title") }} />
      <ErrorNote error={error} />
      <Stack gap="sm" mb="lg">
        <TextInput
          aria-label={t("gallery_search")}
          placeholder={t("gallery_search")}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={320}
          maw="100%"
        />
        <Chip.Group value={group} onChange={(value) => setGroup(String(value))}>
          <Group gap={6}>
            <Chip value="" size="xs">
              {t("all_groups")}
            </Chip>
            {(data?.groups ?? []).map((one) => (
              <Chip key={one.id} value={one.id} size="xs">
                {told(one.name)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Stack>
      {isPending && <Skeleton h={240} />}
      {data && shown.length === 0 && (
        <EmptyState icon={<IconTemplate size={24} />} title={t("not_found")} text={t("not_found_text")} />
      )}
      <div className={classes.cards}>
        {shown.map((one) => (
          <UnstyledButton key={one.id} onClick={() => setChosen(one)}>
            <Paper withBorder p="md" className={classes.card}>
              <Text size="xs" c="dimmed">
                {told(data?.groups.find((g) => g.id === one.group)?.name ?? { en: one.group, fr: one.group })}
              </Text>
              <Text fw={600}>{told(one.name)}</Text>
              <Text size="sm" c="dimmed">
                {told(one.about)}
              </Text>
            </Paper>
          </UnstyledButton>
        ))}
      </div>
      <Modal
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        size="xl"
        title={chosen ? told(chosen.name) : ""}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        {chosen && <Setting key={chosen.id} template={chosen} onClose={() => setChosen(null)} />}
      </Modal>
    </>
  );
}
