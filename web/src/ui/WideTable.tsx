import { Box, Table } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";

/** A table that scrolls sideways where it has less room than it needs: then the keyboard can reach it, to scroll. */
export function WideTable({ minWidth, children }: { minWidth: number; children: ReactNode }) {
  const { ref, width } = useElementSize();
  const reach = width < minWidth ? { tabIndex: 0 } : {};
  return (
    <Box ref={ref}>
      <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: reach }}>
        {children}
      </Table.ScrollContainer>
    </Box>
  );
}
