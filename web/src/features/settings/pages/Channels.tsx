import { Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { RowsLoading } from "@/ui/Loading";
import { useSettingsWords } from "../words";

interface Provider {
  channel: string;
  provider: string | null;
  configured: boolean;
  place: Record<string, unknown>;
  callbacks: string | null;
}

interface Rules {
  timezone?: string;
  consent?: Record<string, string>;
  frequency_caps?: { channel: string; max: number; per: string }[];
  quiet_hours?: { channels?: string[]; from: string; to: string; timezone?: string; when_hit?: string };
}

interface Definition {
  version: number;
  by: string;
  definition: Rules;
}

/** Who carries each channel, and the rules that every message passes. */
export function Channels() {
  const t = useSettingsWords();
  const providers = useQuery({
    queryKey: ["providers"],
    queryFn: () => api<{ items: Provider[] }>("GET", "/api/v1/providers").then((answer) => answer.items),
  });
  const rules = useQuery({
    queryKey: ["definitions", "settings"],
    queryFn: () => api<{ items: Definition[] }>("GET", "/api/v1/definitions", { query: { kind: "settings" } }),
  });
  return (
    <Stack gap="lg">
      <Text c="dimmed">{t("channels.about")}</Text>
      <section>
        <Title order={2} mb="sm">
          {t("channels.providers")}
        </Title>
        {providers.isError && <ErrorNote error={providers.error} onRetry={() => void providers.refetch()} />}
        {providers.isPending && <RowsLoading rows={3} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {providers.data?.map((provider) => (
            <ProviderCard key={provider.channel} provider={provider} />
          ))}
        </SimpleGrid>
      </section>
      <section>
        <Title order={2} mb="sm">
          {t("channels.rules")}
        </Title>
        {rules.isError && <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />}
        {rules.isPending && <RowsLoading rows={3} />}
        {rules.data && <RulesCard found={rules.data.items[0]} />}
      </section>
    </Stack>
  );
}

function ProviderCard({ provider }: { provider: Provider }) {
  const t = useSettingsWords();
  const Sign = provider.configured ? IconCircleCheck : IconCircleDashed;
  const place = Object.values(provider.place).filter((value) => typeof value === "string" && value);
  return (
    <Card>
      <Group gap={8}>
        <Sign size={18} color={provider.configured ? "var(--good)" : "var(--warn)"} aria-hidden="true" />
        <Text fw={600}>{t(`channels.channel.${provider.channel}`)}</Text>
        <Text c="dimmed" fz="sm">
          {provider.provider}
        </Text>
      </Group>
      <Text fz="sm">{t(provider.configured ? "channels.configured" : "channels.missing")}</Text>
      {place.length > 0 && (
        <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {place.join(" · ")}
        </Text>
      )}
      {provider.configured && provider.channel !== "webhook" && (
        <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {provider.callbacks ? t("channels.callbacks", { address: provider.callbacks }) : t("channels.noCallbacks")}
        </Text>
      )}
    </Card>
  );
}

function RulesCard({ found }: { found: Definition | undefined }) {
  const t = useSettingsWords();
  if (!found) return <Card>{t("channels.noRules")}</Card>;
  const { timezone, consent = {}, frequency_caps: caps = [], quiet_hours: quiet } = found.definition;
  const nameOf = (channel: string) => t(`channels.channel.${channel}`);
  const rows: [string, string[]][] = [
    [t("channels.timezone"), [timezone ?? "UTC"]],
    [
      t("channels.consent"),
      Object.entries(consent).map(([channel, mode]) => `${nameOf(channel)}: ${t(`channels.modes.${mode}`)}`),
    ],
    [
      t("channels.caps"),
      caps.length
        ? caps.map((cap) => t("channels.cap", { ...cap, channel: nameOf(cap.channel) }))
        : [t("channels.noCaps")],
    ],
    [
      t("channels.quiet"),
      quiet
        ? [
            t("channels.quietOf", { ...quiet, channels: (quiet.channels ?? []).map(nameOf).join(", ") }),
            quiet.timezone === "profile" ? t("channels.profileZone") : (quiet.timezone ?? ""),
            t(quiet.when_hit === "discard" ? "channels.quietDiscard" : "channels.quietHold"),
          ].filter(Boolean)
        : [t("channels.noCaps")],
    ],
  ];
  return (
    <Card>
      <Table horizontalSpacing={0} aria-label={t("channels.rules")}>
        <Table.Tbody>
          {rows.map(([name, lines]) => (
            <Table.Tr key={name}>
              <Table.Th c="dimmed" fw={400} w="30%">
                {name}
              </Table.Th>
              <Table.Td>
                {lines.map((line) => (
                  <div key={line}>{line}</div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text fz="sm" c="dimmed" mt="sm">
        {t("channels.version", { version: found.version, by: found.by })}. {t("channels.change")}
      </Text>
    </Card>
  );
}
