"""The espresso shots: who showed interest a moment ago and has not bought since."""

from __future__ import annotations

from dataclasses import replace

from relance.conditions import Condition, all_of, any_of, did, did_not, prop
from relance.segments.templates.model import ANY, Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import CHANNEL, CHANNELS, ENGAGED, ORDER, subscribed_on, window

_WITHIN = window("72h", "How long ago the interest may be, and how long there must have been no order.",
                 "Il y a combien de temps au plus l'intérêt a été montré, et depuis quand il n'y a pas de commande.", most="365d")  # fmt: skip
_ALSO = Parameter(
    "also", "choice",
    Words("Another channel on which they must have said yes too, for a follow-up there; `any` asks nothing.",
          "Un autre canal auquel il faut aussi avoir dit oui, pour y faire une relance ; `any` ne demande rien."),
    ANY, options=(ANY, *CHANNELS),
)  # fmt: skip
_COLLECTION = Parameter(
    "collection", "text",
    Words("Only those who looked at this collection in the same time; empty asks nothing.",
          "Seulement ceux qui ont vu cette collection dans le même temps ; vide ne demande rien."),
    "", may_be_empty=True,
)  # fmt: skip
_COLLECTION_PATH = Parameter(
    "collection_path", "path",
    Words("The property of the list or product with the collection.", "La propriété de la liste ou du produit qui porte la collection."),
    "category",
)  # fmt: skip
_INCENTIVE = Parameter(
    "incentive", "choice",
    Words("For an offer: `used` are those whom a coupon has moved before, `not_used` those who buy without; `any` asks nothing.",
          "Pour une offre : `used`, ceux qu'un bon a déjà décidés, `not_used`, ceux qui achètent sans ; `any` ne demande rien."),
    ANY, options=(ANY, "used", "not_used"),
)  # fmt: skip
_INCENTIVE_WITHIN = window("365d", "In which time a coupon counts.", "Dans quel délai un bon compte.", name="incentive_within")
_APP = Parameter(
    "app", "choice",
    Words("Having opened the app in the same time: `required` beside the tap, `enough` without one; `any` asks nothing.",
          "L'ouverture de l'application dans le même temps : `required` en plus du clic, `enough` sans lui ; `any` ne demande rien."),
    ANY, options=(ANY, "required", "enough"),
)  # fmt: skip
_SHARED = (_WITHIN, _ALSO, _COLLECTION, _COLLECTION_PATH, _INCENTIVE, _INCENTIVE_WITHIN, ORDER)


def _shot(
    interest: Condition,
    *,
    channel: str,
    within: str,
    also: str,
    collection: str,
    collection_path: str,
    incentive: str,
    incentive_within: str,
    order: str,
) -> Condition:
    parts = [subscribed_on(channel)]
    if also not in (ANY, channel):
        parts.append(subscribed_on(also))
    parts.append(interest)
    if collection:
        where = prop(collection_path) == collection
        looks = (did(event, where=where, within=within) for event in ("Product List Viewed", "Product Viewed"))
        parts.append(any_of(*looks))
    if incentive == "used":
        parts.append(did("Coupon Applied", within=incentive_within))
    elif incentive == "not_used":
        parts.append(did_not("Coupon Applied", within=incentive_within))
    return all_of(*parts, did_not(order, within=within))


def _email(*, within: str, channel: str, **more: str) -> Condition:
    opened, clicked = (did(event, within=within) for event in ENGAGED["email"])
    return _shot(opened | clicked, within=within, channel=channel, **more)


def _sms(*, within: str, channel: str, **more: str) -> Condition:
    return _shot(did("SMS Link Clicked", within=within), within=within, channel=channel, **more)


def _push(*, within: str, channel: str, app: str, **more: str) -> Condition:
    tapped, active = did("Push Notification Tapped", within=within), did("Application Opened", within=within)
    interest = {ANY: tapped, "required": all_of(tapped, active), "enough": any_of(tapped, active)}[app]
    return _shot(interest, within=within, channel=channel, **more)


def _on(channel: str) -> Parameter:
    about = Words(
        "The channel you write on: they must have said yes to it.",
        "Le canal sur lequel vous écrivez : il faut y avoir dit oui.",
    )
    return replace(CHANNEL, about=about, default=channel)


TEMPLATES = (
    SegmentTemplate(
        "espresso-email", "espresso", Words("Email espresso shot", "Espresso e-mail"),
        Words("Opened an email or clicked in it a moment ago, has not ordered since, and may be written to.",
              "A ouvert un e-mail ou y a cliqué à l'instant, n'a pas commandé depuis, et peut être contacté."),
        (_on("email"), *_SHARED), _email,
    ),
    SegmentTemplate(
        "espresso-sms", "espresso", Words("SMS espresso shot", "Espresso SMS"),
        Words("Clicked in a text message a moment ago, has not ordered since, and may be written to.",
              "A cliqué dans un SMS à l'instant, n'a pas commandé depuis, et peut être contacté."),
        (_on("sms"), *_SHARED), _sms,
    ),
    SegmentTemplate(
        "espresso-push", "espresso", Words("Push espresso shot", "Espresso push"),
        Words("Tapped a push notification a moment ago, has not ordered since, and may be written to.",
              "A touché une notification push à l'instant, n'a pas commandé depuis, et peut être contacté."),
        (_on("push"), *_SHARED, _APP), _push,
    ),
)  # fmt: skip
