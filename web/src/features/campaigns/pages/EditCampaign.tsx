import { Skeleton } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { useCampaign } from "../data";
import { toForm } from "../form";
import { CampaignWizard } from "../parts/CampaignWizard";
import { useCampaignWords } from "../words";

const route = getRouteApi("/campaigns/$id/edit");

export function EditCampaign() {
  const t = useCampaignWords();
  const { id } = route.useParams();
  const { data, error } = useCampaign(id);
  const definition = data?.draft?.definition ?? data?.versions[0]?.definition;
  const name = String(definition?.name ?? id);
  return (
    <>
      <PageHead title={t("edit_title", { name })} up={{ to: "/campaigns", label: t("title") }} />
      <ErrorNote error={error} />
      {definition ? <CampaignWizard start={toForm(definition)} isNew={false} /> : !error && <Skeleton h={320} />}
    </>
  );
}
