import { Badge, Group, Stack, Text } from "@mantine/core";
import { useContentWords } from "../words";
import { countSms } from "./sms";

/** Into how many SMS a text is cut, and which signs make it dear. */
export function SmsCounter({ text }: { text: string }) {
  const t = useContentWords();
  const { encoding, characters, parts, left, foreign } = countSms(text);
  return (
    <Stack gap={4} aria-live="polite">
      <Group gap="xs" justify="center">
        <Text size="sm" fw={600}>
          {t("sms.count", { count: parts, chars: characters })}
        </Text>
        <Badge variant="light" color={encoding === "ucs" ? "yellow" : "gray"} tt="none">
          {t(`sms.${encoding}`)}
        </Badge>
        <Text size="sm" c="dimmed">
          {t("sms.left", { count: left })}
        </Text>
      </Group>
      {encoding === "ucs" ? (
        <Text size="xs" c="dimmed" ta="center">
          {t("sms.ucs_why", { signs: foreign.slice(0, 12).join(" ") })}
        </Text>
      ) : null}
    </Stack>
  );
}
