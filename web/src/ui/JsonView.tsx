import { Box, Code } from "@mantine/core";
import { CopyButton } from "./CopyButton";

/** Any value as JSON, indented, to be scrolled and copied. */
export function JsonView({ value, label, maxHeight = 320 }: { value: unknown; label: string; maxHeight?: number }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <Box pos="relative">
      <Box pos="absolute" top={6} right={6}>
        <CopyButton text={text} />
      </Box>
      <Code block tabIndex={0} role="region" aria-label={label} mah={maxHeight} style={{ overflow: "auto" }}>
        {text}
      </Code>
    </Box>
  );
}
