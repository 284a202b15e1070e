import i18next from "i18next";

/**
 * What people call the events that relance itself sends or derives, in French: `src/relance/events/names.py` has the names.
 * Events of one's own systems keep their names, which is how they are found in the code that sends them.
 */
const FRENCH: Record<string, string> = {
  "Email Sent": "E-mail envoyé",
  "Email Delivered": "E-mail délivré",
  "Email Opened": "E-mail ouvert",
  "Email Link Clicked": "Lien d’un e-mail cliqué",
  "Email Bounced": "E-mail rejeté",
  "Email Marked as Spam": "E-mail signalé comme indésirable",
  Unsubscribed: "Désabonné",
  "SMS Sent": "SMS envoyé",
  "SMS Delivered": "SMS délivré",
  "SMS Link Clicked": "Lien d’un SMS cliqué",
  "SMS Replied": "Réponse à un SMS",
  "Push Notification Sent": "Notification push envoyée",
  "Push Notification Received": "Notification push reçue",
  "Push Notification Tapped": "Notification push ouverte",
  "Push Notification Bounced": "Notification push rejetée",
  "In-App Message Shown": "Message in-app affiché",
  "In-App Message Clicked": "Message in-app cliqué",
  "Webhook Sent": "Webhook envoyé",
  "Message Blocked": "Message bloqué",
  "Subscription Changed": "Abonnement modifié",
  "Segment Entered": "Entrée dans un segment",
  "Segment Left": "Sortie d’un segment",
  "Prediction Scored": "Prédiction calculée",
  "Journey Entered": "Entrée dans un parcours",
  "Journey Ended": "Fin d’un parcours",
  "Journey Goal Reached": "Objectif d’un parcours atteint",
  "Journey Requested": "Parcours demandé",
  "Campaign Requested": "Campagne demandée",
  "Profile Updated by Journey": "Profil mis à jour par un parcours",
};

/** An event as people read it: one of relance's own in the language of the screen, any other by its name. */
export function eventLabel(name: string, language = i18next.language): string {
  return (language === "fr" && Object.hasOwn(FRENCH, name) && FRENCH[name]) || name;
}

/** The label where it says more than the name, to stand beside it. */
export function eventNote(name: string, language = i18next.language): string | undefined {
  const label = eventLabel(name, language);
  return label === name ? undefined : label;
}
