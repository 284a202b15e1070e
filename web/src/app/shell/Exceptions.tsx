import { Button, Group } from "@mantine/core";
import { IconError404, IconMoodConfuzed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useShellWords } from "@/lib/shell-words";
import { EmptyState } from "@/ui/EmptyState";

/** In place of a page whose code threw. */
export function BrokenPage({ error }: { error: unknown }) {
  const t = useShellWords();
  return (
    <EmptyState
      icon={IconMoodConfuzed}
      title={t("brokenTitle")}
      action={
        <Group>
          <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
        </Group>
      }
    >
      {t("broken")} {error instanceof Error ? `(${error.message})` : ""}
    </EmptyState>
  );
}

/** In place of a page that no feature has. */
export function MissingPage() {
  const t = useShellWords();
  return (
    <EmptyState
      icon={IconError404}
      title={t("missingTitle")}
      action={
        <Button component={Link} to="/">
          {t("home")}
        </Button>
      }
    >
      {t("missing")}
    </EmptyState>
  );
}
