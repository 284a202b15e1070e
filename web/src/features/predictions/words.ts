import "./words/list";
import "./words/page";
import "./words/detail";
import { useWords } from "@/lib/words";

export const usePredictionWords = () => useWords("predictions");
