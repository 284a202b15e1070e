import { Anchor, Box, Breadcrumbs, Group, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

interface Crumb {
  label: string;
  to: string;
}

interface Props {
  title: string;
  /** What stands beside the title: a StateBadge. */
  badge?: ReactNode;
  /** One sentence below it. */
  note?: ReactNode;
  /** The pages above this one. */
  crumbs?: Crumb[];
  /** Buttons at the right; the main one last. */
  actions?: ReactNode;
}

/** The head of every page: title (also the document's), where one is, and what can be done. */
export function PageHeader({ title, badge, note, crumbs = [], actions }: Props) {
  useEffect(() => {
    document.title = `${title} · relance`;
  }, [title]);
  return (
    <Box component="header" mb="lg">
      {crumbs.length > 0 && (
        <Breadcrumbs mb={4} separatorMargin={6} fz="sm">
          {crumbs.map((crumb) => (
            <Anchor key={crumb.to} component={Link} to={crumb.to} fz="sm" c="dimmed">
              {crumb.label}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0}>
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: "anywhere" }}>
              {title}
            </Title>
            {badge}
          </Group>
          {note && (
            <Text c="dimmed" mt={2} maw={720}>
              {note}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Box>
  );
}
