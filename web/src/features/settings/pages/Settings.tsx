import { Tabs } from "@mantine/core";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useMay } from "@/lib/session";
import { PageHead } from "@/ui/PageHead";
import { TabsRow } from "@/ui/TabsRow";
import { useSettingsWords } from "../words";

const SECTIONS = [
  { name: "sources", isAdmins: false },
  { name: "channels", isAdmins: false },
  { name: "rules", isAdmins: false },
  { name: "users", isAdmins: true },
  { name: "keys", isAdmins: true },
  { name: "audit", isAdmins: true },
  { name: "account", isAdmins: false },
];

/** The frame of all settings; what only an admin may see is left out for others. */
export function Settings() {
  const t = useSettingsWords();
  const navigate = useNavigate();
  const isAdmin = useMay("admin");
  const section = useRouterState({ select: (state) => state.location.pathname.split("/")[2] ?? "sources" });
  return (
    <>
      <PageHead title={t("title")} />
      <Tabs
        value={section}
        onChange={(to) => void navigate({ to: `/settings/${to}` })}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <TabsRow at={section} mb="lg">
          {SECTIONS.filter((one) => isAdmin || !one.isAdmins).map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`sections.${name}`)}
            </Tabs.Tab>
          ))}
        </TabsRow>
        <Tabs.Panel value={section}>
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
