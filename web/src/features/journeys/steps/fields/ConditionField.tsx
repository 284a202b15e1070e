import { Button, Modal, Paper, Stack, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { type Condition, isCondition } from "@/lib/conditions/condition";
import { ConditionBuilder } from "@/ui/conditions/ConditionBuilder";
import { SentenceView } from "@/ui/conditions/SentenceView";
import { ProblemText } from "@/ui/ProblemText";
import type { Problem } from "../../graph/check";
import type { Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

interface Props {
  value: Json | undefined;
  change: (where: Json) => void;
  problems: Problem[];
  /** The JSON pointer of the condition in the definition. */
  base: string;
}

/** A condition of a branch: told in plain words, built in a window of its own. */
export function ConditionField({ value, change, problems, base }: Props) {
  const t = useJourneyWords();
  const [open, setOpen] = useState(false);
  const condition: Condition = isCondition(value) ? value : { type: "all", of: [] };
  const own = problems.filter((one) => one.path.startsWith(base));
  const [first] = own;
  return (
    <>
      <Paper p="xs" radius="md" bg="var(--mantine-color-default-hover)">
        <Stack gap={6}>
          <SentenceView condition={condition} />
          {first && (
            <Text size="xs" c="var(--mantine-color-error)">
              <ProblemText problem={first} />
            </Text>
          )}
          <Button
            variant="light"
            size="compact-sm"
            leftSection={<IconPencil size={14} />}
            style={{ alignSelf: "flex-start" }}
            onClick={() => setOpen(true)}
          >
            {t("condition.edit")}
          </Button>
        </Stack>
      </Paper>
      <Modal
        closeButtonProps={{ "aria-label": t("inspector.close") }}
        opened={open}
        onClose={() => setOpen(false)}
        size="xl"
        title={<Text fw={600}>{t("condition.title")}</Text>}
      >
        <Stack gap="md">
          <ConditionBuilder
            value={condition}
            onChange={(next) => change(next as unknown as Json)}
            problems={own}
            base={base}
          />
          <SentenceView condition={condition} />
          <Button style={{ alignSelf: "flex-end" }} onClick={() => setOpen(false)}>
            {t("condition.done")}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
