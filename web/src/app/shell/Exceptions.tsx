import { Button } from "@mantine/core";
import { IconError404, IconMoodConfuzed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useShellWords } from "@/lib/shell-words";
import { EmptyState } from "@/ui/EmptyState";

/** In place of a page whose code threw. */
export function BrokenPage({ error }: { error: unknown }) {
  const t = useShellWords();
  const told = error instanceof Error ? ` (${error.message})` : "";
  return (
    <EmptyState icon={<IconMoodConfuzed size={24} />} title={t("brokenTitle")} text={`${t("broken")}${told}`}>
      <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
    </EmptyState>
  );
}

/** In place of a page that no feature has. */
export function MissingPage() {
  const t = useShellWords();
  return (
    <EmptyState icon={<IconError404 size={24} />} title={t("missingTitle")} text={t("missing")}>
      <Button component={Link} to="/">
        {t("home")}
      </Button>
    </EmptyState>
  );
}
