import { addWords, useWords } from "@/lib/words";

addWords("journeys", { title: "Journeys" }, { title: "Journeys" });

export const useJourneyWords = () => useWords("journeys");
