import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { useAudience, useReports, useTemplates } from "../data";
import type { CampaignForm } from "../form";
import { useCampaignWords } from "../words";
import type { Own } from "./ContentSection";

/** Says when some of the audience already got the very same SMS from another campaign. */
export function RepeatWarning({ form, own }: { form: CampaignForm; own: Own }) {
  const t = useCampaignWords();
  const { data: templates } = useTemplates();
  const { data: reports } = useReports();
  const bodyOf = (id: unknown) => templates?.items.find((one) => one.id === id)?.definition.body;
  const body = (own.sms?.body as string | undefined) ?? bodyOf(form.templates.sms);
  const same = (reports?.items ?? []).filter((report) => {
    const message = (report.definition.message ?? {}) as {
      channel?: string;
      template?: string;
      channels?: { sms?: string };
    };
    const id = message.channel === "sms" ? message.template : message.channels?.sms;
    return report.id !== form.id && id !== undefined && body !== undefined && body !== "" && bodyOf(id) === body;
  });
  const again = useAudience(
    {
      type: "all",
      of: [
        form.audience,
        { type: "any", of: same.map((one) => ({ type: "message", source: `campaign:${one.id}`, status: ["sent"] })) },
      ],
    },
    same.length > 0,
  );
  const n = again.data?.members ?? 0;
  if (same.length === 0 || n === 0) return null;
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle size={18} />} title={t("same_sms_title")}>
      {t("same_sms", { count: n, n: formatNumber(n), names: same.map((one) => one.name).join(", ") })}
    </Alert>
  );
}
