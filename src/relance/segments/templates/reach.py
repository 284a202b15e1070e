"""Where people can be written to, where they live, and shares of everybody."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, cast

from relance.conditions import Condition, all_of, any_of, bucket, can_receive, did, did_not, near, prop, subscribed, trait
from relance.conditions.model import NUMBER_OF_BUCKETS
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import CHANNEL, CHANNELS, ORDER, REACH, reachable, subscribed_on, window

if TYPE_CHECKING:
    from relance.conditions.model import Channel

_ADDRESS = {"email": "email", "sms": "phone"}


def _not_subscribed(*, channel: str, customers: bool, order: str) -> Condition:
    on = cast("Channel", channel)
    said_no = [did_not("Subscription Changed", where=[prop("channel") == channel, prop("state") == "unsubscribed"])]
    if channel == "email":
        said_no.append(did_not("Unsubscribed"))
    known = all_of(trait(_ADDRESS[channel]).is_set(), ~subscribed(channel=on), *said_no)
    return known & did(order) if customers else known


def _sms_only(*, nor_push: bool) -> Condition:
    others: tuple[Channel, ...] = ("email", "push") if nor_push else ("email",)
    return all_of(subscribed_on("sms"), *(~can_receive(channel, because="subscribed") for channel in others))


def _push_reachable(*, within: str) -> Condition:
    return all_of(subscribed_on("push"), did("Application Opened", within=within))


def _multi_channel(*, channels: int) -> Condition:
    return any_of(*(all_of(*map(subscribed_on, some)) for some in combinations(CHANNELS, channels)))


def _group(*, group: str, channel: str) -> Condition:
    on = cast("Channel", channel)
    return all_of(can_receive(on), subscribed(group, channel=on))


def _bounced(*, within: str, reach: str) -> Condition:
    return reachable(reach, did("Email Bounced", where=prop("bounce_type") == "hard", within=within))


def _nearby(*, lat: float, lon: float, km: float, place: str, reach: str) -> Condition:
    return reachable(reach, near(place, lat=lat, lon=lon, km=km))


def _in_places(*, places: list[str], place: str, reach: str) -> Condition:
    return reachable(reach, trait(place, ignore_case=True).in_(places))


def _sample(*, percent: float, salt: str, reach: str) -> Condition:
    return reachable(reach, bucket(salt, 0, round(percent * NUMBER_OF_BUCKETS / 100)))


TEMPLATES = (
    SegmentTemplate(
        "not-yet-subscribed", "reach", Words("Not yet subscribed", "Pas encore abonnés"),
        Words("Known by their address, and have said neither yes nor no.", "Connus par leur adresse, et n'ont dit ni oui ni non."),
        (replace(CHANNEL, options=tuple(_ADDRESS)),
         Parameter("customers", "truth", Words("Only those who have ordered.", "Seulement ceux qui ont commandé."), default=False), ORDER),
        _not_subscribed,
    ),
    SegmentTemplate(
        "sms-only", "reach", Words("SMS only", "SMS seulement"),
        Words("Said yes to text messages, and can not be written to otherwise.", "Ont dit oui aux SMS, et ne sont pas joignables autrement."),
        (Parameter("nor_push", "truth", Words("Nor by push notifications.", "Ni par notifications push."), default=True),), _sms_only,
    ),
    SegmentTemplate(
        "push-reachable", "reach", Words("Push reachable", "Joignables en push"),
        Words("Said yes to push notifications, and use the app.", "Ont dit oui aux notifications push, et se servent de l'application."),
        (window("30d", "How long ago the app was opened at most.", "Il y a combien de temps au plus l'application a été ouverte."),), _push_reachable,
    ),
    SegmentTemplate(
        "multi-channel", "reach", Words("Multi-channel", "Multicanal"),
        Words("Said yes to several of email, text messages and push notifications.", "Ont dit oui à plusieurs canaux parmi e-mail, SMS et push."),
        (Parameter("channels", "whole", Words("To how many.", "À combien."), 2, 2, 3),), _multi_channel,
    ),
    SegmentTemplate(
        "newsletter-group", "reach", Words("Newsletter", "Newsletter"),
        Words("Said yes to a subscription group, and can be written to.", "Ont dit oui à un groupe d'abonnement, et sont joignables."),
        (Parameter("group", "group", Words("Which subscription group.", "Quel groupe d'abonnement."), "newsletter"), CHANNEL), _group,
    ),
    SegmentTemplate(
        "bounced-addresses", "reach", Words("Bounced addresses", "Adresses invalides"),
        Words("Their email came back for good: ask for another on another channel.", "Leur e-mail est revenu pour de bon : demandez-en un autre sur un autre canal."),
        (window("365d", "How long ago at most.", "Il y a combien de temps au plus."), REACH), _bounced,
    ),
    SegmentTemplate(
        "nearby", "reach", Words("Nearby", "À proximité"),
        Words("Live near a place, such as a shop of yours.", "Vivent près d'un lieu, comme l'un de vos magasins."),
        (Parameter("lat", "number", Words("Latitude of the place.", "Latitude du lieu."), least=-90, most=90, example=48.8566),
         Parameter("lon", "number", Words("Longitude of the place.", "Longitude du lieu."), least=-180, most=180, example=2.3522),
         Parameter("km", "number", Words("How far at most, in km.", "À quelle distance au plus, en km."), 10, 0, 20_000),
         Parameter("place", "path", Words("The trait with `lat` and `lon`.", "Le trait qui porte `lat` et `lon`."), "location"), REACH), _nearby,
    ),
    SegmentTemplate(
        "in-places", "reach", Words("In these places", "Dans ces lieux"),
        Words("Live in one of some cities, regions or countries.", "Vivent dans l'une de ces villes, régions ou pays."),
        (Parameter("places", "texts", Words("Which ones.", "Lesquels."), example=("Atlanta", "Seattle")),
         Parameter("place", "path", Words("The trait that names it.", "Le trait qui le nomme."), "address.city"), REACH), _in_places,
    ),
    SegmentTemplate(
        "random-sample", "reach", Words("Random sample", "Échantillon au hasard"),
        Words("A share of everybody that stays the same.", "Une part de tous, qui reste la même."),
        (Parameter("percent", "number", Words("How many in a hundred.", "Combien sur cent."), 10, 0.01, 100),
         Parameter("salt", "text", Words("Another text draws others.", "Un autre texte en tire d'autres."), "sample-1"), REACH), _sample,
    ),
)  # fmt: skip
