import { addWords, useWords } from "@/lib/words";
import { en } from "./words-en";
import { fr } from "./words-fr";

addWords("settings", en, fr);

export const useSettingsWords = () => useWords("settings");
