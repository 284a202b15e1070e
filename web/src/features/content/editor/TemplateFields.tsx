import { Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Fault, Template } from "../api";
import { useContentWords } from "../words";
import { idOf } from "./starters";
import type { Variable } from "./variables";

const CodeEditor = lazy(() => import("./CodeEditor"));

interface Props {
  template: Template;
  isNew: boolean;
  onChange: (template: Template) => void;
  variables: Variable[];
  faults: Fault[];
}

const LINES = {
  email: ["subject"],
  sms: [],
  push: ["title"],
  in_app: ["title"],
  webhook: ["method", "url"],
} as const;

/** All that a template of its channel is filled in with. */
export function TemplateFields({ template, isNew, onChange, variables, faults }: Props) {
  const t = useContentWords();
  const { channel } = template;
  const faultOf = (name: string) => faults.find((one) => one.pointer === `/${name}`)?.message;
  const set = (name: string, value: string) => onChange({ ...template, [name]: value });
  const line = (name: "subject" | "title" | "link" | "url" | "method") => (
    <TextInput
      key={name}
      label={t(`field.${name}`)}
      value={template[name] ?? ""}
      onChange={(event) => set(name, event.currentTarget.value)}
      error={faultOf(name)}
    />
  );
  const hint = (one: Variable) =>
    one.kind === "trait" ? t("hint.trait") : one.kind === "property" ? t("hint.property", { event: one.event }) : "";
  const body = typeof template.body === "string" ? template.body : JSON.stringify(template.body ?? "", null, 2);
  return (
    <Stack>
      <TextInput
        label={t("field.name")}
        value={template.name ?? ""}
        onChange={(event) => {
          const name = event.currentTarget.value;
          const follows = isNew && template.id === idOf(template.name ?? "");
          onChange({ ...template, name, ...(follows ? { id: idOf(name) } : {}) });
        }}
      />
      {isNew ? (
        <TextInput
          label={t("field.id")}
          description={t("field.id_help")}
          value={template.id}
          onChange={(event) => set("id", event.currentTarget.value)}
          required
        />
      ) : null}
      {LINES[channel].map(line)}
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("field.body")}
        </Text>
        <Suspense fallback={<Skeleton h={320} />}>
          <CodeEditor
            value={body}
            onChange={(text) => set("body", text)}
            label={t("field.body")}
            markup={channel === "email" || channel === "in_app"}
            variables={variables}
            hint={hint}
            faults={faults.filter((one) => one.pointer === "/body")}
          />
        </Suspense>
        <Text size="xs" c="dimmed" mt={4}>
          {t("code_help")}
        </Text>
      </div>
      {channel === "push" || channel === "in_app" ? line("link") : null}
    </Stack>
  );
}
