import {
  Alert,
  Button,
  Chip,
  Group,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import classes from "../campaigns.module.css";
import { type Sampled, useRendered, useTemplates } from "../data";
import { type CampaignForm, CHANNELS, type Channel } from "../form";
import { useCampaignWords } from "../words";

/** What was written for this campaign alone, by channel: it becomes a template of its own when the campaign is saved. */
export type Own = Partial<Record<Channel, Record<string, unknown>>>;

const FIELDS: Record<Channel, string[]> = { email: ["subject"], sms: ["body"], push: ["title", "body", "link"] };

function Look({ template, person }: { template: Record<string, unknown> | undefined; person: Sampled | undefined }) {
  const t = useCampaignWords();
  const { data } = useRendered(template, person?.user_id);
  const seen = data?.rendered;
  return (
    <Paper withBorder p="sm" className={classes.look}>
      <Text size="xs" c="dimmed" mb={4}>
        {!template
          ? t("choose_to_see")
          : person
            ? t("as_person", { who: person.name || person.user_id })
            : t("no_person")}
      </Text>
      {data?.problems.map((one) => (
        <Text key={one.message} size="xs" c="var(--mantine-color-error)">
          {one.message}
        </Text>
      ))}
      {seen && (
        <>
          {(seen.subject ?? seen.title) && (
            <Text fw={600} size="sm" mb={4}>
              {seen.subject ?? seen.title}
            </Text>
          )}
          {seen.html ? (
            <iframe title={t("preview")} sandbox="" srcDoc={seen.body} className={classes.frame} />
          ) : (
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {seen.body}
            </Text>
          )}
          {seen.link && (
            <Text size="xs" c="dimmed" mt={4}>
              {seen.link}
            </Text>
          )}
        </>
      )}
    </Paper>
  );
}

function ChannelContent({
  channel,
  form,
  own,
  person,
  onTemplate,
  onOwn,
}: {
  channel: Channel;
  form: CampaignForm;
  own: Own;
  person: Sampled | undefined;
  onTemplate: (id: string) => void;
  onOwn: (template: Record<string, unknown> | undefined) => void;
}) {
  const t = useCampaignWords();
  const { data } = useTemplates();
  const fitting = (data?.items ?? []).filter((one) => one.definition.channel === channel);
  const chosen = fitting.find((one) => one.id === form.templates[channel])?.definition;
  const written = own[channel];
  const shown = written ?? chosen;
  const fields = written && !chosen && channel === "email" ? ["subject", "body"] : FIELDS[channel];
  const change = (name: string, value: string) =>
    onOwn({ ...(shown ?? { kind: "template", channel, status: "ready" }), [name]: value });
  return (
    <div className={classes.content}>
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <Select
            label={t("template")}
            placeholder={t("choose_template")}
            searchable
            flex={1}
            value={chosen ? (form.templates[channel] ?? null) : null}
            data={fitting.map((one) => ({
              value: one.id,
              label: one.definition.status === "draft" ? `${one.name} (${t("draft")})` : one.name,
            }))}
            onChange={(id) => {
              if (!id) return;
              onOwn(undefined);
              onTemplate(id);
            }}
          />
          {!written && (
            <Button
              variant="default"
              onClick={() => {
                onTemplate("");
                onOwn({ kind: "template", channel, status: "ready", body: "" });
              }}
            >
              {t("write_new")}
            </Button>
          )}
        </Group>
        {shown &&
          fields.map((name) =>
            name === "body" ? (
              <Textarea
                key={name}
                label={t(`field.${channel}_body`)}
                autosize
                minRows={channel === "email" ? 8 : 3}
                value={String(shown[name] ?? "")}
                onChange={(event) => change(name, event.currentTarget.value)}
              />
            ) : (
              <TextInput
                key={name}
                label={t(`field.${name}`)}
                value={String(shown[name] ?? "")}
                onChange={(event) => change(name, event.currentTarget.value)}
              />
            ),
          )}
        {written && chosen && (
          <Alert variant="light" color="indigo" icon={<IconInfoCircle size={18} />}>
            {t("own_copy")}{" "}
            <Button variant="subtle" size="compact-xs" onClick={() => onOwn(undefined)}>
              {t("back_to_template")}
            </Button>
          </Alert>
        )}
      </Stack>
      <Look template={shown} person={person} />
    </div>
  );
}

export function ContentSection({
  form,
  own,
  person,
  onForm,
  onOwn,
}: {
  form: CampaignForm;
  own: Own;
  person: Sampled | undefined;
  onForm: (form: CampaignForm) => void;
  onOwn: (own: Own) => void;
}) {
  const t = useCampaignWords();
  const used = CHANNELS.filter((channel) => form.templates[channel] !== undefined);
  const [shown, setShown] = useState<Channel>(used[0] ?? "email");
  const open = used.includes(shown) ? shown : used[0];

  function choose(next: string[]) {
    const templates = Object.fromEntries(next.map((channel) => [channel, form.templates[channel as Channel] ?? ""]));
    onForm({ ...form, templates });
    const added = next.find((channel) => !used.includes(channel as Channel));
    if (added) setShown(added as Channel);
  }

  return (
    <Paper withBorder p="lg">
      <Stack gap="md">
        <Chip.Group multiple value={used} onChange={choose}>
          <Group gap="xs" role="group" aria-label={t("channels")}>
            {CHANNELS.map((channel) => (
              <Chip key={channel} value={channel}>
                {t(`channel.${channel}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {used.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("choose_channel")}
          </Text>
        )}
        {used.length > 1 && (
          <Group gap="md">
            <SegmentedControl
              aria-label={t("channels")}
              value={open ?? ""}
              onChange={(value) => setShown(value as Channel)}
              data={used.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
            />
            <Select
              aria-label={t("strategy")}
              w={280}
              value={form.strategy}
              allowDeselect={false}
              data={(["all", "first_reachable"] as const).map((value) => ({ value, label: t(`strategies.${value}`) }))}
              onChange={(strategy) => onForm({ ...form, strategy: strategy as CampaignForm["strategy"] })}
            />
          </Group>
        )}
        {open && (
          <ChannelContent
            key={open}
            channel={open}
            form={form}
            own={own}
            person={person}
            onTemplate={(id) => onForm({ ...form, templates: { ...form.templates, [open]: id } })}
            onOwn={(template) => onOwn({ ...own, [open]: template } as Own)}
          />
        )}
      </Stack>
    </Paper>
  );
}
