import { Box, Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageHead } from "@/ui/PageHead";
import { TabsRow } from "@/ui/TabsRow";
import { LiveInspector } from "../live/LiveInspector";
import { Registry } from "../parts/Registry";
import { RejectedEvents } from "../parts/RejectedEvents";
import { Sources } from "../parts/Sources";
import { useEventWords } from "../words";

const TABS = ["live", "registry", "rejected", "sources"] as const;

/** Events: as they come in, by name, those that are none, and how they are sent. The tab stands in the address. */
export function EventsPage() {
  const t = useEventWords();
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const shown = TABS.find((one) => one === tab) ?? "live";
  return (
    <Box maw={1280} mx="auto">
      <PageHead title={t("title")} about={t("subtitle")} />
      <Tabs
        value={shown}
        keepMounted={false}
        onChange={(next) => void navigate({ to: "/events", search: { tab: next } as never })}
      >
        <TabsRow at={shown} mb="lg">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`tab.${one}`)}
            </Tabs.Tab>
          ))}
        </TabsRow>
        <Tabs.Panel value="live">
          <LiveInspector />
        </Tabs.Panel>
        <Tabs.Panel value="registry">
          <Registry />
        </Tabs.Panel>
        <Tabs.Panel value="rejected">
          <RejectedEvents />
        </Tabs.Panel>
        <Tabs.Panel value="sources">
          <Sources />
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}
