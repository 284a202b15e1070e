import { Alert, Button } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { usePredictions } from "../api";
import { usePredictionWords } from "../words";

/** Said where no prediction may be used yet: a playbook works on the scores of one. */
export function Needs() {
  const t = usePredictionWords();
  const { data } = usePredictions();
  if (!data || data.items.some((one) => one.targetable)) return null;
  const none = data.items.length === 0;
  return (
    <Alert icon={<IconInfoCircle size={18} />} title={t("playbook.needs")} variant="light">
      {t(none ? "playbook.needs_none" : "playbook.needs_active")}{" "}
      <Button
        component={Link}
        to={none ? "/predictions/new" : "/predictions"}
        size="compact-sm"
        variant="default"
        ml="xs"
      >
        {t(none ? "create" : "page.all")}
      </Button>
    </Alert>
  );
}
