"""What people are worth, and how they buy: VIP, big spenders, discount hunters, refunds."""

from __future__ import annotations

from relance.conditions import Condition, did, did_not, prop
from relance.conditions.dsl.values import refuse
from relance.localtime import UTC_ZONE, parse_instant_or_date
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import ORDER, REACH, TOTAL, amount, count, reachable, window

_YEAR = window("365d", "In which time.", "Dans quel délai.", least="1d")
_SPENT = ("Spent in all at least this much.", "Ont dépensé en tout au moins cette somme.")
_COUPON = Parameter(
    "coupon",
    "path",
    Words("The property of the order with its coupon.", "La propriété de la commande qui porte son bon."),
    "coupon",
)


def _vip(*, spent: float, at_least: int, within: str, order: str, total: str, reach: str) -> Condition:
    return reachable(reach, did(order, at_least=at_least, within=within).sum(total) >= spent)


def _almost_vip(*, spent: float, share: float, within: str, order: str, total: str, reach: str) -> Condition:
    near = did(order, within=within).sum(total).meets(gte=round(spent * share / 100, 2), lt=spent)
    return reachable(reach, near)


def _big_spenders(*, spent: float, within: str, order: str, total: str, reach: str) -> Condition:
    return reachable(reach, did(order, within=within).sum(total) >= spent)


def _large_orders(*, average: float, at_least: int, within: str, order: str, total: str, reach: str) -> Condition:
    return reachable(reach, did(order, at_least=at_least, within=within).avg(total) >= average)


def _discount_hunters(*, at_least: int, within: str, only: bool, order: str, coupon: str, reach: str) -> Condition:
    parts: list[Condition] = [did(order, where=prop(coupon).is_set(), at_least=at_least, within=within)]
    if only:
        parts.append(did_not(order, where=prop(coupon).is_not_set(), within=within))
    return reachable(reach, *parts)


def _full_price(*, at_least: int, within: str, order: str, coupon: str, reach: str) -> Condition:
    paid = did(order, where=prop(coupon).is_not_set(), at_least=at_least, within=within)
    return reachable(reach, paid, did_not(order, where=prop(coupon).is_set(), within=within))


def _refunded(*, refund: str, within: str, at_least: int) -> Condition:
    return did(refund, at_least=at_least, within=within)


def _season(*, begins: str, ends: str, quiet: str, order: str, reach: str) -> Condition:
    if (parse_instant_or_date(ends, UTC_ZONE) or 0) <= (parse_instant_or_date(begins, UTC_ZONE) or 0):
        refuse(f"`ends` is later than `begins`: {ends} is not after {begins}")
    return reachable(reach, did(order, between=(begins, ends)), did_not(order, within=quiet))


TEMPLATES = (
    SegmentTemplate(
        "vip", "value", Words("VIP", "VIP"),
        Words("Order often and spend much.", "Commandent souvent et dépensent beaucoup."),
        (amount("spent", 500, *_SPENT), count("at_least", 3, "How many orders at least.", "Combien de commandes au moins."),
         _YEAR, ORDER, TOTAL, REACH), _vip,
    ),
    SegmentTemplate(
        "almost-vip", "value", Words("Almost VIP", "Presque VIP"),
        Words("Have spent nearly enough to be VIP.", "Ont dépensé presque assez pour être VIP."),
        (amount("spent", 500, "What makes a VIP.", "Ce qui fait un VIP."),
         Parameter("share", "number", Words("From this share of it on, in percent.", "À partir de cette part, en pour cent."), 70, 1, 99),
         _YEAR, ORDER, TOTAL, REACH), _almost_vip,
    ),
    SegmentTemplate(
        "big-spenders", "value", Words("Big spenders", "Gros dépensiers"),
        Words("Spent much in all, in however many orders.", "Ont dépensé beaucoup en tout, quel que soit le nombre de commandes."),
        (amount("spent", 300, *_SPENT), _YEAR, ORDER, TOTAL, REACH), _big_spenders,
    ),
    SegmentTemplate(
        "large-orders", "value", Words("Large orders", "Gros paniers moyens"),
        Words("Their orders are large on average.", "Leurs commandes sont grosses en moyenne."),
        (amount("average", 150, "The average order at least.", "La commande moyenne au moins."),
         count("at_least", 2, "Over how many orders at least.", "Sur combien de commandes au moins."), _YEAR, ORDER, TOTAL, REACH), _large_orders,
    ),
    SegmentTemplate(
        "discount-hunters", "value", Words("Discount hunters", "Chasseurs de promotions"),
        Words("Order with coupons.", "Commandent avec des bons."),
        (count("at_least", 2, "How many orders with a coupon at least.", "Combien de commandes avec un bon au moins."), _YEAR,
         Parameter("only", "truth", Words("Only those who never order without one.", "Seulement ceux qui ne commandent jamais sans."), default=False),
         ORDER, _COUPON, REACH), _discount_hunters,
    ),
    SegmentTemplate(
        "full-price-buyers", "value", Words("Full-price buyers", "Acheteurs au prix fort"),
        Words("Order without coupons.", "Commandent sans bons."),
        (count("at_least", 2, "How many orders at least.", "Combien de commandes au moins."), _YEAR, ORDER, _COUPON, REACH), _full_price,
    ),
    SegmentTemplate(
        "refunded", "value", Words("Refunds", "Remboursements"),
        Words("Got money back lately: ask before you sell again.", "Remboursés récemment : demandez avant de revendre."),
        (Parameter("refund", "event", Words("The event that is a refund.", "L'événement qui est un remboursement."), "Order Refunded"),
         window("30d", "How long ago at most.", "Il y a combien de temps au plus."),
         count("at_least", 1, "How many refunds at least.", "Combien de remboursements au moins.")), _refunded,
    ),
    SegmentTemplate(
        "seasonal-buyers", "value", Words("Seasonal buyers", "Acheteurs saisonniers"),
        Words("Ordered in a season that is past, and not lately.", "Ont commandé dans une saison passée, et pas récemment."),
        (Parameter("begins", "day", Words("The first day of the season.", "Le premier jour de la saison."), example="2025-11-20"),
         Parameter("ends", "day", Words("The day after its last.", "Le lendemain de son dernier jour."), example="2026-01-01"),
         window("60d", "For how long there has been no order.", "Depuis combien de temps il n'y a pas de commande.", name="quiet", least="1d"),
         ORDER, REACH), _season,
    ),
)  # fmt: skip
