import { createTheme, type MantineColorsTuple } from "@mantine/core";

// One accent, one warm grey; the ten shades keep AA contrast: 6 and darker on white, 3 and lighter on the dark canvas.
const indigo: MantineColorsTuple = [
  "#eef0fb",
  "#dadff5",
  "#b4bdec",
  "#98a4f3",
  "#7583dc",
  "#5566cb",
  "#3f51b5",
  "#33429a",
  "#28357c",
  "#1d275d",
];
const stone: MantineColorsTuple = [
  "#edebe6",
  "#d5d2cb",
  "#a5a098",
  "#938e85",
  "#66625b",
  "#3d3b37",
  "#2b2a27",
  "#1a1a18",
  "#151514",
  "#121211",
];

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 6, dark: 4 },
  colors: { indigo, dark: stone },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  defaultRadius: "md",
  cursorType: "pointer",
  headings: { fontWeight: "600" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
});
