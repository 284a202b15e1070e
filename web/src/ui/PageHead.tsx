import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

/** The head of a page: where it stands, its name (also the document's), what it is in one line, and what can be done. */
export function PageHead({
  title,
  about,
  up,
  mark,
  children,
}: {
  title: string;
  about?: ReactNode;
  up?: { to: string; label: string };
  mark?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · relance`;
  }, [title]);
  return (
    <Group component="header" justify="space-between" align="flex-end" gap="md" mb="lg">
      <Stack gap={4} style={{ minWidth: 0 }}>
        {up && (
          <Breadcrumbs fz="sm">
            <Anchor component={Link} to={up.to} size="sm" c="dimmed">
              {up.label}
            </Anchor>
            <span />
          </Breadcrumbs>
        )}
        <Group gap="sm">
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {mark}
        </Group>
        {about && (
          <Text c="dimmed" size="sm" maw={720}>
            {about}
          </Text>
        )}
      </Stack>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
