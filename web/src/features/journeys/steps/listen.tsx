import { ActionIcon, Button, Group, Paper, Select, Stack, Switch, Text } from "@mantine/core";
import { IconEar, IconPlus, IconTrash } from "@tabler/icons-react";
import { END, type Fields, itemsOf, type Journey, type Step, withField } from "../graph/definition";
import { reachableFrom } from "../graph/ports";
import { useJourneyWords } from "../words";
import { DurationField } from "./fields/DurationField";
import { Signal } from "./fields/Signal";
import { TargetField } from "./fields/TargetField";
import type { EditorProps, StepKind } from "./model";
import { sayDuration, saySignal } from "./say";

function messagesBefore(journey: Journey, name: string): string[] {
  return Object.entries(journey.steps)
    .filter(([other, step]) => step.type === "message" && reachableFrom(journey, other).has(name))
    .map(([other]) => other);
}

function One({
  props,
  item,
  n,
  put,
  drop,
}: {
  props: EditorProps;
  item: Fields;
  n: number;
  put: (item: Fields, tag?: string) => void;
  drop?: () => void;
}) {
  const t = useJourneyWords();
  const { name, journey, faults } = props;
  const messages = messagesBefore(journey, name);
  const said = typeof item.message === "string" ? item.message : "";
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text size="xs" fw={600} c="dimmed">
            {t("listen.path", { n: n + 1 })}
          </Text>
          {drop && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("listen.remove", { n: n + 1 })}
              onClick={drop}
            >
              <IconTrash size={15} />
            </ActionIcon>
          )}
        </Group>
        <Signal
          value={item}
          change={put}
          error={
            faults.get(`for/${n}/event`) ??
            faults.get(`for/${n}/segment_entered`) ??
            faults.get(`for/${n}/segment_left`) ??
            faults.get(`for/${n}`)
          }
        />
        {"event" in item && (
          <Select
            label={t("listen.message")}
            description={t("listen.messageHint")}
            size="xs"
            clearable
            placeholder={t("listen.anyMessage")}
            value={said || null}
            data={said && !messages.includes(said) ? [...messages, said] : messages}
            onChange={(next) => put(withField(item, "message", next ?? undefined))}
            error={faults.get(`for/${n}/message`)}
          />
        )}
        <TargetField
          label={t("field.leadsTo")}
          journey={journey}
          from={name}
          target={typeof item.next === "string" ? item.next : undefined}
          change={(next) => put({ ...item, next })}
          error={faults.get(`for/${n}/next`)}
        />
      </Stack>
    </Paper>
  );
}

function Editor(props: EditorProps) {
  const { name, step, journey, change, faults } = props;
  const t = useJourneyWords();
  const items = itemsOf(step.for);
  const put = (n: number, item: Fields, tag?: string) =>
    change({ ...step, for: items.map((one, place) => (place === n ? item : one)) }, tag && `${n}/${tag}`);
  const timed = step.timeout !== undefined || step.on_timeout !== undefined;
  const setTimed = (on: boolean) => {
    const { timeout: _t, on_timeout: _o, ...rest } = step;
    change((on ? { ...rest, timeout: "1d", on_timeout: END } : rest) as Step);
  };
  return (
    <Stack gap="md">
      {faults.get("for") && (
        <Text size="sm" c="red">
          {faults.get("for")}
        </Text>
      )}
      {items.map((item, n) => (
        <One
          // biome-ignore lint/suspicious/noArrayIndexKey: paths have no name; their place is what they are
          key={n}
          props={props}
          item={item}
          n={n}
          put={(next, tag) => put(n, next, tag)}
          {...(items.length > 1
            ? { drop: () => change({ ...step, for: items.filter((_, place) => place !== n) }) }
            : {})}
        />
      ))}
      <Button
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => change({ ...step, for: [...items, { event: "", next: END }] })}
      >
        {t("listen.add")}
      </Button>
      <Switch label={t("listen.timed")} checked={timed} onChange={(e) => setTimed(e.currentTarget.checked)} />
      {timed && (
        <>
          <DurationField
            label={t("listen.timeout")}
            description={t("listen.timeoutHint")}
            value={step.timeout}
            change={(next) => change({ ...step, timeout: next ?? "" }, "timeout")}
            error={faults.get("timeout")}
          />
          <TargetField
            label={t("listen.onTimeout")}
            journey={journey}
            from={name}
            target={typeof step.on_timeout === "string" ? step.on_timeout : undefined}
            change={(next) => change({ ...step, on_timeout: next })}
            error={faults.get("on_timeout")}
          />
        </>
      )}
      <Select
        label={t("listen.since")}
        description={t("listen.sinceHint")}
        value={typeof step.since === "string" ? step.since : ""}
        allowDeselect={false}
        data={["", "step", "message", "enrollment"].map((one) => ({
          value: one,
          label: t(`listen.sinceIs.${one || "default"}`),
        }))}
        onChange={(next) => change(withField(step, "since", next || undefined))}
        error={faults.get("since")}
      />
    </Stack>
  );
}

export const listen: StepKind = {
  kind: "listen",
  icon: IconEar,
  tone: "time",
  defaults: () => ({ type: "listen", for: [{ event: "" }], timeout: "1d", on_timeout: END }),
  stem: () => "listen",
  summary: (step, t) => {
    const first = itemsOf(step.for)
      .map((item) => saySignal({ ...item, where: [] }, t))
      .join(t("condition.or"));
    return step.timeout === undefined
      ? first
      : `${first}\n${t("listen.within", { length: sayDuration(step.timeout, t) })}`;
  },
  way: (step, port, t) =>
    port.role === "timeout"
      ? t("way.timeout", { length: sayDuration(step.timeout, t) })
      : saySignal(itemsOf(step.for)[port.place] ?? {}, t),
  Editor,
};
