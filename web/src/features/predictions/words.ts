import { addWords, useWords } from "@/lib/words";

addWords("predictions", { title: "Predictions" }, { title: "Predictions" });

export const usePredictionWords = () => useWords("predictions");
