import { IconAlertTriangle, IconBolt, IconExclamationCircle, IconUsersGroup } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { handleOffset } from "../graph/sizes";
import { sayEntry } from "../settings/say-entry";
import { kindOf } from "../steps/kinds";
import { useJourneyWords, useStepWords } from "../words";
import classes from "./canvas.module.css";
import card from "./card.module.css";
import type { EndNode, EntryNode, Mark, StepNode } from "./nodes";

function Problems({ errors, warnings }: { errors: number; warnings: number }) {
  const t = useJourneyWords();
  if (!errors && !warnings) return null;
  const words = [
    errors ? t("problem.errors", { count: errors }) : "",
    warnings ? t("problem.warnings", { count: warnings }) : "",
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <span className={errors ? card.error : card.warning} title={words} role="img" aria-label={words}>
      {errors ? <IconExclamationCircle size={16} /> : <IconAlertTriangle size={16} />}
    </span>
  );
}

function Marked({ mark }: { mark: Mark | undefined }) {
  if (!mark) return null;
  return (
    <>
      {mark.word && <span className={card.word}>{mark.word}</span>}
      {mark.figures && (
        <div className={card.figures}>
          {mark.figures.map((figure) => (
            <span key={figure.label}>
              <b>{figure.value}</b> {figure.label}
            </span>
          ))}
        </div>
      )}
      {mark.people && mark.people.length > 0 && (
        <div className={card.people}>
          {mark.people.slice(0, 6).map((initials, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: testers may share their initials
            <span key={n}>{initials}</span>
          ))}
          {mark.people.length > 6 && <span>+{mark.people.length - 6}</span>}
        </div>
      )}
    </>
  );
}

interface CardProps {
  tone: string;
  icon: ReactNode;
  title: string;
  name: string;
  summary: string;
  selected: boolean;
  mark: Mark | undefined;
  problems: ReactNode;
}

function Card({ tone, icon, title, name, summary, selected, mark, problems }: CardProps) {
  return (
    <div className={card.card} data-tone={tone} data-selected={selected || undefined} data-mark={mark?.tone}>
      <span className={card.icon}>{icon}</span>
      <div className={card.said}>
        <div className={card.title}>
          <span>{title}</span>
          {name && <code title={name}>{name}</code>}
          {problems}
        </div>
        <div className={card.summary}>{summary}</div>
      </div>
      <Marked mark={mark} />
    </div>
  );
}

export const StepCard = memo(function StepCard({ data, selected, isConnectable }: NodeProps<StepNode>) {
  const t = useStepWords();
  const kind = kindOf(data.step);
  const Icon = kind.icon;
  return (
    <>
      <Handle type="target" position={Position.Top} className={classes.target} isConnectable={isConnectable} />
      <Card
        tone={kind.tone}
        icon={<Icon size={18} stroke={1.8} />}
        title={t(`step.${kind.kind}`)}
        name={data.name}
        summary={kind.summary(data.step, t)}
        selected={selected}
        mark={data.mark}
        problems={<Problems errors={data.errors} warnings={data.warnings} />}
      />
      {data.ports.map((port, n) => (
        <Handle
          key={port.path}
          id={port.path}
          type="source"
          position={Position.Bottom}
          className={classes.source}
          isConnectable={isConnectable}
          style={{ left: `calc(50% + ${handleOffset(n, data.ports.length)}px)` }}
        />
      ))}
    </>
  );
});

export const EntryCard = memo(function EntryCard({ data, selected, isConnectable }: NodeProps<EntryNode>) {
  const t = useStepWords();
  const type = String(data.journey.entry.type);
  return (
    <>
      <Card
        tone="entry"
        icon={
          type.startsWith("segment") ? <IconUsersGroup size={18} stroke={1.8} /> : <IconBolt size={18} stroke={1.8} />
        }
        title={t(`entry.${type}`)}
        name=""
        summary={sayEntry(data.journey, t)}
        selected={selected}
        mark={data.mark}
        problems={<Problems errors={data.errors} warnings={data.warnings} />}
      />
      <Handle
        id="start"
        type="source"
        position={Position.Bottom}
        className={classes.source}
        isConnectable={isConnectable}
      />
    </>
  );
});

export const EndDot = memo(function EndDot(_: NodeProps<EndNode>) {
  const t = useJourneyWords();
  return (
    <>
      <Handle type="target" position={Position.Top} className={classes.hidden} isConnectable={false} />
      <div className={classes.end}>{t("canvas.end")}</div>
    </>
  );
});
