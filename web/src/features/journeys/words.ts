import { useMemo } from "react";
import { oneLine, sayClause, tell } from "@/lib/conditions/sentence";
import { useConditionWords } from "@/lib/conditions/words";
import { useNames } from "@/lib/suggestions";
import { addWords, useWords } from "@/lib/words";
import type { Say } from "./steps/say";
import { pagesEn } from "./words-pages";
import { pagesFr } from "./words-pages-fr";
import { problemsEn, problemsFr } from "./words-problems";
import { resultsEn, resultsFr } from "./words-results";
import { settingsEn, settingsFr } from "./words-settings";
import { stepsEn } from "./words-steps";
import { stepsFr } from "./words-steps-fr";
import { tryingEn, tryingFr } from "./words-trying";

addWords("journeys", pagesEn, pagesFr);
addWords("journeys", stepsEn, stepsFr);
addWords("journeys", settingsEn, settingsFr);
addWords("journeys", resultsEn, resultsFr);
addWords("journeys", problemsEn, problemsFr);
addWords("journeys", tryingEn, tryingFr);

export const useJourneyWords = () => useWords("journeys");

/** The same, with the words of conditions and filters: for what steps do, in a line. */
export function useStepWords(): Say {
  const t = useJourneyWords();
  const say = useConditionWords();
  const names = useNames();
  return useMemo(
    () =>
      Object.assign((key: string, values?: object) => t(key, values), {
        condition: (condition: Parameters<typeof tell>[0]) => oneLine(tell(condition, say, names), say, 1),
        clause: (clause: Parameters<typeof sayClause>[0]) => sayClause(clause, say),
        named: names,
      }),
    [t, say, names],
  );
}
