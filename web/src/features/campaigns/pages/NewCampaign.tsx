import { Alert, Skeleton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import type { Condition } from "@/lib/conditions/condition";
import { idFromName } from "@/lib/ids";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { useCampaign, useTemplates } from "../data";
import { type CampaignForm, CHANNELS, EVERYONE, interestedIn, toForm } from "../form";
import { CampaignWizard } from "../parts/CampaignWizard";
import type { Own } from "../parts/ContentSection";
import type { NewCampaignSearch } from "../routes";
import { useCampaignWords } from "../words";

const route = getRouteApi("/campaigns/new");

function audienceOf(search: NewCampaignSearch): Condition {
  if (search.segment) return { type: "in_segment", segment: search.segment };
  if (!search.prediction) return EVERYONE;
  return search.category
    ? { type: "predicted", prediction: search.prediction, category: search.category.split(",") }
    : {
        type: "predicted",
        prediction: search.prediction,
        score: { gte: search.from_score ?? 75, lte: search.to_score ?? 100 },
      };
}

const EMPTY: CampaignForm = {
  id: "",
  name: "",
  audience: EVERYONE,
  when: { kind: "now" },
  templates: { email: "" },
  strategy: "all",
  conversion: "",
  message: {},
  more: {},
};

export function NewCampaign() {
  const t = useCampaignWords();
  const search = route.useSearch();
  const from = search.from ?? "";
  const original = useCampaign(from);
  const templates = useTemplates();
  const definition = original.data?.draft?.definition ?? original.data?.versions[0]?.definition;

  let start: CampaignForm | undefined;
  const own: Own = {};
  if (from === "") {
    start = { ...EMPTY, audience: audienceOf(search) };
  } else if (definition && templates.data) {
    const form = toForm(definition);
    const channels = CHANNELS.filter((channel) => form.templates[channel]);
    const name = t(search.retarget ? "again_name" : "copy_name", { name: form.name });
    start = {
      ...form,
      id: idFromName(name),
      name,
      when: { kind: "now" },
      audience: search.retarget ? interestedIn(from, channels) : form.audience,
    };
    // A letter that comes again says so in its subject; the author changes it at once.
    const letter = templates.data.items.find((one) => one.id === form.templates.email)?.definition;
    if (search.retarget && letter) {
      own.email = { ...letter, subject: t("again_subject", { subject: letter.subject ?? "" }) };
    }
  }
  return (
    <>
      <PageHead
        title={t(search.retarget ? "retarget_title" : "new_title")}
        about={search.retarget ? t("retarget_about") : undefined}
        up={{ to: "/campaigns", label: t("title") }}
      />
      {search.retarget && start && (
        <Alert variant="light" color="indigo" mb="md" icon={<IconRefresh size={18} />}>
          {t("retarget_hint")}
        </Alert>
      )}
      <ErrorNote error={original.error} />
      {start ? (
        <CampaignWizard key={from} start={start} startOwn={own} isNew />
      ) : (
        !original.error && <Skeleton h={320} />
      )}
    </>
  );
}
