import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import i18next from "i18next";
import { LANGUAGES, speak } from "@/lib/language";
import { useShellWords } from "@/lib/shell-words";

const NAMES = { en: "English", fr: "Français" };
const SCHEMES = [
  ["light", IconSun],
  ["dark", IconMoon],
  ["auto", IconDeviceDesktop],
] as const;

/** Language of the screens. */
export function LanguageMenu() {
  const t = useShellWords();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Tooltip label={t("language")}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("language")}>
            <IconLanguage size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18next.language === language}
            fw={i18next.language === language ? 600 : 400}
            onClick={() => speak(language)}
          >
            {NAMES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Light, dark, or as the system has it. */
export function SchemeMenu() {
  const t = useShellWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = SCHEMES.find(([name]) => name === colorScheme)?.[1] ?? IconSun;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Tooltip label={t("appearance")}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("appearance")}>
            <Current size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(([name, Sign]) => (
          <Menu.Item
            key={name}
            leftSection={<Sign size={16} />}
            aria-current={colorScheme === name}
            fw={colorScheme === name ? 600 : 400}
            onClick={() => setColorScheme(name)}
          >
            {t(`scheme.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
