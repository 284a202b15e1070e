import { Text } from "@mantine/core";
import { WhereFields } from "@/ui/conditions/DidEditor";
import { type Fields, itemsOf, type Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

/** The filters over an event's properties: all of them must hold. */
export function Clauses({
  event,
  value,
  change,
}: {
  event: string;
  value: Json | undefined;
  change: (where: Fields[] | undefined) => void;
}) {
  const t = useJourneyWords();
  return (
    <div>
      <WhereFields
        source={{ type: "did", event, where: itemsOf(value) }}
        event={event}
        onChange={(next) => change(next.where as Fields[] | undefined)}
      />
      {itemsOf(value).length > 1 && (
        <Text size="xs" c="dimmed">
          {t("field.allHold")}
        </Text>
      )}
    </div>
  );
}
