import "./words/list";
import "./words/page";
import "./words/create";
import "./words/detail";
import { useWords } from "@/lib/words";

export const usePredictionWords = () => useWords("predictions");
