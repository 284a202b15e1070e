import { Box, Card, Center, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Mark } from "@/ui/Mark";
import { LanguageMenu, SchemeMenu } from "@/ui/Preferences";
import { useSignInWords } from "./words";

/** The frame of the pages before one is in: the mark, a card, language and appearance. */
export function Door({ children }: { children: ReactNode }) {
  const t = useSignInWords();
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Stack gap={6} align="center">
          <Group gap={10}>
            <Mark size={32} />
            <Text fz="1.5rem" fw={600}>
              relance
            </Text>
          </Group>
          <Text c="dimmed" ta="center">
            {t("tagline")}
          </Text>
        </Stack>
        <Card padding="lg">{children}</Card>
        <Box mx="auto">
          <LanguageMenu />
          <SchemeMenu />
        </Box>
      </Stack>
    </Center>
  );
}
