import { Divider, Group, Select, Stack, Text } from "@mantine/core";
import { Fragment } from "react";
import { useSettingsWords } from "../words";
import { CHANNELS, MODES, type Mode, type RulesForm } from "./form";

interface Props {
  value: RulesForm["consent"];
  onChange: (consent: RulesForm["consent"]) => void;
  disabled: boolean;
  error: string | undefined;
}

/** What marketing needs, channel by channel. */
export function ConsentFields({ value, onChange, disabled, error }: Props) {
  const t = useSettingsWords();
  return (
    <Stack gap="sm">
      {CHANNELS.map((channel, index) => (
        <Fragment key={channel}>
          {index > 0 && <Divider />}
          <Group justify="space-between" gap="xs">
            <div>
              <Text fw={500}>{t(`channels.channel.${channel}`)}</Text>
              <Text fz="sm" c="dimmed">
                {t(`rules.means.${value[channel]}`)}
              </Text>
            </div>
            <Select
              w={{ base: "100%", xs: 230 }}
              aria-label={t("rules.consentOf", { channel: t(`channels.channel.${channel}`) })}
              allowDeselect={false}
              disabled={disabled}
              value={value[channel]}
              data={MODES.map((mode) => ({ value: mode, label: t(`rules.modes.${mode}`) }))}
              onChange={(mode) => onChange({ ...value, [channel]: mode as Mode })}
            />
          </Group>
        </Fragment>
      ))}
      {error && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
