import { useMantineTheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

/** Whether there is no room for a panel beside the page; known from the first picture on, so that nothing is measured twice. */
export function useNarrow(): boolean {
  const { breakpoints } = useMantineTheme();
  return useMediaQuery(`(max-width: ${breakpoints.md})`, false, { getInitialValueInEffect: false });
}
