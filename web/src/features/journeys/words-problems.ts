import { sayProblem as sayShared } from "@/lib/problem-words";
import type { Problem } from "./graph/check";
import type { Say } from "./steps/say";

/** What is wrong, by its code: said for people who look and click. A code without words is told in the server's own. */
export const problemsEn = {
  problem: {
    errors_one: "{{count}} error",
    errors_other: "{{count}} errors",
    warnings_one: "{{count}} warning",
    warnings_other: "{{count}} warnings",
    none: "No problems",
    unknown_step: "This leads to a step that does not exist. Choose another.",
    unreachable_step: "No way leads to this step. Connect it, or remove it.",
    step_cycle: "Steps lead back to themselves. Let one of them lead elsewhere.",
    bad_percents: "The shares must add up to 100 %.",
    no_listeners: "Choose at least one event to wait for.",
    message_not_earlier: "The message named here is not sent before this step.",
    branch_without_otherwise: "Say where those go for whom no condition holds.",
    unknown_template: "There is no such template. Choose one.",
    template_not_ready: "The template is a draft. Mark it as ready first.",
    template_channel_mismatch: "The template is for another channel.",
    unknown_segment: "There is no such segment. Choose one.",
    unknown_journey: "There is no such journey. Choose one.",
    event_never_seen: "This event was never received. Check its spelling.",
    unknown_event: "This event is not registered. Check its spelling.",
    wait_in_the_past: "This date has passed: people go on at once.",
    wait_beyond_lifetime: "This wait does not fit into how long a passage may last.",
    event_before_listener:
      "A wait stands between the message and this step: what happens meanwhile is not heard. Set “What counts from before”.",
    listener_never_hears: "This can never be heard: an exit or an earlier path takes the same event first.",
    branch_never_taken: "Nobody can take one of these ways.",
    path_of_nobody: "A path has 0 %: nobody takes it.",
    empty_segment: "Nobody is in this segment now.",
    goal_never_fires: "The goal waits for an answer on a channel on which nothing is sent.",
  },
};

export const problemsFr: typeof problemsEn = {
  problem: {
    errors_one: "{{count}} erreur",
    errors_other: "{{count}} erreurs",
    warnings_one: "{{count}} avertissement",
    warnings_other: "{{count}} avertissements",
    none: "Aucun problème",
    unknown_step: "Ce chemin mène à une étape qui n’existe pas. Choisissez-en une autre.",
    unreachable_step: "Aucun chemin ne mène à cette étape. Reliez-la ou supprimez-la.",
    step_cycle: "Des étapes tournent en rond. Faites mener l’une d’elles ailleurs.",
    bad_percents: "La somme des parts doit faire 100 %.",
    no_listeners: "Choisissez au moins un événement à attendre.",
    message_not_earlier: "Le message désigné n’est pas envoyé avant cette étape.",
    branch_without_otherwise: "Dites où vont ceux pour qui aucune condition n’est remplie.",
    unknown_template: "Ce modèle n’existe pas. Choisissez-en un.",
    template_not_ready: "Le modèle est un brouillon. Marquez-le d’abord comme prêt.",
    template_channel_mismatch: "Le modèle est prévu pour un autre canal.",
    unknown_segment: "Ce segment n’existe pas. Choisissez-en un.",
    unknown_journey: "Ce parcours n’existe pas. Choisissez-en un.",
    event_never_seen: "Cet événement n’a jamais été reçu. Vérifiez son orthographe.",
    unknown_event: "Cet événement n’est pas enregistré. Vérifiez son orthographe.",
    wait_in_the_past: "Cette date est passée : les personnes continuent aussitôt.",
    wait_beyond_lifetime: "Cette attente dépasse la durée maximale d’un passage.",
    event_before_listener:
      "Une attente sépare le message de cette étape : ce qui se passe entre-temps n’est pas entendu. Réglez « Ce qui compte d’avant ».",
    listener_never_hears:
      "Ceci ne peut jamais être entendu : une sortie ou un chemin précédent prend le même événement.",
    branch_never_taken: "Personne ne peut prendre l’un de ces chemins.",
    path_of_nobody: "Un chemin a 0 % : personne ne le prend.",
    empty_segment: "Personne n’est dans ce segment en ce moment.",
    goal_never_fires: "L’objectif attend une réponse sur un canal où rien n’est envoyé.",
  },
};

/** A problem in the words of the screen; in the server's where it has none. */
export function sayProblem(problem: Problem, t: Say): string {
  if (problem.code in problemsEn.problem) return t(`problem.${problem.code}`);
  const { text, detail } = sayShared(problem);
  return detail ? `${text} (${detail})` : text;
}
