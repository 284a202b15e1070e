"""What one visit to the made shop looks like, from the first page to the order or the abandoned cart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import MINUTE, SECOND
from relance.demo.catalogue import BY_COLLECTION, COLLECTIONS, Product
from relance.demo.people import Cart

if TYPE_CHECKING:
    from random import Random

    from relance.demo.people import Person

# How busy each hour of the visitor's own day is.
BUSY_HOURS = (
    0.10, 0.06, 0.04, 0.03, 0.04, 0.10, 0.28, 0.50, 0.62, 0.60, 0.62, 0.66,
    0.78, 0.70, 0.60, 0.58, 0.62, 0.72, 0.84, 0.95, 1.00, 0.92, 0.60, 0.26,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned visit: what is told, when, and how it ends."""

    events: list[tuple[int, str, dict[str, Any]]]  # (at, name, properties)
    cart: Cart | None
    buys: bool
    ends_at: int


def _pick_products(rng: Random, collection: str, n: int) -> list[Product]:
    shelf = BY_COLLECTION[collection]
    return rng.choices(shelf, [p.weight for p in shelf], k=n)


def _cart_of(rng: Random, cart_id: str, chosen: list[Product]) -> Cart:
    lines = [(p, 2 if p.price < 40 and rng.random() < 0.25 else 1) for p in dict.fromkeys(chosen)]
    return Cart(cart_id, lines, sum(p.price * q for p, q in lines))


def cart_properties(person: Person, cart: Cart) -> dict[str, Any]:
    """How an event tells a cart."""
    return {
        "cart_id": cart.id,
        "cart_total": cart.total,
        "currency": person.currency,
        "products": [p.as_properties(person.language, q) for p, q in cart.lines],
    }


def order_properties(person: Person, cart: Cart, order_id: str) -> dict[str, Any]:
    """How an event tells an order."""
    cart_told = cart_properties(person, cart)
    return {"order_id": order_id, "cart_id": cart.id, "total": cart.total, "revenue": cart.total,
            "currency": person.currency, "products": cart_told["products"]}  # fmt: skip


def plan_visit(person: Person, at: int, cart_id: str, rng: Random, *, eager: float = 1.0) -> Visit:
    """Draw one visit of a person; `eager` above one for those whom a message brought."""
    events: list[tuple[int, str, dict[str, Any]]] = []
    if person.device_token and person.known and rng.random() < 0.7:
        events.append((at, "Application Opened", {"from_background": rng.random() < 0.6}))
        at += rng.randint(1, 4) * SECOND
    chosen: list[Product] = []
    wants = rng.random() < min(0.9, person.add_to_cart * eager)
    for _ in range(rng.choices([1, 2, 3], [60, 28, 12])[0]):
        collection = person.favourite if rng.random() < 0.55 else rng.choice(list(COLLECTIONS))
        shown = {"list_id": collection, "collection": collection, "category": collection}
        events.append((at, "Product List Viewed", shown))
        for product in _pick_products(rng, collection, rng.choices([0, 1, 2, 3], [18, 42, 28, 12])[0]):
            at += rng.randint(8, 70) * SECOND
            events.append((at, "Product Viewed", product.as_properties(person.language)))
            if wants and (not chosen or rng.random() < 0.55):
                at += rng.randint(5, 40) * SECOND
                chosen.append(product)
                events.append((at, "Product Added", product.as_properties(person.language) | {"cart_id": cart_id}))
        at += rng.randint(4, 45) * SECOND
    cart = _cart_of(rng, cart_id, chosen) if chosen else None
    buys = cart is not None and rng.random() < min(0.9, person.checkout * (0.7 + 0.3 * eager))
    return Visit(events, cart, buys, at + rng.randint(1, 4) * MINUTE)
