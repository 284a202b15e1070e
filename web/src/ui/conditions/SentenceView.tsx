import { Text } from "@mantine/core";
import type { Condition } from "@/lib/conditions/condition";
import { oneLine, type Sentence, tell } from "@/lib/conditions/sentence";
import { useConditionWords } from "@/lib/conditions/words";
import { useNames } from "@/lib/suggestions";
import classes from "./conditions.module.css";

function Parts({ sentence }: { sentence: Sentence }) {
  return (
    <>
      {sentence.text}
      {sentence.parts.length > 0 && (
        <ul>
          {sentence.parts.map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
            <li key={i}>
              <Parts sentence={part} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A condition in plain words, in the language of the screen: one part a line. */
export function SentenceView({ condition }: { condition: Condition }) {
  const say = useConditionWords();
  const sentence = tell(condition, say, useNames());
  return (
    <Text component="div" size="sm" className={classes.sentence}>
      {sentence.parts.length > 0 ? <Parts sentence={sentence} /> : oneLine(sentence, say)}
    </Text>
  );
}
