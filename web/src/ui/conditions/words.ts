import { addWords, useWords } from "@/lib/words";
import { english } from "./words-en";
import { french } from "./words-fr";

addWords("builder", english, french);

export const useBuilderWords = () => useWords("builder");
