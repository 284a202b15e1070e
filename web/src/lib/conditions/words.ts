import { addWords, useWords } from "../words";
import { english } from "./words-en";
import { french } from "./words-fr";

addWords("conditions", english, french);

export const useConditionWords = () => useWords("conditions");
