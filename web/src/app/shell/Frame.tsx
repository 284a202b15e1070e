import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure, useHotkeys, useLocalStorage } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useShellWords } from "@/lib/shell-words";
import { Mark } from "@/ui/Mark";
import { Finder } from "./Finder";
import { Sidebar } from "./Sidebar";

/** Menu at the left (behind a button on phones), the page at the right. */
export function Frame() {
  const t = useShellWords();
  const [isOpen, menu] = useDisclosure(false);
  const [isFinding, finder] = useDisclosure(false);
  const [isNarrow, setNarrow] = useLocalStorage({
    key: "relance.narrow-menu",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  useHotkeys([["mod+K", finder.open]], []);
  useFocusOnChange();
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: isNarrow ? 64 : 228, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" gap="sm">
          <Burger opened={isOpen} onClick={menu.toggle} size="sm" aria-label={t("openMenu")} aria-expanded={isOpen} />
          <Mark size={22} />
          <Text fw={600}>relance</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t("menu")} p={isNarrow ? 8 : "sm"}>
        <Sidebar isNarrow={isNarrow && !isOpen} onNarrow={setNarrow} onSearch={finder.open} onLeave={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Finder opened={isFinding} onClose={finder.close} />
    </AppShell>
  );
}

/** After a change of page the focus goes to the content: a screen reader begins there, the keyboard too. */
function useFocusOnChange() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path)
      document.getElementById("content")?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
}
