import { Group, Stack, Text, ThemeIcon } from "@mantine/core";
import type { ReactNode } from "react";

/** What stands where there is nothing yet: what this is for, and how to begin. */
export function EmptyState({
  icon,
  title,
  text,
  children,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" gap="sm" py={56} px="md">
      <ThemeIcon size={48} radius="xl" variant="light">
        {icon}
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" size="sm" ta="center" maw={460}>
        {text}
      </Text>
      {children && <Group mt="xs">{children}</Group>}
    </Stack>
  );
}
