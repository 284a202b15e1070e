import { addWords, useWords } from "@/lib/words";
import { english } from "./words-en";
import { french } from "./words-fr";

addWords("lists", english, french);

export const useListWords = () => useWords("lists");
