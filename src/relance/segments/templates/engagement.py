"""What people do with messages and the app: engaged, fading, never opened, asleep."""

from __future__ import annotations

from relance.conditions import Condition, all_of, did, did_not
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import (
    CHANNEL,
    DELIVERED,
    ENGAGED,
    ORDER,
    REACH,
    count,
    engaged,
    reachable,
    require_longer,
    subscribed_on,
    window,
)

_OPENED = "Application Opened"
_SIGNS = Parameter(
    "signs", "truth",
    Words("Visits to the shop and orders count as signs of life too.", "Les visites de la boutique et les commandes comptent aussi comme signes de vie."),
    default=True,
)  # fmt: skip


def _engaged(*, channel: str, within: str) -> Condition:
    return all_of(subscribed_on(channel), engaged(channel, within))


def _clickers(*, channel: str, at_least: int, within: str) -> Condition:
    click = ENGAGED[channel][1 if channel == "email" else 0]
    return all_of(subscribed_on(channel), did(click, at_least=at_least, within=within))


def _silent(channel: str, within: str) -> list[Condition]:
    return [did_not(event, within=within) for event in ENGAGED[channel]]


def _never_opened(*, channel: str, at_least: int, within: str) -> Condition:
    received = did(DELIVERED[channel], at_least=at_least, within=within)
    return all_of(subscribed_on(channel), received, *(did_not(event) for event in ENGAGED[channel]))


def _unengaged(*, channel: str, within: str, at_least: int, signs: bool, order: str) -> Condition:
    received = did(DELIVERED[channel], at_least=at_least, within=within)
    life = [did_not(event, within=within) for event in ("Page Viewed", _OPENED, order)] if signs else []
    return all_of(subscribed_on(channel), received, *_silent(channel, within), *life)


def _app_users(*, at_least: int, within: str, reach: str) -> Condition:
    return reachable(reach, did(_OPENED, at_least=at_least, within=within))


def _sleeping_app(*, quiet: str, within: str, reach: str) -> Condition:
    require_longer(within, quiet, "`within` is longer than `quiet`")
    return reachable(
        reach, did(_OPENED, within=within), did_not(_OPENED, within=quiet), did_not("Application Uninstalled", within=within)
    )


TEMPLATES = (
    SegmentTemplate(
        "engaged", "engagement", Words("Engaged", "Engagés"),
        Words("Opened, clicked or answered a message lately: 30, 60 or 90 days are usual.", "Ont ouvert un message, y ont cliqué ou répondu récemment : 30, 60 ou 90 jours sont d'usage."),
        (CHANNEL, window("30d", "In which time.", "Dans quel délai.")), _engaged,
    ),
    SegmentTemplate(
        "frequent-clickers", "engagement", Words("Frequent clickers", "Cliqueurs assidus"),
        Words("Click again and again.", "Cliquent encore et encore."),
        (CHANNEL, count("at_least", 3, "How many clicks at least.", "Combien de clics au moins."),
         window("30d", "In which time.", "Dans quel délai.")), _clickers,
    ),
    SegmentTemplate(
        "never-opened", "engagement", Words("Never opened", "Jamais ouvert"),
        Words("Get messages and have never opened or clicked one.", "Reçoivent des messages et n'en ont jamais ouvert un ni cliqué."),
        (CHANNEL, count("at_least", 5, "How many messages arrived at least.", "Combien de messages sont arrivés au moins."),
         window("180d", "In which time they arrived.", "Dans quel délai ils sont arrivés.")), _never_opened,
    ),
    SegmentTemplate(
        "unengaged", "engagement", Words("Unengaged (sunset)", "Inactifs (à retirer)"),
        Words("Get messages and no longer do anything with them: ask once more, then stop.", "Reçoivent des messages et n'en font plus rien : demandez une fois encore, puis arrêtez."),
        (CHANNEL, window("120d", "For how long.", "Depuis combien de temps.", least="1d"),
         count("at_least", 8, "How many messages arrived in this time at least.", "Combien de messages sont arrivés dans ce temps au moins."),
         _SIGNS, ORDER), _unengaged,
    ),
    SegmentTemplate(
        "app-users", "engagement", Words("App users", "Utilisateurs de l'application"),
        Words("Open the app often.", "Ouvrent souvent l'application."),
        (count("at_least", 3, "How often at least.", "Combien de fois au moins."),
         window("30d", "In which time.", "Dans quel délai."), REACH), _app_users,
    ),
    SegmentTemplate(
        "sleeping-app-users", "engagement", Words("Sleeping app users", "Applications endormies"),
        Words("Used the app, still have it, and no longer open it.", "Se servaient de l'application, l'ont encore, et ne l'ouvrent plus."),
        (window("14d", "For how long they have not opened it.", "Depuis combien de temps ils ne l'ouvrent plus.", name="quiet", least="1d"),
         window("90d", "How long ago the last time may be.", "Il y a combien de temps au plus ils s'en servaient.", least="1d"), REACH),
        _sleeping_app,
    ),
)  # fmt: skip
