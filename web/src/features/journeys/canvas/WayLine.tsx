import { IconPlus } from "@tabler/icons-react";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo, useContext } from "react";
import type { Point } from "../graph/layout";
import { NODE } from "../graph/layout";
import { sayWay } from "../steps/kinds";
import { useJourneyWords } from "../words";
import { AddContext } from "./adding";
import classes from "./canvas.module.css";
import type { WayEdge } from "./nodes";

const ROUND = 14;

/** A line through points, straight down at each layer, with round corners between. */
function pathThrough(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M ${first.x} ${first.y}`;
  let last = first;
  for (const point of rest) {
    const dx = point.x - last.x;
    if (Math.abs(dx) < 1) path += ` L ${point.x} ${point.y}`;
    else {
      const middle = (last.y + point.y) / 2;
      const round = Math.min(ROUND, Math.abs(dx) / 2, Math.abs(point.y - last.y) / 2);
      const side = Math.sign(dx);
      path += ` L ${last.x} ${middle - round} Q ${last.x} ${middle} ${last.x + side * round} ${middle}`;
      path += ` L ${point.x - side * round} ${middle} Q ${point.x} ${middle} ${point.x} ${middle + round} L ${point.x} ${point.y}`;
    }
    last = point;
  }
  return path;
}

export const WayLine = memo(function WayLine(props: EdgeProps<WayEdge>) {
  const { sourceX, sourceY, targetX, targetY, data, selected, id, sourcePosition, targetPosition } = props;
  const t = useJourneyWords();
  const add = useContext(AddContext);
  if (!data) return null;
  const through = data.bends.flatMap((bend) => [bend, { x: bend.x, y: bend.y + NODE.height }]);
  const path = through.length
    ? pathThrough([{ x: sourceX, y: sourceY }, ...through, { x: targetX, y: targetY }])
    : getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: ROUND })[0];
  const said = data.port ? sayWay(data.step, data.port, t) : "";
  const dashed = data.port && ["timeout", "blocked", "failed", "otherwise"].includes(data.port.role);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classes.way ?? ""}
        interactionWidth={18}
        style={{ strokeWidth: data.width, ...(dashed && !data.flow ? { strokeDasharray: "5 4" } : {}) }}
        data-selected={selected || undefined}
        data-flow={data.flow ? (data.flow.count ? "some" : "none") : undefined}
      />
      <EdgeLabelRenderer>
        {(said || data.flow?.text) && (
          <div
            className={classes.label}
            style={{ transform: `translate(-50%, 0) translate(${sourceX}px, ${sourceY + 12}px)` }}
            title={said}
          >
            {data.flow?.text && <b>{data.flow.text}</b>}
            {said && <span>{said}</span>}
          </div>
        )}
        {data.editing && (
          <button
            type="button"
            className={`${classes.add} nodrag nopan`}
            style={{ transform: `translate(-50%, -50%) translate(${sourceX}px, ${sourceY + (said ? 50 : 42)}px)` }}
            aria-label={t("canvas.addBetween", {
              from: data.from === "~entry" ? t("canvas.entry") : data.from,
              to: data.to,
            })}
            onClick={(e) => add?.({ from: data.from, port: data.portPath }, e.currentTarget)}
          >
            <IconPlus size={14} />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  );
});
