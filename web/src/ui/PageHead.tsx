import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** What it is, in one line. */
  about?: ReactNode;
  /** The page above. */
  up?: { to: string; label: string };
  /** Before the title: a picture. */
  lead?: ReactNode;
  /** After the title: a state. */
  mark?: ReactNode;
  /** What can be done. */
  children?: ReactNode;
}

/** The head of a page: where it stands, its name (also the document's), what it is in one line, and what can be done. */
export function PageHead({ title, about, up, lead, mark, children }: Props) {
  useEffect(() => {
    document.title = `${title} · relance`;
  }, [title]);
  return (
    <Stack component="header" gap={4} mb="lg">
      {up && (
        <Anchor component={Link} to={up.to} size="sm" c="dimmed" w="fit-content">
          <Group gap={2} wrap="nowrap">
            <IconChevronLeft size={14} aria-hidden="true" />
            {up.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="md" wrap="nowrap" flex="1 1 280px" miw={0}>
          {lead}
          <Stack gap={4} style={{ minWidth: 0 }}>
            <Group gap="sm" mih={36}>
              <Title order={1} style={{ overflowWrap: "anywhere" }}>
                {title}
              </Title>
              {mark}
            </Group>
            {about && (
              <Text c="dimmed" size="sm" maw={720} style={{ textWrap: "pretty" }}>
                {about}
              </Text>
            )}
          </Stack>
        </Group>
        {children && <Group gap="xs">{children}</Group>}
      </Group>
    </Stack>
  );
}
