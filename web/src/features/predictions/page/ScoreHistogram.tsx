import { Text, Tooltip } from "@mantine/core";
import { type PointerEvent, useRef } from "react";
import { formatNumber } from "@/lib/format";
import type { Bucket } from "../api";
import { formatExpected } from "../describe";
import { usePredictionWords } from "../words";
import classes from "./ScoreHistogram.module.css";
import { withBound } from "./selection";

interface Props {
  buckets: Bucket[];
  range: [number, number];
  onRange: (range: [number, number]) => void;
}

function Bars({ buckets, most }: { buckets: Bucket[]; most: number }) {
  return buckets.map((bucket) => (
    <span key={bucket.from} className={classes.bar} style={{ height: `${(100 * bucket.people) / most}%` }}>
      <span
        className={classes.expected}
        style={{ height: bucket.people ? `${(100 * bucket.expected) / bucket.people}%` : 0 }}
      />
    </span>
  ));
}

/** Twenty buckets of scores. Those of the selection are in colour; a drag over the bars moves the handle that is nearer. */
export function ScoreHistogram({ buckets, range, onRange }: Props) {
  const t = usePredictionWords();
  const plot = useRef<HTMLDivElement>(null);
  const side = useRef<0 | 1>(0);
  const most = Math.max(...buckets.map((bucket) => bucket.people), 1);
  const people = buckets.reduce((n, bucket) => n + bucket.people, 0);

  const scoreAt = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    return box ? (100 * (event.clientX - box.left)) / box.width : 0;
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    const score = scoreAt(event);
    side.current = Math.abs(score - range[0]) <= Math.abs(score - range[1]) ? 0 : 1;
    event.currentTarget.setPointerCapture(event.pointerId);
    onRange(withBound(range, side.current, score));
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onRange(withBound(range, side.current, scoreAt(event)));
  };

  return (
    <div
      ref={plot}
      className={classes.plot}
      role="img"
      aria-label={t("select.histogram", { people: formatNumber(people) })}
      onPointerDown={begin}
      onPointerMove={drag}
    >
      <div className={classes.window} style={{ left: `${range[0]}%`, right: `${100 - range[1]}%` }} />
      <div className={classes.bars} data-muted>
        <Bars buckets={buckets} most={most} />
      </div>
      <div className={classes.bars} style={{ clipPath: `inset(0 ${100 - range[1]}% 0 ${range[0]}%)` }}>
        <Bars buckets={buckets} most={most} />
      </div>
      <div className={classes.bars}>
        {buckets.map((bucket) => (
          <Tooltip.Floating
            key={bucket.from}
            label={
              <>
                <Text size="xs" fw={600}>
                  {t("select.bucket", { from: bucket.from, to: bucket.to })}
                </Text>
                <Text size="xs">{t("select.bucket_people", { count: bucket.people })}</Text>
                <Text size="xs">{t("select.bucket_expected", { expected: formatExpected(bucket.expected) })}</Text>
              </>
            }
          >
            <span className={classes.column} />
          </Tooltip.Floating>
        ))}
      </div>
    </div>
  );
}
