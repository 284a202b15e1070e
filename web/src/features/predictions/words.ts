import "./words/list";
import "./words/page";
import "./words/create";
import "./words/detail";
import "./words/features";
import "./words/playbooks";
import { useWords } from "@/lib/words";

export const usePredictionWords = () => useWords("predictions");
