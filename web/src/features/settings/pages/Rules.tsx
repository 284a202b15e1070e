import { Alert, Group, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { ApiProblem } from "@/api/client";
import { ConflictActions } from "@/ui/ConflictActions";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageLoading } from "@/ui/Loading";
import { useDenied } from "@/ui/RoleButton";
import { TimeAgo } from "@/ui/TimeAgo";
import { whoIs } from "../actor";
import { Duration } from "../parts/Duration";
import { SaveBar } from "../parts/SaveBar";
import { Section } from "../parts/Section";
import { CapFields } from "../rules/CapFields";
import { ConsentFields } from "../rules/ConsentFields";
import { type Published, useRules, useSaveRules } from "../rules/data";
import { elsewhere, problemAt, type RulesForm, toDefinition, toForm } from "../rules/form";
import { QuietFields } from "../rules/QuietFields";
import { zones } from "../rules/zones";
import { useSettingsWords } from "../words";

/** The rules that every message passes. */
export function Rules() {
  const rules = useRules();
  if (rules.isLoadingError) return <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />;
  if (rules.data === undefined) return <PageLoading />;
  return <RulesEditor found={rules.data} />;
}

function RulesEditor({ found }: { found: Published | null }) {
  const t = useSettingsWords();
  const denied = useDenied("definitions:write");
  const save = useSaveRules();
  const definition = found?.definition ?? {};
  // What was typed is kept whatever the server answers, and whoever publishes meanwhile.
  const [typed, setTyped] = useState<RulesForm | null>(null);
  const form = typed ?? toForm(definition);
  const set = (part: Partial<RulesForm>) => setTyped({ ...form, ...part });
  const refused = save.error instanceof ApiProblem ? save.error : null;
  const at = (pointer: string) => problemAt(refused?.errors ?? [], pointer);
  const isConflict = refused?.status === 409;
  const unplaced = refused && (isConflict || refused.errors.length === 0 || elsewhere(refused.errors).length > 0);
  const disabled = Boolean(denied);
  const keep = () =>
    save.mutate(
      { definition: toDefinition(form, definition), version: found?.version ?? 0 },
      {
        onSuccess: ({ changes }) => {
          setTyped(null);
          notifications.show({ message: t("rules.saved", { version: changes[0]?.version ?? found?.version ?? 1 }) });
        },
        // The bar stands far from the field that is wrong.
        onError: () =>
          window.setTimeout(() => document.querySelector("[role=alert]")?.scrollIntoView({ block: "center" })),
      },
    );
  const discard = () => {
    setTyped(null);
    save.reset();
  };
  return (
    <Stack gap="xl">
      <Text c="dimmed" maw={720}>
        {t("rules.about")}
      </Text>
      {denied && (
        <Alert color="gray" icon={<IconLock size={18} />}>
          {denied}
        </Alert>
      )}
      <Section title={t("rules.consent")} text={t("rules.consentText")}>
        <ConsentFields
          value={form.consent}
          onChange={(consent) => set({ consent })}
          disabled={disabled}
          error={at("/consent")}
        />
      </Section>
      <Section title={t("rules.caps")} text={t("rules.capsText")}>
        <CapFields
          value={form.caps}
          onChange={(caps) => set({ caps })}
          disabled={disabled}
          errorAt={(place) => at(`/frequency_caps/${place}`)}
        />
      </Section>
      <Section title={t("rules.quiet")} text={t("rules.quietText")}>
        <QuietFields
          value={form.quiet}
          onChange={(quiet) => set({ quiet })}
          disabled={disabled}
          errorAt={(field) => at(`/quiet_hours/${field}`)}
        />
      </Section>
      <Section title={t("rules.clock")} text={t("rules.clockText")}>
        <Group gap="lg" align="flex-start">
          <Select
            w={{ base: "100%", xs: 280 }}
            label={t("rules.timezone")}
            searchable
            allowDeselect={false}
            limit={60}
            disabled={disabled}
            value={form.timezone}
            data={zones(form.timezone)}
            error={at("/timezone")}
            onChange={(timezone) => set({ timezone: String(timezone) })}
          />
          <Duration
            label={t("rules.lateness")}
            value={form.lateness}
            disabled={disabled}
            error={at("/lateness")}
            onChange={(lateness) => set({ lateness })}
          />
        </Group>
        <Text fz="sm" c="dimmed" mt="sm">
          {t("rules.latenessText")}
        </Text>
      </Section>
      {found && (
        <Text fz="sm" c="dimmed">
          {t("rules.version", { version: found.version, by: whoIs(found.by) })} <TimeAgo at={found.published_at} />
        </Text>
      )}
      {unplaced && <ErrorNote error={save.error} />}
      {isConflict && <ConflictActions onTheirs={discard} onMine={keep} isBusy={save.isPending} />}
      {typed && !isConflict && <SaveBar isSaving={save.isPending} onSave={keep} onDiscard={discard} />}
    </Stack>
  );
}
