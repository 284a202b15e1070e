import { Tabs, type TabsListProps } from "@mantine/core";
import { useEffect, useRef } from "react";

interface Props extends TabsListProps {
  /** Which tab is open. */
  at: string | null;
}

/** A row of tabs that never wraps: where there is no room for all of them, the open one is pushed into sight. */
export function TabsRow({ at, ...props }: Props) {
  const row = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the open tab is found in the page
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]");
    if (!row.current || !tab) return;
    row.current.scrollLeft = tab.offsetLeft - (row.current.clientWidth - tab.offsetWidth) / 2;
  }, [at]);
  return <Tabs.List ref={row} {...props} />;
}
