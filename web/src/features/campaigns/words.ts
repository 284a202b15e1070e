import { addWords, useWords } from "@/lib/words";
import { english } from "./words-en";
import { french } from "./words-fr";

addWords("campaigns", english, french);

export const useCampaignWords = () => useWords("campaigns");
