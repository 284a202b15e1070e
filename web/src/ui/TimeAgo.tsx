import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { formatAgo, formatInstant } from "@/lib/format";

/** "3 hours ago", kept up to date, with the instant itself on hover and focus. `now` for a clock that is not this machine's. */
export function TimeAgo({ at, now }: { at: string; now?: string | undefined }) {
  const [here, setHere] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setHere(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <Tooltip label={formatInstant(at)}>
      <time dateTime={at}>{formatAgo(at, now ? Date.parse(now) : here)}</time>
    </Tooltip>
  );
}
