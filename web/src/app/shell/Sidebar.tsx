import { ActionIcon, Box, Group, Menu, NavLink, ScrollArea, Stack, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronsLeft, IconChevronsRight, IconLogout, IconSearch, IconUserCircle } from "@tabler/icons-react";
import { Link, useRouter, useRouterState } from "@tanstack/react-router";
import { useSession, useSignOut } from "@/lib/session";
import { useShellWords } from "@/lib/shell-words";
import { Mark } from "@/ui/Mark";
import { LanguageMenu, SchemeMenu } from "@/ui/Preferences";
import { isAt, PLACES, type Place } from "./navigation";

interface Props {
  isNarrow: boolean;
  onNarrow?: (isNarrow: boolean) => void;
  onSearch: () => void;
  onLeave: () => void;
}

/** The main menu: search, places, and below who is signed in. */
export function Sidebar({ isNarrow, onNarrow, onSearch, onLeave }: Props) {
  const t = useShellWords();
  return (
    <>
      <Group justify={isNarrow ? "center" : "space-between"} h={40} mb="xs" px={isNarrow ? 0 : 6} visibleFrom="sm">
        <Group gap={8}>
          <Mark />
          {!isNarrow && (
            <Text fw={600} fz="lg">
              relance
            </Text>
          )}
        </Group>
      </Group>
      <SearchButton isNarrow={isNarrow} onSearch={onSearch} />
      <ScrollArea flex={1} type="auto">
        <Places isNarrow={isNarrow} onLeave={onLeave} />
      </ScrollArea>
      <Box
        pt="xs"
        style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}
        display={isNarrow ? undefined : "block"}
      >
        <Account isNarrow={isNarrow} />
        <Stack gap={0} align="center" style={{ flexDirection: isNarrow ? "column" : "row" }}>
          <LanguageMenu />
          <SchemeMenu />
          {onNarrow && (
            <Tooltip label={t(isNarrow ? "expand" : "collapse")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                ml={isNarrow ? 0 : "auto"}
                visibleFrom="sm"
                aria-label={t(isNarrow ? "expand" : "collapse")}
                onClick={() => onNarrow(!isNarrow)}
              >
                {isNarrow ? <IconChevronsRight size={18} stroke={1.6} /> : <IconChevronsLeft size={18} stroke={1.6} />}
              </ActionIcon>
            </Tooltip>
          )}
        </Stack>
      </Box>
    </>
  );
}

function SearchButton({ isNarrow, onSearch }: { isNarrow: boolean; onSearch: () => void }) {
  const t = useShellWords();
  if (isNarrow) {
    return (
      <Tooltip label={t("find")} position="right">
        <ActionIcon variant="default" size={36} mx="auto" mb="xs" aria-label={t("find")} onClick={onSearch}>
          <IconSearch size={16} />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <UnstyledButton
      onClick={onSearch}
      mb="sm"
      px={10}
      py={6}
      style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}
    >
      <Group gap={8} wrap="nowrap">
        <IconSearch size={16} stroke={1.6} />
        <Text fz="sm" c="dimmed" flex={1}>
          {t("find")}
        </Text>
        <Text fz="xs" c="dimmed" visibleFrom="sm" aria-hidden="true">
          Ctrl K
        </Text>
      </Group>
    </UnstyledButton>
  );
}

function Places({ isNarrow, onLeave }: { isNarrow: boolean; onLeave: () => void }) {
  const t = useShellWords();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const known = useRouter().routesByPath as Record<string, unknown>;
  return PLACES.map(({ word, places }) => {
    const shown = places.filter((place) => place.to in known);
    if (shown.length === 0) return null;
    return (
      <Box key={word ?? shown[0]?.to} mb="sm">
        {word && !isNarrow && (
          <Text fz="xs" fw={500} c="dimmed" px={10} pb={2}>
            {t(`nav.${word}`)}
          </Text>
        )}
        {shown.map((place) => (
          <PlaceLink key={place.to} place={place} isNarrow={isNarrow} isHere={isAt(place, path)} onLeave={onLeave} />
        ))}
      </Box>
    );
  });
}

interface PlaceProps {
  place: Place;
  isNarrow: boolean;
  isHere: boolean;
  onLeave: () => void;
}

function PlaceLink({ place, isNarrow, isHere, onLeave }: PlaceProps) {
  const t = useShellWords();
  const label = t(`nav.${place.word}`);
  const Sign = place.icon;
  const link = (
    <NavLink
      component={Link}
      to={place.to}
      onClick={onLeave}
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      aria-label={isNarrow ? label : undefined}
      label={isNarrow ? undefined : label}
      leftSection={<Sign size={18} stroke={1.6} />}
      style={{ borderRadius: 8 }}
      styles={{
        root: isHere ? { background: "var(--accent-soft)", color: "var(--accent-ink)", fontWeight: 500 } : {},
        section: isNarrow ? { marginInline: "auto" } : {},
      }}
    />
  );
  return isNarrow ? (
    <Tooltip label={label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

function Account({ isNarrow }: { isNarrow: boolean }) {
  const t = useShellWords();
  const user = useSession().data?.user;
  const signOut = useSignOut();
  if (!user) return null;
  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={t("account")} p={8} w="100%" style={{ borderRadius: 8 }}>
          <Group gap={8} wrap="nowrap" justify={isNarrow ? "center" : "flex-start"}>
            <IconUserCircle size={20} stroke={1.6} />
            {!isNarrow && (
              <Box miw={0}>
                <Text fz="sm" fw={500} truncate>
                  {user.name || user.email}
                </Text>
                <Text fz="xs" c="dimmed">
                  {t(`roles.${user.role}`)}
                </Text>
              </Box>
            )}
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} to="/settings/account" leftSection={<IconUserCircle size={16} />}>
          {t("account")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t("signOut")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut(true)}>
          {t("signOutEverywhere")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
