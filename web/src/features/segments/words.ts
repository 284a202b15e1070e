import { addWords, useWords } from "@/lib/words";
import { english } from "./words-en";
import { french } from "./words-fr";

addWords("segments", english, french);

export const useSegmentWords = () => useWords("segments");
