import { Button, Group, Modal, Stack, Stepper, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, type FieldProblem } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { idFromName } from "@/lib/ids";
import { sayError } from "@/lib/problem-words";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { useAct, useAnybody, useAudience, useSaveDraft } from "../data";
import { type CampaignForm, CHANNELS, toDefinition } from "../form";
import { useCampaignWords } from "../words";
import { AudienceSection } from "./AudienceSection";
import { ContentSection, type Own } from "./ContentSection";
import { ReviewSection, useWhenWords } from "./ReviewSection";
import { WhenSection } from "./WhenSection";

const STEPS = ["audience", "content", "when", "review"] as const;

function ownTemplates(form: CampaignForm, own: Own): { form: CampaignForm; templates: object[] } {
  const templates: object[] = [];
  const chosen = { ...form.templates };
  for (const channel of CHANNELS) {
    const written = own[channel];
    if (!written || chosen[channel] === undefined) continue;
    const id = `${form.id}-${channel}`.slice(-64);
    templates.push({ ...written, id, name: form.name, status: "ready" });
    chosen[channel] = id;
  }
  return { form: { ...form, templates: chosen }, templates };
}

/** Four steps from an audience to a campaign that is sent; each step keeps a draft on the server. */
export function CampaignWizard({
  start,
  isNew,
  startOwn = {},
}: {
  start: CampaignForm;
  isNew: boolean;
  startOwn?: Own;
}) {
  const t = useCampaignWords();
  const say = useWhenWords();
  const go = useNavigate();
  const [step, setStep] = useState(0);
  const [form, setForm] = useState(start);
  const [own, setOwn] = useState<Own>(startOwn);
  const [ownId, setOwnId] = useState(start.id !== "");
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  const [asking, setAsking] = useState(false);
  const save = useSaveDraft();
  const act = useAct(form.id);
  const { data: audience } = useAudience(form.audience);
  const named = form.name.trim() !== "" && form.id !== "";
  const anybody = useAnybody();
  const person = audience?.sample?.[0] ?? anybody;

  async function keep(): Promise<boolean> {
    const ready = ownTemplates(form, own);
    const answer = await save
      .mutateAsync({ definition: toDefinition(ready.form), templates: ready.templates })
      .catch(() => null);
    if (!answer) return false;
    setForm(ready.form);
    setOwn({});
    setProblems(answer.problems);
    return true;
  }

  async function turn(to: number) {
    if (to > step && !named) return;
    if (to === STEPS.length - 1 && !(await keep())) return;
    setStep(to);
  }

  async function publish() {
    const done = await act.mutateAsync({ verb: "publish" }).catch(() => null);
    setAsking(false);
    if (!done) return;
    const isNow = form.when.kind === "now";
    try {
      const body = { request_id: crypto.randomUUID() };
      if (isNow) await api("POST", `/api/v1/campaigns/${encodeURIComponent(form.id)}/start`, { body });
      notifications.show({ message: t(isNow ? "sending" : "scheduled", { name: form.name }) });
    } catch (cause) {
      // It is published all the same: its page has the button that sends it.
      notifications.show({ color: "red", autoClose: false, message: t("not_sent_yet", { why: sayError(cause) }) });
    }
    void go({ to: "/campaigns/$id", params: { id: form.id } });
  }

  const isUnwritten = CHANNELS.some((channel) => form.templates[channel] === "" && !own[channel]);
  const isStuck = !named || (STEPS[step] === "content" && isUnwritten);
  const faulty = problems.some((one) => (one as { severity?: string }).severity !== "warning");
  return (
    <Stack gap="lg">
      <Group align="flex-start">
        <TextInput
          label={t("name")}
          placeholder={t("name_example")}
          flex={1}
          miw={220}
          value={form.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            setForm({ ...form, name, id: isNew && !ownId ? idFromName(name) : form.id });
          }}
        />
        <TextInput
          label={t("id")}
          w={220}
          disabled={!isNew}
          value={form.id}
          onChange={(event) => {
            setOwnId(true);
            setForm({ ...form, id: event.currentTarget.value });
          }}
        />
      </Group>
      <Stepper active={step} onStepClick={(to) => void turn(to)} size="sm" allowNextStepsSelect={named}>
        {STEPS.map((name) => (
          <Stepper.Step key={name} label={t(`step_${name}`)}>
            {name === "audience" && (
              <AudienceSection
                audience={form.audience}
                onChange={(next) => setForm((now) => ({ ...now, audience: next }))}
              />
            )}
            {name === "content" && (
              <ContentSection form={form} own={own} person={person} onForm={setForm} onOwn={setOwn} />
            )}
            {name === "when" && <WhenSection form={form} now={audience?.at} onChange={setForm} />}
            {name === "review" && <ReviewSection form={form} own={own} problems={problems} error={act.error} />}
          </Stepper.Step>
        ))}
      </Stepper>
      <ErrorNote error={save.error} />
      {isStuck && (
        <Text size="sm" c="dimmed" ta="end" mb={-8}>
          {t(named ? "template_first" : "name_first")}
        </Text>
      )}
      <Group justify="space-between" gap="xs">
        <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
          {t("back")}
        </Button>
        <Group gap="xs">
          <RoleButton
            scope="definitions:draft"
            variant="default"
            disabled={!named}
            loading={save.isPending}
            onClick={async () => {
              if (await keep()) notifications.show({ message: t("draft_saved") });
            }}
          >
            {t("save_draft")}
          </RoleButton>
          {step < STEPS.length - 1 ? (
            <RoleButton
              scope="definitions:draft"
              disabled={isStuck}
              loading={save.isPending}
              onClick={() => void turn(step + 1)}
            >
              {t("next")}
            </RoleButton>
          ) : (
            <RoleButton scope="definitions:write" disabled={faulty} onClick={() => setAsking(true)}>
              {t(form.when.kind === "now" ? "send_now" : "schedule")}
            </RoleButton>
          )}
        </Group>
      </Group>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t(form.when.kind === "now" ? "send_title" : "schedule_title", { name: form.name })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text size="sm">
            {t("send_text", {
              count: audience?.members ?? 0,
              n: formatNumber(audience?.members ?? 0),
              when: say(form),
            })}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("cancel")}
            </Button>
            <Button loading={act.isPending} onClick={() => void publish()}>
              {t(form.when.kind === "now" ? "send_now" : "schedule")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
