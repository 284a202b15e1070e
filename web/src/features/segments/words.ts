import { addWords, useWords } from "@/lib/words";

addWords("segments", { title: "Segments" }, { title: "Segments" });

export const useSegmentWords = () => useWords("segments");
