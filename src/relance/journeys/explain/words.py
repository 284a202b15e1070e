# ruff: noqa: RUF001 - French writes its apostrophes and spaces so
"""The sentences that explain decisions of journeys, in English and in French: each language is a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.conditions.tell import Teller, make_teller
from relance.localtime import local_date, local_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from relance.journeys.model import Step

_ENGLISH: Mapping[str, str] = {
    "entered_event": "entered {when}: {event} happened {event_at}",
    "entered_segment": "entered {when} on becoming a member of the segment {segment}",
    "entered_schedule": "entered {when}, let in with the audience by the schedule",
    "entered_request": "entered {when} because somebody asked for it",
    "entered": "entered {when}",
    "suppressed": "did not enter {when}: {why}",
    "already_enrolled": "was inside already, since {since}",
    "reentry_once": "had entered before, {since}, and may enter once",
    "reentry_after": "had entered {since}, and may again from {until} on",
    "entry_limit": "as many as may enter had entered",
    "excluded": "is in a segment that is kept out",
    "no_longer_member": "had left the segment when the turn came",
    "paused": "the journey was paused",
    "closed": "the journey lets nobody in any more",
    "other": "{reason}",
    "heard": "{step}: {event} happened {event_at}, which it waited for",
    "heard_late": "; it arrived {received}, after the deadline of {deadline}, but had happened in time",
    "timeout": "{step}: nothing of what it waited for ({events}) happened until its deadline of {deadline}",
    "too_late": "; {event} came too late, {event_at}",
    "arrived_late": "; {event} happened {event_at}, but arrived {received}, when the person had gone on",
    "waited_for": "{step}: {length} were over {when}",
    "waited_until": "{step}: its instant came {when}, by the clock of {zone} ({whose})",
    "zone_profile": "the person’s own",
    "zone_workspace": "the workspace’s: the person has none",
    "zone_step": "named by the step",
    "branch": "{step}: condition {n} was the first that held: {sentence}",
    "otherwise": "{step}: no condition held: {sentence}",
    "no_conditions": "there is none",
    "split": "{step}: place {place} of 10,000 lies in path {n}, from {start} to below {end}",
    "next_message": "{step}: a message was handed over",
    "next": "{step} was done",
    "blocked": "{step}: nothing could be sent",
    "failed": "{step}: sending failed",
    "migrated": "{step}: was moved to another version of the journey",
    "sent": "{channel} to {address} was handed over {when}",
    "held": "{channel} is held until {until}: quiet hours by the clock of {zone} ({whose})",
    "waiting": "{channel} waits for its hand-off since {since}",
    "was_held": ", after being held from {since} on by quiet hours in {zone} ({whose})",
    "message_blocked": "{channel} was blocked {when}: {why}",
    "message_failed": "{channel} failed {when}: {why}",
    "message_expired": "{channel} was not sent {when}: it was of use until {expires} only",
    "no_consent": "marketing needs a yes, and none was given",
    "unsubscribed": "said no {since}",
    "suppressed_address": "{address} gets nothing any more since {since} ({reason})",
    "no_address": "there is no address",
    "invalid_address": "{address} is no valid address",
    "frequency_cap": "at most {max} in {per} on {on}, and {n} had been sent: {messages}",
    "on_any": "all channels",
    "cap_message": "{source} {step} by {channel} {when}",
    "quiet_hours": "{local} lies in the quiet hours from {start} to {end} by the clock of {zone} ({whose})",
    "share": "place {place} of 10,000 is below {limit}: held out for comparison",
    "exited_first": "the passage had ended before",
    "fault": "{provider}: {detail}",
    "unknown_outcome": "whether the provider took it is unknown, so it is not sent again",
    "exited_event": "left {when}: {event} happened {event_at}",
    "exited_lifetime": "left {when}: the lifetime of {length} was over",
    "exited_merged": "left {when}: became one with another profile, whose older passage goes on",
    "exited": "left {when}: {reason}",
    "finished": "came to the end {when}",
    "ended_failed": "failed {when}: {reason}",
    "goal": "reached the goal {when} by {event}",
    "rests": "stands at {step} since {since}, until {deadline}",
    "rests_open": "stands at {step} since {since}, with no limit but the lifetime",
    "never_published": "the journey is not published",
    "state": "the journey is {state}: nobody enters",
    "no_event": "{event} is what lets people in, and none was received",
    "events_refused": "{event} was received {n} times, and never as the entry asks; last {when}: {sentence}",
    "events_early": "{event} was received before this version was published, on {published}; last {when}",
    "events_history": "{event} of {when} fits, but it was imported or came otherwise without starting anything",
    "not_member": "only who becomes a member of {segment} enters, and the person is not in it: {sentence}",
    "member": "only who becomes a member of {segment} enters; the person was in it before the journey waited for that: {sentence}",
    "not_in_audience": "the audience was let in {when}, and the person was not in it: {sentence}",
    "in_audience": "the audience was let in {when}, and by what is known now the person was in it: {sentence}",
    "not_fired": "the schedule has not fired yet",
    "no_request": "people enter by request, and nobody asked for this person",
}
_FRENCH: Mapping[str, str] = {
    "entered_event": "entré {when} : {event} est survenu {event_at}",
    "entered_segment": "entré {when} en devenant membre du segment {segment}",
    "entered_schedule": "entré {when} avec l’audience, selon le calendrier",
    "entered_request": "entré {when} parce que quelqu’un l’a demandé",
    "entered": "entré {when}",
    "suppressed": "n’est pas entré {when} : {why}",
    "already_enrolled": "était déjà dedans, depuis le {since}",
    "reentry_once": "était déjà entré, {since}, et ne peut entrer qu’une fois",
    "reentry_after": "était entré {since} et peut revenir à partir du {until}",
    "entry_limit": "le nombre d’entrées permis était atteint",
    "excluded": "est dans un segment tenu à l’écart",
    "no_longer_member": "n’était plus dans le segment quand son tour est venu",
    "paused": "le parcours était en pause",
    "closed": "le parcours ne laisse plus entrer personne",
    "other": "{reason}",
    "heard": "{step} : {event}, qui était attendu, est survenu {event_at}",
    "heard_late": " ; arrivé {received}, après l’échéance du {deadline}, mais survenu à temps",
    "timeout": "{step} : rien de ce qui était attendu ({events}) n’est survenu avant l’échéance du {deadline}",
    "too_late": " ; {event} est venu trop tard, {event_at}",
    "arrived_late": " ; {event} est survenu {event_at}, mais arrivé {received}, quand la personne avait continué",
    "waited_for": "{step} : {length} écoulés {when}",
    "waited_until": "{step} : son instant est venu {when}, à l’horloge de {zone} ({whose})",
    "zone_profile": "celle de la personne",
    "zone_workspace": "celle de l’espace de travail : la personne n’en a pas",
    "zone_step": "nommée par l’étape",
    "branch": "{step} : la condition {n} est la première remplie : {sentence}",
    "otherwise": "{step} : aucune condition remplie : {sentence}",
    "no_conditions": "il n’y en a pas",
    "split": "{step} : la place {place} sur 10 000 tombe dans la voie {n}, de {start} à moins de {end}",
    "next_message": "{step} : un message a été remis",
    "next": "{step} est fait",
    "blocked": "{step} : rien n’a pu être envoyé",
    "failed": "{step} : l’envoi a échoué",
    "migrated": "{step} : est passé à une autre version du parcours",
    "sent": "{channel} à {address} remis {when}",
    "held": "{channel} est retenu jusqu’au {until} : heures calmes à l’horloge de {zone} ({whose})",
    "waiting": "{channel} attend sa remise depuis le {since}",
    "was_held": ", après avoir été retenu dès le {since} par les heures calmes à {zone} ({whose})",
    "message_blocked": "{channel} bloqué {when} : {why}",
    "message_failed": "{channel} échoué {when} : {why}",
    "message_expired": "{channel} non envoyé {when} : il n’était utile que jusqu’au {expires}",
    "no_consent": "le marketing demande un oui, et aucun n’a été donné",
    "unsubscribed": "a dit non {since}",
    "suppressed_address": "{address} ne reçoit plus rien depuis le {since} ({reason})",
    "no_address": "il n’y a pas d’adresse",
    "invalid_address": "{address} n’est pas une adresse valable",
    "frequency_cap": "au plus {max} en {per} sur {on}, et {n} étaient envoyés : {messages}",
    "on_any": "tous les canaux",
    "cap_message": "{source} {step} par {channel} {when}",
    "quiet_hours": "{local} tombe dans les heures calmes de {start} à {end} à l’horloge de {zone} ({whose})",
    "share": "la place {place} sur 10 000 est sous {limit} : tenu à l’écart pour comparer",
    "exited_first": "le passage était déjà terminé",
    "fault": "{provider} : {detail}",
    "unknown_outcome": "on ne sait pas si le prestataire l’a pris, il n’est donc pas renvoyé",
    "exited_event": "sorti {when} : {event} est survenu {event_at}",
    "exited_lifetime": "sorti {when} : la durée de vie de {length} était écoulée",
    "exited_merged": "sorti {when} : réuni à un autre profil, dont le passage plus ancien continue",
    "exited": "sorti {when} : {reason}",
    "finished": "arrivé à la fin {when}",
    "ended_failed": "échoué {when} : {reason}",
    "goal": "a atteint le but {when} par {event}",
    "rests": "se trouve à {step} depuis le {since}, jusqu’au {deadline}",
    "rests_open": "se trouve à {step} depuis le {since}, sans autre limite que la durée de vie",
    "never_published": "le parcours n’est pas publié",
    "state": "le parcours est {state} : personne n’entre",
    "no_event": "c’est {event} qui fait entrer, et aucun n’a été reçu",
    "events_refused": "{event} a été reçu {n} fois, jamais comme l’entrée le demande ; le dernier {when} : {sentence}",
    "events_early": "{event} a été reçu avant la publication de cette version, le {published} ; le dernier {when}",
    "events_history": "{event} {when} convient, mais a été importé ou ne pouvait rien déclencher",
    "not_member": "seul qui devient membre de {segment} entre, et la personne n’en fait pas partie : {sentence}",
    "member": "seul qui devient membre de {segment} entre ; la personne en faisait partie avant que le parcours n’attende cela : {sentence}",
    "not_in_audience": "l’audience est entrée {when}, et la personne n’en faisait pas partie : {sentence}",
    "in_audience": "l’audience est entrée {when}, et d’après ce que l’on sait maintenant la personne en faisait partie : {sentence}",
    "not_fired": "le calendrier ne s’est pas encore déclenché",
    "no_request": "on entre sur demande, et personne ne l’a demandé pour cette personne",
}
_STATES: Mapping[str, Mapping[str, str]] = {
    "en": {"paused": "paused", "closed": "closed", "stopped": "stopped", "archived": "archived"},
    "fr": {"paused": "en pause", "closed": "fermé", "stopped": "arrêté", "archived": "archivé"},
}
_AT = {"en": "at", "fr": "à"}
WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "fr": _FRENCH}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says decisions in one language, with clocks as they are where the person is."""

    language: str
    zone: ZoneInfo
    now: int
    names: Mapping[str, str] = field(default_factory=dict)  # how people call a definition, by `template:cart-sms`

    def say(self, key: str, **given: Any) -> str:
        return WORDS.get(self.language, _ENGLISH)[key].format(**given)

    def teller(self, at: int) -> Teller:
        """Who tells conditions as of an instant."""
        return make_teller(self.language, at, self.zone, self.names)

    def instant(self, at: int | None) -> str:
        """An instant as the person's calendar and clock show it."""
        if at is None:
            return "?"
        wall = local_time(at, self.zone)
        clock = f"{wall:%H:%M}" if not (wall.second or wall.microsecond) else f"{wall:%H:%M:%S}"
        return f"{self.teller(self.now).date(local_date(at, self.zone))} {_AT.get(self.language, 'at')} {clock}"

    def when(self, at: int | None) -> str:
        """The same, as something happened then."""
        return self.teller(self.now).words.phrase("on_date", day=self.instant(at))

    def length(self, microseconds: int) -> str:
        return self.teller(self.now).length(microseconds)

    def called(self, kind: str, id_: str) -> str:
        """A definition by its name; by its id where it has none."""
        return self.teller(self.now).called(kind, id_)

    def source(self, source: str) -> str:
        """The same of one that is written as `journey:welcome`."""
        return self.teller(self.now).source(source)

    def step(self, step: Step) -> str:
        """A message by the names of its templates, any other step by its id."""
        templates = [step.body.get("template"), *(step.body.get("channels") or {}).values()]
        named = [self.called("template", id_) for id_ in templates if f"template:{id_}" in self.names]
        return ", ".join(named) or step.step_id

    def channel(self, name: str) -> str:
        return self.teller(self.now).words.channels.get(name, name)

    def state(self, name: str) -> str:
        return _STATES.get(self.language, _STATES["en"]).get(name, name)
