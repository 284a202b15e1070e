/** Words of results, test and backtest. */
export const resultsEn = {
  results: {
    entered: "Entered",
    inside: "Inside",
    finished: "Finished",
    left: "Left early",
    failed: "Failed",
    suppressed: "Not let in",
  },
};

export const resultsFr: typeof resultsEn = {
  results: {
    entered: "Entrées",
    inside: "En cours",
    finished: "Terminés",
    left: "Sortis avant la fin",
    failed: "Échecs",
    suppressed: "Non admis",
  },
};
