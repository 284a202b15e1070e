"""Where people stand: new, first-time buyers, active, about to lapse, lapsed, won back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from relance.conditions import Condition, did, did_not, prop, subscribed, trait
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import (
    CHANNEL,
    ORDER,
    REACH,
    VIEW,
    count,
    engaged,
    reach_on,
    reachable,
    require_longer,
    window,
)

if TYPE_CHECKING:
    from relance.conditions.model import Channel

_SINCE = Parameter(
    "since", "path",
    Words("The trait with the day they became known.", "Le trait qui porte le jour où ils ont été connus."), "createdAt",
)  # fmt: skip
_NOT_ORDERED = Parameter(
    "not_ordered", "truth",
    Words("Only those who have not ordered yet.", "Seulement ceux qui n'ont pas encore commandé."), default=False,
)  # fmt: skip


def _new_people(*, since: str, within: str, reach: str) -> Condition:
    return reachable(reach, trait(since).within_last(within))


def _new_subscribers(*, channel: str, within: str, not_ordered: bool, order: str) -> Condition:
    joined = did("Subscription Changed", where=[prop("channel") == channel, prop("state") == "subscribed"], within=within)
    said_yes = joined & subscribed(channel=cast("Channel", channel))
    return said_yes & did_not(order) if not_ordered else said_yes


def _prospects(*, view: str, at_least: int, within: str, order: str, reach: str) -> Condition:
    return reachable(reach, did(view, at_least=at_least, within=within), did_not(order))


def _first_time(*, within: str, order: str, reach: str) -> Condition:
    return reachable(reach, did(order, exactly=1), did(order, within=within))


def _active(*, within: str, at_least: int, order: str, reach: str) -> Condition:
    return reachable(reach, did(order, at_least=at_least, within=within))


def _repeat(*, at_least: int, within: str, order: str, reach: str) -> Condition:
    return reachable(reach, did(order, at_least=at_least, within=within))


def _about_to_lapse(*, quiet: str, lapses_after: str, at_least: int, order: str, reach: str) -> Condition:
    require_longer(lapses_after, quiet, "`lapses_after` is longer than `quiet`")
    return reachable(reach, did(order, at_least=at_least), did(order, within=lapses_after), did_not(order, within=quiet))


def _one_time_at_risk(*, quiet: str, lapses_after: str, order: str, reach: str) -> Condition:
    require_longer(lapses_after, quiet, "`lapses_after` is longer than `quiet`")
    return reachable(reach, did(order, exactly=1), did(order, within=lapses_after), did_not(order, within=quiet))


def _lapsed(*, quiet: str, at_least: int, order: str, reach: str) -> Condition:
    return reachable(reach, did(order, at_least=at_least), did_not(order, within=quiet))


def _win_back(*, quiet: str, at_least: int, lately: str, view: str, order: str, reach: str) -> Condition:
    interest = did(view, within=lately) | engaged("email", lately)
    return reachable(reach, did(order, at_least=at_least), did_not(order, within=quiet), interest)


_QUIET = window(
    "60d", "How long the last order is past.", "Depuis combien de temps date la dernière commande.", name="quiet", least="1d"
)
_LAPSES = window(
    "90d", "After this they count as lapsed.", "Après quoi ils comptent comme perdus.", name="lapses_after", least="1d"
)

TEMPLATES = (
    SegmentTemplate(
        "new-people", "lifecycle", Words("New people", "Nouveaux venus"),
        Words("Became known not long ago.", "Connus depuis peu."),
        (window("30d", "How long ago at most.", "Il y a combien de temps au plus."), _SINCE, REACH), _new_people,
    ),
    SegmentTemplate(
        "new-subscribers", "lifecycle", Words("New subscribers", "Nouveaux abonnés"),
        Words("Said yes to a channel not long ago, and still do.", "Ont dit oui à un canal depuis peu, et le disent encore."),
        (CHANNEL, window("14d", "How long ago at most.", "Il y a combien de temps au plus."), _NOT_ORDERED, ORDER), _new_subscribers,
    ),
    SegmentTemplate(
        "prospects", "lifecycle", Words("Prospects", "Prospects"),
        Words("Looked at products lately and have never ordered.", "Ont regardé des produits récemment et n'ont jamais commandé."),
        (VIEW, count("at_least", 2, "How many looks at least.", "Combien de vues au moins."),
         window("30d", "In which time.", "Dans quel délai."), ORDER, REACH), _prospects,
    ),
    SegmentTemplate(
        "first-time-buyers", "lifecycle", Words("First-time buyers", "Premiers achats"),
        Words("Ordered for the first time not long ago, and not again yet.", "Ont commandé pour la première fois depuis peu, et pas encore de nouveau."),
        (window("30d", "How long ago at most.", "Il y a combien de temps au plus."), ORDER, REACH), _first_time,
    ),
    SegmentTemplate(
        "active-customers", "lifecycle", Words("Active customers", "Clients actifs"),
        Words("Ordered lately.", "Ont commandé récemment."),
        (window("90d", "In which time.", "Dans quel délai."),
         count("at_least", 1, "How many orders at least.", "Combien de commandes au moins."), ORDER, REACH), _active,
    ),
    SegmentTemplate(
        "repeat-buyers", "lifecycle", Words("Repeat buyers", "Acheteurs réguliers"),
        Words("Ordered more than once.", "Ont commandé plus d'une fois."),
        (count("at_least", 2, "How many orders at least.", "Combien de commandes au moins.", least=2),
         window("365d", "In which time.", "Dans quel délai."), ORDER, REACH), _repeat,
    ),
    SegmentTemplate(
        "about-to-lapse", "lifecycle", Words("About to lapse", "Sur le point de partir"),
        Words("Used to order; the last order is getting old.", "Commandaient ; la dernière commande commence à dater."),
        (_QUIET, _LAPSES, count("at_least", 1, "How many orders in all at least.", "Combien de commandes en tout au moins."), ORDER, REACH),
        _about_to_lapse,
    ),
    SegmentTemplate(
        "one-time-buyers-at-risk", "lifecycle", Words("One-time buyers at risk", "Acheteurs uniques à risque"),
        Words("Ordered once, some time ago, and the second order does not come.", "Ont commandé une fois, il y a un moment, et la deuxième commande ne vient pas."),
        (window("30d", "How long the order is past.", "Depuis combien de temps date la commande.", name="quiet", least="1d"), _LAPSES, ORDER, REACH),
        _one_time_at_risk,
    ),
    SegmentTemplate(
        "lapsed-customers", "lifecycle", Words("Lapsed customers", "Clients perdus"),
        Words("Used to order, and have not for long.", "Commandaient, et ne commandent plus depuis longtemps."),
        (window("180d", "For how long.", "Depuis combien de temps.", name="quiet", least="1d"),
         count("at_least", 1, "How many orders in all at least.", "Combien de commandes en tout au moins."), ORDER, REACH), _lapsed,
    ),
    SegmentTemplate(
        "win-back", "lifecycle", Words("Win-back", "Reconquête"),
        Words("Good customers who stopped ordering, but show interest again.", "De bons clients qui ne commandent plus, mais montrent de nouveau de l'intérêt."),
        (window("120d", "For how long they have not ordered.", "Depuis combien de temps ils n'ont pas commandé.", name="quiet", least="1d"),
         count("at_least", 2, "How many orders in all at least.", "Combien de commandes en tout au moins."),
         window("14d", "How long ago the interest may be.", "Il y a combien de temps au plus l'intérêt a été montré.", name="lately"),
         VIEW, ORDER, reach_on("email")), _win_back,
    ),
)  # fmt: skip
