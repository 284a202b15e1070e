/** Words of results. */
export const resultsEn = {
  results: {
    title: "Results", entered: "Entered", inside: "Inside", finished: "Finished", left: "Left early", failed: "Failed", suppressed: "Not let in", enteredShort: "came", insideShort: "here", came: "Came here", wentOn: "Went on",
    people: "People", export: "Export", nobody: "Nobody.", until: "until {{at}}", more: "Show more", status: { active: "inside", finished: "finished", exited: "left", failed: "failed", suppressed: "not let in" },
    goal: { met: "reached", notMet: "not reached", open: "too early to say", of: "{{reached}} of {{entered}}", between: "Between {{low}} and {{high}} at 95 % confidence.", target: "Target: {{target}}.", within: "Counts until {{length}} after the end." },
    holdout: "Against the hold-out", exits: "Left early because of", notLetIn: "Not let in because of", messages: "Messages", column: { step: "Step", sent: "Sent", delivered: "Delivered", opened: "Opened", clicked: "Clicked", blocked: "Not sent" },
    hint: "Click a step to see its people.", toEnd: "To the end", to: "To {{step}}", exited: "Left: {{reason}}", ways: "Where they went", whyNot: "Not sent because of", show: { inside: "Here now", left: "Went on", all: "All" }, version: "Version", allVersions: "All versions",
  },
  reason: {
    lifetime: "The longest time was over", merged: "Two profiles became one", stopped: "The journey was stopped", migrated: "Moved to another version", excluded: "In a segment that is kept out", already_enrolled: "Already inside", reentry: "May not enter again yet", entry_limit: "Limit of entries", paused: "The journey was paused", closed: "The journey was closed",
    exited: "Had left before", no_consent: "No consent", unsubscribed: "Unsubscribed", suppressed: "Address is suppressed", no_address: "No address", invalid_address: "Address is not valid", frequency_cap: "Frequency cap", quiet_hours: "Quiet hours", expired: "Expired", holdout: "Held out", control: "Control group", render_error: "Template could not be filled", channel_rejected: "Refused by the provider", unknown_outcome: "Outcome not known",
  },
};

export const resultsFr: typeof resultsEn = {
  results: {
    title: "Résultats", entered: "Entrées", inside: "En cours", finished: "Terminés", left: "Sortis avant la fin", failed: "Échecs", suppressed: "Non admis", enteredShort: "venus", insideShort: "ici", came: "Venus ici", wentOn: "Ont continué",
    people: "Personnes", export: "Exporter", nobody: "Personne.", until: "jusqu’au {{at}}", more: "Afficher plus", status: { active: "en cours", finished: "terminé", exited: "sorti", failed: "échec", suppressed: "non admis" },
    goal: { met: "atteint", notMet: "non atteint", open: "trop tôt pour le dire", of: "{{reached}} sur {{entered}}", between: "Entre {{low}} et {{high}} avec une confiance de 95 %.", target: "Cible : {{target}}.", within: "Compte jusqu’à {{length}} après la fin." },
    holdout: "Face au groupe témoin", exits: "Sortis avant la fin à cause de", notLetIn: "Non admis à cause de", messages: "Messages", column: { step: "Étape", sent: "Envoyés", delivered: "Délivrés", opened: "Ouverts", clicked: "Cliqués", blocked: "Non envoyés" },
    hint: "Cliquez sur une étape pour voir les personnes.", toEnd: "Vers la fin", to: "Vers {{step}}", exited: "Sortis : {{reason}}", ways: "Où ils sont allés", whyNot: "Non envoyés à cause de", show: { inside: "Ici maintenant", left: "Ont continué", all: "Tous" }, version: "Version", allVersions: "Toutes les versions",
  },
  reason: {
    lifetime: "La durée maximale est passée", merged: "Deux profils n’en font plus qu’un", stopped: "Le parcours a été arrêté", migrated: "Déplacé vers une autre version", excluded: "Dans un segment tenu à l’écart", already_enrolled: "Déjà dans le parcours", reentry: "Ne peut pas encore entrer à nouveau", entry_limit: "Limite d’entrées", paused: "Le parcours était en pause", closed: "Le parcours était fermé",
    exited: "Était déjà sorti", no_consent: "Pas de consentement", unsubscribed: "Désabonné", suppressed: "Adresse exclue", no_address: "Pas d’adresse", invalid_address: "Adresse non valide", frequency_cap: "Plafond d’envois", quiet_hours: "Heures calmes", expired: "Expiré", holdout: "Groupe témoin", control: "Groupe de contrôle", render_error: "Le modèle n’a pas pu être rempli", channel_rejected: "Refusé par le prestataire", unknown_outcome: "Issue inconnue",
  },
};
