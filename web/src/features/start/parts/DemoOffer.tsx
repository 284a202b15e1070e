import { Card, Group, Progress, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconBuildingStore } from "@tabler/icons-react";
import { useState } from "react";
import type { DemoDataTold } from "@/api/answers";
import { formatNumber, formatShare } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { useHomeWords } from "../words";

interface Props {
  data: DemoDataTold;
  onLoad: () => Promise<unknown>;
}

/** On an empty install: a made shop to look around in; then how far it is. */
export function DemoOffer({ data, onLoad }: Props) {
  const t = useHomeWords();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isLoading = data.state === "loading";
  if (!isLoading && !data.may_load) return null;
  const load = async () => {
    setBusy(true);
    setError(null);
    try {
      await onLoad();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card component="section" aria-label={t("demo.title")}>
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon radius="xl" variant="light">
          <IconBuildingStore size={16} aria-hidden="true" />
        </ThemeIcon>
        <Stack gap={4} flex={1} miw={0}>
          <Text fw={600}>{t(isLoading ? "demo.loading" : "demo.title")}</Text>
          <Text c="dimmed" role="status">
            {isLoading ? t("demo.told", { count: data.events, shown: formatNumber(data.events) }) : t("demo.about")}
          </Text>
          {isLoading ? (
            <Group gap="sm" mt={4} wrap="nowrap">
              <Progress value={100 * data.progress} flex={1} aria-label={t("demo.loading")} />
              <Text fz="sm" c="dimmed" miw="4ch" ta="right">
                {formatShare(data.progress, 0)}
              </Text>
            </Group>
          ) : (
            <RoleButton
              scope="admin"
              variant="default"
              w="fit-content"
              maw="100%"
              mt={4}
              loading={isBusy}
              onClick={() => void load()}
            >
              {t("demo.load")}
            </RoleButton>
          )}
          <ErrorNote error={error} />
        </Stack>
      </Group>
    </Card>
  );
}
