import { Chip, Group, Input, Radio, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useSettingsWords } from "../words";
import { CHANNELS, NEW_QUIET, type Quiet } from "./form";
import { zones } from "./zones";

interface Props {
  value: Quiet | null;
  onChange: (quiet: Quiet | null) => void;
  disabled: boolean;
  errorAt: (field: string) => string | undefined;
}

/** When marketing stays silent. */
export function QuietFields({ value, onChange, disabled, errorAt }: Props) {
  const t = useSettingsWords();
  const set = (part: Partial<Quiet>) => value && onChange({ ...value, ...part });
  return (
    <Stack gap="md">
      <Switch
        label={t("rules.quietOn")}
        disabled={disabled}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? NEW_QUIET : null)}
      />
      {value && (
        <>
          <Group gap="sm" align="flex-start">
            {(["from", "to"] as const).map((side) => (
              <TextInput
                key={side}
                type="time"
                w={130}
                label={t(`rules.${side}`)}
                disabled={disabled}
                value={value[side].slice(0, 5)}
                error={errorAt(side)}
                onChange={(event) => set({ [side]: event.currentTarget.value })}
              />
            ))}
            <Select
              w={{ base: "100%", xs: 280 }}
              label={t("rules.whose")}
              searchable
              allowDeselect={false}
              limit={60}
              disabled={disabled}
              value={value.timezone}
              data={[{ value: "profile", label: t("rules.profileZone") }, ...zones(value.timezone)]}
              error={errorAt("timezone")}
              onChange={(timezone) => set({ timezone: String(timezone) })}
            />
          </Group>
          <Input.Wrapper label={t("rules.quietChannels")} description={t("rules.quietAll")} error={errorAt("channels")}>
            <Chip.Group multiple value={value.channels} onChange={(channels) => set({ channels })}>
              <Group gap="xs" mt={6} role="group" aria-label={t("rules.quietChannels")}>
                {CHANNELS.map((channel) => (
                  <Chip key={channel} value={channel} disabled={disabled}>
                    {t(`channels.channel.${channel}`)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Radio.Group
            label={t("rules.whenHit")}
            value={value.when_hit}
            onChange={(to) => set({ when_hit: to as Quiet["when_hit"] })}
          >
            <Stack gap="xs" mt={6}>
              {(["hold", "discard"] as const).map((one) => (
                <Radio
                  key={one}
                  value={one}
                  disabled={disabled}
                  label={t(`rules.${one}`)}
                  description={t(`rules.${one}Text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    </Stack>
  );
}
