import { Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconBell, IconMail, IconMessage, IconSend, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { useSession } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { RowsLoading } from "@/ui/Loading";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import { TryChannel } from "../parts/TryChannel";
import { useSettingsWords } from "../words";

interface Provider {
  channel: string;
  provider: string | null;
  configured: boolean;
  place: Record<string, unknown>;
  callbacks: string | null;
}

const ICONS: Record<string, typeof IconMail> = {
  email: IconMail,
  sms: IconMessage,
  push: IconBell,
  webhook: IconWebhook,
};

/** Who carries each channel, and whether it works. */
export function Channels() {
  const t = useSettingsWords();
  const [trying, setTrying] = useState<string | null>(null);
  const providers = useQuery({
    queryKey: ["providers"],
    queryFn: () => api<{ items: Provider[] }>("GET", "/api/v1/providers").then((answer) => answer.items),
  });
  return (
    <Stack gap="lg">
      <Text c="dimmed" maw={720}>
        {t("channels.about")}
      </Text>
      <ErrorNote error={providers.error} onRetry={() => void providers.refetch()} />
      {providers.isPending && <RowsLoading rows={3} />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {providers.data?.map((provider) => (
          <ProviderCard key={provider.channel} provider={provider} onTry={() => setTrying(provider.channel)} />
        ))}
      </SimpleGrid>
      {trying && <TryChannel key={trying} channel={trying} onClose={() => setTrying(null)} />}
    </Stack>
  );
}

function ProviderCard({ provider, onTry }: { provider: Provider; onTry: () => void }) {
  const t = useSettingsWords();
  const isDemo = useSession().data?.demo === true;
  const { channel, configured, place } = provider;
  const Sign = ICONS[channel] ?? IconSend;
  const { host, port, from_address: from, from_name: name, url, hosts } = place as Record<string, string | string[]>;
  const rows: [string, string][] = [
    ["server", host ? `${host}:${port}` : ""],
    ["from", name ? `${name} <${from}>` : String(from ?? "")],
    ["url", String(url ?? "")],
    ["hosts", Array.isArray(hosts) ? hosts.join(", ") : ""],
    ["callbacksTo", provider.callbacks ?? ""],
  ];
  return (
    <Card padding="lg">
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap">
          <Group gap={8} wrap="nowrap">
            <Sign size={18} stroke={1.6} aria-hidden="true" />
            <Text fw={600} component="h2">
              {t(`channels.channel.${channel}`)}
            </Text>
          </Group>
          <StateBadge
            state={configured ? "ready" : "waiting"}
            label={t(configured ? "channels.configured" : "channels.missing")}
          />
        </Group>
        <Text fz="sm" c="dimmed">
          {t(!configured ? "channels.missingText" : isDemo ? "channels.demo" : `channels.carries.${channel}`)}
        </Text>
        {configured &&
          rows
            .filter(([, told]) => told)
            .map(([word, told]) => (
              <div key={word}>
                <Text fz="xs" c="dimmed">
                  {t(`channels.${word}`)}
                </Text>
                <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
                  {told}
                </Text>
              </div>
            ))}
        {configured && !isDemo && channel !== "webhook" && !provider.callbacks && (
          <Text fz="sm" c="dimmed">
            {t("channels.noCallbacks")}
          </Text>
        )}
        {configured && (
          <RoleButton
            scope="definitions:write"
            variant="default"
            w="fit-content"
            mt="auto"
            leftSection={<IconSend size={16} />}
            onClick={onTry}
          >
            {t("channels.try")}
          </RoleButton>
        )}
      </Stack>
    </Card>
  );
}
