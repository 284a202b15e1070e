import { ActionIcon, Button, Collapse, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconMail, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { type Fields, isFields, type Step, withField } from "../graph/definition";
import { useJourneyWords } from "../words";
import { DurationField } from "./fields/DurationField";
import { TemplateField } from "./fields/NameField";
import { TargetField } from "./fields/TargetField";
import type { EditorProps, StepKind } from "./model";
import { sayNamed } from "./say";

const CHANNELS = ["email", "sms", "push", "in_app", "webhook"];

/** The channels of a message with their templates, whether it names one or several. */
export function channelsOf(step: Step): [string, string][] {
  if (isFields(step.channels))
    return Object.entries(step.channels).map(([channel, template]) => [channel, String(template)]);
  return typeof step.channel === "string" ? [[step.channel, String(step.template ?? "")]] : [];
}

/** One channel is written as `channel` and `template`, several as `channels`. */
export function withChannels(step: Step, pairs: [string, string][]): Step {
  const { channel: _c, template: _t, channels: _s, strategy, type, ...rest } = step;
  const [first] = pairs;
  if (pairs.length === 1 && first) return { type, channel: first[0], template: first[1], ...rest } as Step;
  const kept = strategy === undefined ? {} : { strategy };
  return { type, channels: Object.fromEntries(pairs) as Fields, ...kept, ...rest } as Step;
}

function Channels({ step, change, faults }: EditorProps) {
  const t = useJourneyWords();
  const pairs = channelsOf(step);
  const free = CHANNELS.filter((channel) => !pairs.some(([one]) => one === channel));
  const put = (n: number, pair: [string, string]) =>
    change(
      withChannels(
        step,
        pairs.map((one, place) => (place === n ? pair : one)),
      ),
    );
  return (
    <Stack gap="sm">
      {pairs.map(([channel, template], n) => (
        <Group key={channel} gap={6} wrap="nowrap" align="flex-end">
          <Select
            w={112}
            label={t("message.channel")}
            allowDeselect={false}
            value={channel}
            data={[channel, ...free].map((one) => ({ value: one, label: t(`channel.${one}`) }))}
            onChange={(next) => next && put(n, [next, next === channel ? template : ""])}
          />
          <Stack flex={1} gap={0}>
            <TemplateField
              label={t("message.template")}
              channel={channel}
              value={template}
              change={(next) => put(n, [channel, next])}
              error={faults.get("template") ?? faults.get(`channels/${channel}`)}
            />
          </Stack>
          {pairs.length > 1 && (
            <ActionIcon
              mb={3}
              variant="subtle"
              color="gray"
              aria-label={t("message.removeChannel", { channel: t(`channel.${channel}`) })}
              onClick={() =>
                change(
                  withChannels(
                    step,
                    pairs.filter((_, place) => place !== n),
                  ),
                )
              }
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {free[0] && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => change(withChannels(step, [...pairs, [free[0] as string, ""]]))}
        >
          {t("message.addChannel")}
        </Button>
      )}
      {pairs.length > 1 && (
        <SegmentedControl
          size="xs"
          value={String(step.strategy ?? "all")}
          data={["all", "first_reachable"].map((one) => ({ value: one, label: t(`message.strategy.${one}`) }))}
          onChange={(next) => change(withField(step, "strategy", next === "all" ? undefined : next))}
        />
      )}
    </Stack>
  );
}

function Editor(props: EditorProps) {
  const { name, step, journey, change, faults } = props;
  const t = useJourneyWords();
  const [open, setOpen] = useState(() =>
    ["to", "expires_in", "on_blocked", "on_failed"].some((field) => step[field] !== undefined),
  );
  const set = (field: string) => (value: string | undefined) => change(withField(step, field, value), field);
  return (
    <Stack gap="md">
      <Channels {...props} />
      <SegmentedControl
        size="xs"
        value={String(step.purpose ?? "marketing")}
        data={["marketing", "transactional"].map((one) => ({ value: one, label: t(`message.purpose.${one}`) }))}
        onChange={(next) => set("purpose")(next === "marketing" ? undefined : next)}
      />
      <Text size="xs" c="dimmed" mt={-8}>
        {t(step.purpose === "transactional" ? "message.purposeHint.transactional" : "message.purposeHint.marketing")}
      </Text>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        rightSection={<IconChevronDown size={14} />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        style={{ alignSelf: "flex-start" }}
      >
        {t("message.more")}
      </Button>
      <Collapse expanded={open}>
        <Stack gap="sm">
          <TextInput
            label={t("message.to")}
            description={t("message.toHint")}
            placeholder="profile.email"
            value={String(step.to ?? "")}
            error={faults.get("to")}
            onChange={(e) => set("to")(e.currentTarget.value || undefined)}
          />
          <DurationField
            label={t("message.expires")}
            description={t("message.expiresHint")}
            optional
            value={step.expires_in}
            change={set("expires_in")}
            error={faults.get("expires_in")}
          />
          {(["on_blocked", "on_failed"] as const).map((field) =>
            step[field] === undefined ? (
              <Button
                key={field}
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPlus size={14} />}
                style={{ alignSelf: "flex-start" }}
                onClick={() => set(field)(typeof step.next === "string" ? step.next : "end")}
              >
                {t(`message.add.${field}`)}
              </Button>
            ) : (
              <Group key={field} gap={4} align="flex-end" wrap="nowrap">
                <Stack flex={1} gap={0}>
                  <TargetField
                    label={t(`message.${field}`)}
                    journey={journey}
                    from={name}
                    target={String(step[field])}
                    change={set(field)}
                    error={faults.get(field)}
                  />
                </Stack>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("field.removeWay")}
                  onClick={() => set(field)(undefined)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ),
          )}
        </Stack>
      </Collapse>
    </Stack>
  );
}

export const message: StepKind = {
  kind: "message",
  icon: IconMail,
  tone: "message",
  defaults: () => ({ type: "message", channel: "email", template: "" }),
  stem: (step) => channelsOf(step)[0]?.[0] ?? "message",
  summary: (step, t) =>
    channelsOf(step)
      .map(
        ([channel, template]) =>
          `${t(`channel.${channel}`)} · ${sayNamed("template", template, t, t("message.noTemplate"))}`,
      )
      .join("\n"),
  way: (_, port, t) => (port.role === "next" ? "" : t(`way.${port.role}`)),
  Editor,
};
