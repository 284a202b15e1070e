import { Kbd, Popover, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useRef, useState } from "react";
import { KINDS } from "../steps/kinds";
import type { StepKind } from "../steps/model";
import { useJourneyWords } from "../words";
import classes from "./picker.module.css";

interface Props {
  /** Where it stands, in the window. */
  at: { x: number; y: number };
  choose: (kind: StepKind) => void;
  close: () => void;
}

/** What can be put on a way: by a click, or by typing a part of its name and Enter. */
export function StepPicker({ at, choose, close }: Props) {
  const t = useJourneyWords();
  const [query, setQuery] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const found = KINDS.filter((kind) =>
    `${t(`step.${kind.kind}`)} ${t(`stepHint.${kind.kind}`)}`.toLocaleLowerCase().includes(query.toLocaleLowerCase()),
  );
  const step = (by: number) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, now + by))]?.focus();
  };
  return (
    <Popover
      opened
      onChange={(open) => !open && close()}
      onDismiss={close}
      position="bottom-start"
      withinPortal
      trapFocus
      returnFocus
      shadow="lg"
      width={320}
    >
      <Popover.Target>
        <div style={{ position: "fixed", left: at.x, top: at.y, width: 1, height: 1 }} />
      </Popover.Target>
      <Popover.Dropdown
        p="xs"
        aria-label={t("picker.title")}
        onKeyDown={(e) => {
          if (e.key === "ArrowDown" || e.key === "ArrowUp") {
            e.preventDefault();
            step(e.key === "ArrowDown" ? 1 : -1);
          }
        }}
      >
        <TextInput
          data-autofocus
          aria-label={t("picker.search")}
          placeholder={t("picker.search")}
          value={query}
          onChange={(e) => setQuery(e.currentTarget.value)}
          onKeyDown={(e) => e.key === "Enter" && found[0] && choose(found[0])}
          rightSection={<Kbd size="xs">↵</Kbd>}
          mb="xs"
        />
        <div ref={list} className={classes.list}>
          {found.map((kind) => (
            <UnstyledButton
              key={kind.kind}
              className={classes.kind ?? ""}
              data-tone={kind.tone}
              onClick={() => choose(kind)}
            >
              <span className={classes.icon}>
                <kind.icon size={18} stroke={1.8} />
              </span>
              <span>
                <Text size="sm" fw={500}>
                  {t(`step.${kind.kind}`)}
                </Text>
                <Text size="xs" c="dimmed">
                  {t(`stepHint.${kind.kind}`)}
                </Text>
              </span>
            </UnstyledButton>
          ))}
          {!found.length && (
            <Text size="sm" c="dimmed" p="xs">
              {t("picker.none")}
            </Text>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
