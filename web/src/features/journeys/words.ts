import { addWords, useWords } from "@/lib/words";
import { pagesEn, pagesFr } from "./words-pages";
import { problemsEn, problemsFr } from "./words-problems";
import { resultsEn, resultsFr } from "./words-results";
import { settingsEn, settingsFr } from "./words-settings";
import { stepsEn, stepsFr } from "./words-steps";

addWords("journeys", pagesEn, pagesFr);
addWords("journeys", stepsEn, stepsFr);
addWords("journeys", settingsEn, settingsFr);
addWords("journeys", resultsEn, resultsFr);
addWords("journeys", problemsEn, problemsFr);

export const useJourneyWords = () => useWords("journeys");
