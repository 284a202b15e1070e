import { Alert, Tabs } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { PageHead } from "@/ui/PageHead";
import { useDenied } from "@/ui/RoleButton";
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
  const denied = useDenied("admin");
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
          {SECTIONS.filter((one) => !denied || !one.isAdmins).map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`sections.${name}`)}
            </Tabs.Tab>
          ))}
        </TabsRow>
        <Tabs.Panel value={section}>
          {denied && SECTIONS.some((one) => one.isAdmins && one.name === section) ? (
            <Alert color="gray" icon={<IconLock size={18} />}>
              {denied}
            </Alert>
          ) : (
            <Outlet />
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
