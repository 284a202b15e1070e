import { SegmentedControl, Stack, TagsInput, Text } from "@mantine/core";
import { IconBroadcast, IconCircleCheck, IconRoute, IconTargetArrow, IconUserEdit } from "@tabler/icons-react";
import { isFields, withField } from "../graph/definition";
import { useJourneyWords } from "../words";
import { AudienceField, EventField, JourneyField } from "./fields/NameField";
import { Values } from "./fields/Values";
import type { EditorProps, StepKind } from "./model";
import { sayNamed } from "./say";

function ProfileEditor({ step, change, faults }: EditorProps) {
  const t = useJourneyWords();
  const unset = Array.isArray(step.unset) ? step.unset.map(String) : [];
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("profile.set")}
        </Text>
        <Values value={step.set} add={t("profile.add")} change={(set) => change(withField(step, "set", set), "set")} />
      </div>
      <TagsInput
        label={t("profile.unset")}
        description={t("profile.unsetHint")}
        value={unset}
        onChange={(next) => change(withField(step, "unset", next.length ? next : undefined))}
        error={faults.get("unset") ?? faults.get("")}
      />
    </Stack>
  );
}

export const updateProfile: StepKind = {
  kind: "update_profile",
  icon: IconUserEdit,
  tone: "action",
  defaults: () => ({ type: "update_profile", set: {} }),
  stem: () => "update-profile",
  summary: (step, t) => {
    const set = isFields(step.set) ? Object.keys(step.set) : [];
    const unset = Array.isArray(step.unset) ? step.unset.map((path) => t("profile.without", { path })) : [];
    return [...set, ...unset].join(", ") || t("profile.nothing");
  },
  Editor: ProfileEditor,
};

function TrackEditor({ step, change, faults }: EditorProps) {
  const t = useJourneyWords();
  return (
    <Stack gap="md">
      <EventField
        label={t("track.event")}
        description={t("track.hint")}
        value={step.event}
        change={(event) => change({ ...step, event }, "event")}
        error={faults.get("event")}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("track.properties")}
        </Text>
        <Values
          value={step.properties}
          add={t("track.add")}
          change={(properties) => change(withField(step, "properties", properties), "properties")}
        />
      </div>
    </Stack>
  );
}

export const track: StepKind = {
  kind: "track",
  icon: IconBroadcast,
  tone: "action",
  defaults: () => ({ type: "track", event: "" }),
  stem: () => "track",
  summary: (step, t) => String(step.event || t("signal.noEvent")),
  Editor: TrackEditor,
};

function AudienceEditor({ step, change, faults }: EditorProps) {
  const t = useJourneyWords();
  return (
    <Stack gap="md">
      <SegmentedControl
        size="xs"
        value={String(step.action)}
        data={["add", "remove"].map((one) => ({ value: one, label: t(`audience.${one}`) }))}
        onChange={(action) => change({ ...step, action })}
      />
      <AudienceField
        label={t("audience.name")}
        value={step.audience}
        change={(audience) => change({ ...step, audience }, "audience")}
        error={faults.get("audience")}
      />
    </Stack>
  );
}

export const audience: StepKind = {
  kind: "audience",
  icon: IconTargetArrow,
  tone: "action",
  defaults: () => ({ type: "audience", audience: "", action: "add" }),
  stem: () => "audience",
  summary: (step, t) =>
    t(`audience.said.${step.action === "remove" ? "remove" : "add"}`, { name: step.audience || "…" }),
  Editor: AudienceEditor,
};

function StartEditor({ step, journey, change, faults }: EditorProps) {
  const t = useJourneyWords();
  return (
    <JourneyField
      label={t("startJourney.journey")}
      description={t("startJourney.hint")}
      except={journey.id}
      value={step.journey}
      change={(name) => change({ ...step, journey: name })}
      error={faults.get("journey")}
    />
  );
}

export const startJourney: StepKind = {
  kind: "start_journey",
  icon: IconRoute,
  tone: "action",
  defaults: () => ({ type: "start_journey", journey: "" }),
  stem: () => "start-journey",
  summary: (step, t) => sayNamed("journey", step.journey, t),
  Editor: StartEditor,
};

function EndEditor() {
  const t = useJourneyWords();
  return (
    <Text size="sm" c="dimmed">
      {t("endStep.hint")}
    </Text>
  );
}

export const end: StepKind = {
  kind: "end",
  icon: IconCircleCheck,
  tone: "end",
  defaults: () => ({ type: "end" }),
  stem: () => "finish",
  summary: (_, t) => t("endStep.summary"),
  Editor: EndEditor,
};
