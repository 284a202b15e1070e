import { IconPlus } from "@tabler/icons-react";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo, useContext } from "react";
import type { Point } from "../graph/layout";
import { NODE } from "../graph/sizes";
import { sayWay } from "../steps/kinds";
import { useStepWords } from "../words";
import { AddContext } from "./adding";
import classes from "./canvas.module.css";
import type { WayEdge } from "./nodes";

const ROUND = 14;
/** How far a way leads straight down before it turns: what it says and its button stand there. */
const STRAIGHT = 64;

/** A line through points, straight down at each layer, with round corners between. */
function pathThrough(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M ${first.x} ${first.y}`;
  let last = first;
  for (const [n, point] of rest.entries()) {
    const dx = point.x - last.x;
    const turn = n === 0 ? Math.min(last.y + STRAIGHT, point.y - 8) : (last.y + point.y) / 2;
    const round = Math.min(ROUND, Math.abs(dx) / 2, turn - last.y, point.y - turn);
    const side = Math.sign(dx);
    if (Math.abs(dx) >= 1) {
      path += ` L ${last.x} ${turn - round} Q ${last.x} ${turn} ${last.x + side * round} ${turn}`;
      path += ` L ${point.x - side * round} ${turn} Q ${point.x} ${turn} ${point.x} ${turn + round}`;
    }
    path += ` L ${point.x} ${point.y}`;
    last = point;
  }
  return path;
}

export const WayLine = memo(function WayLine(props: EdgeProps<WayEdge>) {
  const { sourceX, sourceY, targetX, targetY, data, selected, id, sourcePosition, targetPosition } = props;
  const t = useStepWords();
  const add = useContext(AddContext);
  if (!data) return null;
  const through = data.bends.flatMap((bend) => [bend, { x: bend.x, y: bend.y + NODE.height }]);
  const isBelow = targetY >= sourceY + 40;
  const path = isBelow
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
            data-stacked={data.flow ? true : undefined}
            style={{
              maxWidth: data.room.width,
              transform: `translate(${-50 + data.room.lean}%, 0) translate(${sourceX}px, ${sourceY + 10}px)`,
            }}
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
            style={{
              transform: `translate(-50%, -50%) translate(${sourceX}px, ${sourceY + (said || data.flow?.text ? 46 : 36)}px)`,
            }}
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
