import { Text } from "@mantine/core";
import { eventNote } from "@/lib/event-labels";

/** An event among those to choose from: its name in the data, and what people call it where that is something else. */
export function eventOption({ option }: { option: { value: string } }) {
  const note = eventNote(option.value);
  return (
    <div>
      {option.value}
      {note && (
        <Text fz="xs" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  );
}
