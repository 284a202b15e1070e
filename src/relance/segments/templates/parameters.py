"""Parameters that many templates share, and the conditions they stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from relance.clock import parse_duration
from relance.conditions import all_of, any_of, can_receive, did
from relance.conditions.dsl.values import refuse
from relance.segments.templates.model import ANY, Parameter, Words

if TYPE_CHECKING:
    from relance.conditions import Condition
    from relance.conditions.model import Channel

CHANNELS = ("email", "sms", "push")
# What people do with a message, and that it arrived, on each channel.
ENGAGED: dict[str, tuple[str, ...]] = {
    "email": ("Email Opened", "Email Link Clicked"),
    "sms": ("SMS Link Clicked", "SMS Replied"),
    "push": ("Push Notification Tapped",),
}
DELIVERED = {"email": "Email Delivered", "sms": "SMS Delivered", "push": "Push Notification Received"}

ORDER = Parameter(
    "order", "event", Words("The event that is an order.", "L'événement qui est une commande."), "Order Completed"
)
TOTAL = Parameter(
    "total",
    "path",
    Words("The property of the order with its amount.", "La propriété de la commande qui porte son montant."),
    "total",
)
VIEW = Parameter(
    "view",
    "event",
    Words("The event that is a look at a product.", "L'événement qui est la vue d'un produit."),
    "Product Viewed",
)
CART = Parameter(
    "cart",
    "event",
    Words("The event that puts a product into the cart.", "L'événement qui met un produit au panier."),
    "Product Added",
)
CATEGORY = Parameter("category", "text", Words("Which category.", "Quelle catégorie."), example="Shoes")
CATEGORY_PATH = Parameter(
    "category_path", "path", Words("The property with the category.", "La propriété qui porte la catégorie."), "category"
)
REACH = Parameter(
    "reach", "choice",
    Words("Only those who said yes to this channel and can be written to on it; `any` asks nothing.",
          "Seulement ceux qui ont dit oui à ce canal et y sont joignables ; `any` ne demande rien."),
    ANY, options=(ANY, *CHANNELS),
)  # fmt: skip
CHANNEL = Parameter("channel", "choice", Words("Which channel.", "Quel canal."), "email", options=CHANNELS)


def window(default: str, en: str, fr: str, *, name: str = "within", least: str = "1h", most: str = "1825d") -> Parameter:
    """A length of time up to now."""
    return Parameter(name, "length", Words(en, fr), default, least, most)


def count(name: str, default: int, en: str, fr: str, *, least: int = 1, most: int = 1_000) -> Parameter:
    """A number of times."""
    return Parameter(name, "whole", Words(en, fr), default, least, most)


def amount(name: str, default: float, en: str, fr: str) -> Parameter:
    """An amount of money, in the unit that the events use."""
    return Parameter(name, "number", Words(en, fr), default, 0, 1_000_000_000)


def reach_on(channel: str) -> Parameter:
    """REACH with another default."""
    return replace(REACH, default=channel)


def subscribed_on(channel: str) -> Condition:
    """Said yes to the channel and can be written to on it."""
    return can_receive(cast("Channel", channel), because="subscribed")


def reachable(reach: str, *parts: Condition) -> Condition:
    """All of these, and reachable on a channel unless it is `any`."""
    asked = parts if reach == ANY else (subscribed_on(reach), *parts)
    return asked[0] if len(asked) == 1 else all_of(*asked)


def engaged(channel: str, within: str) -> Condition:
    """Did something with a message of the channel."""
    events = [did(event, within=within) for event in ENGAGED[channel]]
    return events[0] if len(events) == 1 else any_of(*events)


def require_longer(longer: str, shorter: str, says: str) -> None:
    """Refuse two lengths of time of which the first must be longer.

    Raises:
        InvalidCondition: it is not.
    """
    if (parse_duration(longer) or 0) <= (parse_duration(shorter) or 0):
        refuse(f"{says}: {longer} is not longer than {shorter}")
