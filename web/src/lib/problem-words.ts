import i18next from "i18next";
import { ApiProblem, type FieldProblem } from "@/api/client";
import { typeset } from "./words";

/**
 * What the server finds wrong, in French, by its stable code. The server writes English, with the place and the value in it;
 * in French the sentence of the code comes first and the server's stays beside it as a detail.
 */
const FRENCH: Record<string, string> = {
  missing_field: "Un champ obligatoire manque.",
  unknown_field: "Ce champ n’existe pas ici.",
  unknown_type: "Ce type n’existe pas.",
  choose_one: "Un seul de ces champs peut être rempli.",
  wrong_type: "La valeur n’est pas du type attendu.",
  empty: "Ce champ ne peut pas être vide.",
  too_long: "Ce texte ou cette liste est trop long.",
  out_of_range: "Ce nombre est trop petit ou trop grand.",
  bad_value: "Cette valeur n’est pas possible ici.",
  invalid_value: "Cette valeur n’est pas possible ici.",
  bad_id: "Un identifiant se compose de lettres minuscules, de chiffres et de tirets.",
  bad_key: "Cette clé n’est pas valable.",
  bad_path: "Ce chemin n’est pas valable : écrivez par exemple address.city.",
  bad_duration: "Cette durée n’est pas valable : écrivez par exemple 3d ou 12h.",
  bad_instant: "Cette date n’est pas valable.",
  bad_time_of_day: "Cette heure n’est pas valable : écrivez par exemple 09:00.",
  bad_timezone: "Ce fuseau horaire n’existe pas.",
  bad_operator: "Cet opérateur n’existe pas.",
  bad_pattern: "Ce motif n’est pas utilisable.",
  invalid_pattern: "Ce motif n’est pas utilisable.",
  bad_template: "Le contenu du modèle (Liquid ou MJML) n’est pas correct.",
  render_error: "Le modèle ne peut pas être rendu.",
  not_a_number: "Ce n’est pas un nombre.",
  number_too_large: "Ce nombre est trop grand.",
  half_a_character: "Le texte contient un caractère incomplet.",
  too_large: "C’est trop volumineux.",
  too_deep: "C’est imbriqué trop profondément.",
  duplicate_id: "Deux définitions portent le même identifiant.",
  duplicate_key: "Une clé figure deux fois.",
  yaml_syntax: "Le YAML contient une erreur de syntaxe.",
  json_syntax: "Le JSON contient une erreur de syntaxe.",
  unknown_kind: "Ce genre de définition n’existe pas.",
  unknown_segment: "Ce segment n’existe pas.",
  unknown_template: "Ce modèle n’existe pas.",
  unknown_journey: "Ce parcours n’existe pas.",
  unknown_campaign: "Cette campagne n’existe pas.",
  unknown_prediction: "Cette prédiction n’existe pas.",
  unknown_event: "Cet événement n’est pas enregistré. Vérifiez son orthographe.",
  unknown_list: "Cette liste n’existe pas encore : personne n’y figure.",
  unknown_step: "Cette étape n’existe pas.",
  event_not_published: "Cet événement est un brouillon : il n’est pas encore produit.",
  archived_segment: "Ce segment est archivé : ses membres ne changent plus.",
  archived_journey: "Ce parcours ou cette campagne est archivé.",
  made_people: "Des personnes fictives de la démonstration sont dans cet espace : retirez-les avant tout envoi.",
  segment_cycle: "Des segments se contiennent les uns les autres.",
  template_channel_mismatch: "Le modèle est prévu pour un autre canal.",
  template_not_ready: "Le modèle est un brouillon. Marquez-le d’abord comme prêt.",
  template_to_be_written: "Le modèle est à rédiger avant l’envoi.",
  reserved_step: "Une étape ne peut pas s’appeler « end ».",
  reserved_event: "Cet événement est réservé à relance.",
  journey_loop: "Des parcours se démarrent sans fin les uns les autres.",
  ends_before_start: "La fin précède le début.",
  journey_over: "La date de fin est passée : personne n’entre plus.",
  never_fires: "Le calendrier ne tombe jamais dans cette période.",
  bad_days: "Ces jours ne vont pas avec ce calendrier.",
  bad_percents: "La somme des parts doit faire 100 %.",
  percents_below_100: "La somme des parts est inférieure à 100 % ; la dernière prend le reste.",
  per_run_without_schedule: "Cette limite demande un calendrier.",
  incremental_once: "Sans effet : le calendrier ne tombe qu’une fois.",
  excludes_its_entry: "Le segment d’entrée est exclu.",
  since_without_message: "Chaque événement attendu doit désigner un message.",
  timeout_without_on_timeout: "Dites où aller une fois le délai passé.",
  on_timeout_without_timeout: "Dites après combien de temps.",
  other_channel: "Cet événement ne répond jamais à un message de ce canal.",
  address_of_other_channel: "Cet attribut contient l’adresse d’un autre canal.",
  event_never_seen: "Cet événement n’a jamais été reçu. Vérifiez son orthographe.",
  empty_segment: "Personne n’est dans ce segment en ce moment.",
  empty_list: "Personne ne figure sur cette liste.",
  address_nobody_has: "Personne n’a d’adresse pour ce canal.",
  step_not_mapped: "Dites où vont les personnes qui se trouvent à cette étape.",
  nobody_to_move: "Personne ne se trouve dans une version précédente.",
  prediction_not_targetable: "Cette prédiction est un aperçu, une démo ou un brouillon : elle ne peut pas être ciblée.",
  prediction_without_value: "Cette prédiction n’annonce pas de montant.",
  prediction_is_draft: "Cette prédiction est un brouillon : personne n’a encore de score.",
  stale_prediction: "Cette prédiction est archivée : ses scores ne changent plus.",
  unknown_parameter: "Ce paramètre n’existe pas.",
  missing_parameter: "Un paramètre obligatoire manque.",
  bad_parameter: "La valeur d’un paramètre n’est pas possible.",
  not_supported_yet: "Cette version de relance ne sait pas encore le faire.",
  // errors of the interface
  invalid: "La saisie ne peut pas être acceptée.",
  invalid_input: "La saisie contient des erreurs.",
  invalid_request: "La demande contient une valeur illisible.",
  invalid_event: "Cet événement ne peut pas être accepté.",
  invalid_condition: "Cette condition n’est pas compréhensible.",
  invalid_definition: "Cette définition n’est pas compréhensible.",
  not_json: "Ce n’est pas du JSON.",
  unsupported_by_engine: "L’entrepôt de données ne sait pas répondre exactement à cette question.",
  sign_in_failed: "L’adresse e-mail ou le mot de passe est incorrect.",
  too_many_attempts: "Trop de tentatives. Patientez avant de réessayer.",
  unknown_link: "Ce lien a servi, a expiré ou a été remplacé. Demandez-en un autre.",
  conflict: "Cela contredit l’état actuel.",
  question_dropped: "La question a été abandonnée avant d’avoir sa réponse. Réessayez.",
  body_too_large: "L’envoi dépasse la taille permise.",
  too_many_items: "L’envoi contient trop d’éléments.",
  nothing_to_learn: "L’historique ne contient pas de quoi apprendre.",
  cancelled: "La construction a été annulée.",
  overloaded: "Il arrive plus de données que le serveur ne peut en enregistrer. Réessayez dans un instant.",
  log_unavailable: "Le journal ne peut pas être écrit en ce moment.",
  store_unavailable: "La base de données ne répond pas en ce moment.",
  warehouse_unavailable: "L’entrepôt de données est en cours de réouverture. Réessayez dans un instant.",
  channel_unavailable: "Le prestataire ne répond pas en ce moment.",
  channel_rejected: "Le prestataire refuse ce message.",
  unknown_outcome: "Le prestataire n’a pas répondu : on ne sait pas si le message est parti.",
  unreachable: "Le serveur ne répond pas.",
  // items that are no events
  not_an_object: "L’élément, ou une de ses parties, n’est pas un objet.",
  missing_type: "Le type de l’appel manque.",
  missing_identity: "L’événement ne dit pas de qui il s’agit : il faut userId ou anonymousId.",
  missing_user_id: "userId manque.",
  missing_previous_id: "previousId manque.",
  missing_event: "Le nom de l’événement manque.",
  invalid_event_name: "Le nom de l’événement doit être un texte.",
  event_name_too_long: "Le nom de l’événement est trop long.",
  invalid_id: "Un identifiant doit être un texte simple ou un nombre.",
  id_too_long: "Un identifiant est trop long.",
  missing_timestamp: "La date de l’événement manque.",
  invalid_timestamp: "La date de l’événement est illisible ou impossible.",
  invalid_text: "Un texte contient un caractère incomplet.",
  not_finite: "Un nombre n’est pas fini.",
};

/** A problem as it is read: one sentence, and what the server adds to it where that is in another language. */
export interface Said {
  text: string;
  detail: string;
}

/** Tells a problem, or an error of the interface, in the language of the screen; a code without words in the server's own. */
export function sayProblem({ code, message }: Pick<FieldProblem, "code" | "message">): Said {
  // The server speaks to programs there.
  if (code === "missing_key" || code === "unknown_session") {
    return { text: i18next.language === "fr" ? "Votre session a pris fin." : "Your session has ended.", detail: "" };
  }
  const french = i18next.language === "fr" ? FRENCH[code] : undefined;
  return french === undefined ? { text: message || code, detail: "" } : { text: typeset(french), detail: message };
}

/** Whatever was thrown, in one line. */
export function sayError(error: unknown): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  const { text, detail } = sayProblem(error.errors.length === 1 && error.errors[0]?.message ? error.errors[0] : error);
  return detail ? `${text} (${detail})` : text;
}
