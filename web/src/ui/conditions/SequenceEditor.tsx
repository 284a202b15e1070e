import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { Condition } from "@/lib/conditions/condition";
import { withField } from "@/lib/conditions/condition";
import { useEventNames } from "@/lib/suggestions";
import classes from "./conditions.module.css";
import { type EditorProps, WhereFields } from "./DidEditor";
import { SuggestField, Word } from "./Field";
import { LengthField } from "./LengthField";
import { WindowFields } from "./WindowFields";
import { useBuilderWords } from "./words";

export function SequenceEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const events = useEventNames();
  const steps = (Array.isArray(source.steps) ? source.steps : []) as Condition[];
  const set = (next: Condition[]) => onChange({ ...source, steps: next });
  return (
    <>
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
        <div key={i} style={{ marginBottom: 8 }}>
          <div className={classes.line}>
            {i > 0 && <Word>{t("between_events")}</Word>}
            <SuggestField
              label={t("choose_event")}
              width={210}
              value={String(step.event ?? "")}
              data={events}
              onChange={(event) => set(steps.with(i, { ...step, event }))}
            />
            {i > 0 && step.within !== undefined && (
              <>
                <LengthField value={step.within} onChange={(within) => set(steps.with(i, { ...step, within }))} />
                <Word>{t("within_step")}</Word>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={t("remove_filter")}
                  onClick={() => set(steps.with(i, withField(step, "within", undefined)))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </>
            )}
            {i > 0 && step.within === undefined && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-xs"
                onClick={() => set(steps.with(i, { ...step, within: "1d" }))}
              >
                {t("within_step")}…
              </Button>
            )}
            {steps.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("remove")}
                onClick={() => set(steps.toSpliced(i, 1))}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </div>
          <WhereFields source={step} event={String(step.event ?? "")} onChange={(next) => set(steps.with(i, next))} />
        </div>
      ))}
      <div className={classes.line}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => set([...steps, { event: "", within: "1d" } as unknown as Condition])}
        >
          {t("add_step")}
        </Button>
        <WindowFields source={source} onChange={onChange} />
      </div>
    </>
  );
}
