import { ActionIcon, Button, CopyButton as Copies, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useUiWords } from "./words";

/** Copies a text; an icon, or with `label` a whole button. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useUiWords();
  return (
    <Copies value={text} timeout={1500}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={16} /> : <IconCopy size={16} />;
        const told = copied ? t("copied") : (label ?? t("copy"));
        return label ? (
          <Button variant="default" leftSection={icon} onClick={copy}>
            {told}
          </Button>
        ) : (
          <Tooltip label={told}>
            <ActionIcon variant="subtle" color="gray" aria-label={told} onClick={copy}>
              {icon}
            </ActionIcon>
          </Tooltip>
        );
      }}
    </Copies>
  );
}
