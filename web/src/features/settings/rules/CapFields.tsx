import { ActionIcon, Button, Group, Input, NumberInput, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { parseLength } from "@/lib/conditions/length";
import { Duration } from "../parts/Duration";
import { useSettingsWords } from "../words";
import { type Cap, CHANNELS, NEW_CAP } from "./form";

const isWhole = (cap: Cap) => cap.max !== "" && parseLength(cap.per) !== null;

interface Props {
  value: Cap[];
  onChange: (caps: Cap[]) => void;
  disabled: boolean;
  /** What is wrong with the cap at a place. */
  errorAt: (place: number) => string | undefined;
}

/** How many marketing messages one person may get, and in what time. */
export function CapFields({ value, onChange, disabled, errorAt }: Props) {
  const t = useSettingsWords();
  const set = (place: number, cap: Partial<Cap>) =>
    onChange(value.map((one, index) => (index === place ? { ...one, ...cap } : one)));
  return (
    <Stack gap="md">
      {value.length === 0 && <Text c="dimmed">{t("rules.noCaps")}</Text>}
      {value.map((cap, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: caps have nothing but their place
        <div key={place}>
          <Group gap="sm" align="flex-end">
            <NumberInput
              label={t("rules.most")}
              w={110}
              min={0}
              hideControls
              allowDecimal={false}
              disabled={disabled}
              value={cap.max}
              onChange={(max) => set(place, { max: max === "" ? "" : Number(max) })}
            />
            <Select
              label={t("rules.on")}
              w={170}
              allowDeselect={false}
              disabled={disabled}
              value={cap.channel}
              data={["any", ...CHANNELS].map((one) => ({ value: one, label: t(`channels.channel.${one}`) }))}
              onChange={(channel) => set(place, { channel: String(channel) })}
            />
            <Duration
              label={t("rules.per")}
              disabled={disabled}
              value={cap.per}
              onChange={(per) => set(place, { per })}
            />
            {!disabled && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t("rules.removeCap", { n: place + 1 })}
                onClick={() => onChange(value.filter((_, index) => index !== place))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
          {errorAt(place) && (
            <Input.Error mt={4} role="alert">
              {isWhole(cap) ? errorAt(place) : t("rules.wantNumbers")}
            </Input.Error>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          w="fit-content"
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, NEW_CAP])}
        >
          {t("rules.addCap")}
        </Button>
      )}
    </Stack>
  );
}
