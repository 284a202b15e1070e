"""The made shop's world: who visits when, what they do, how they react. The same seed tells the same story."""

from __future__ import annotations

from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MINUTE, SECOND, format_instant
from relance.demo.people import make_person
from relance.demo.reactions import SentMessage, plan_reactions, wait_until_awake
from relance.demo.sessions import BUSY_HOURS, cart_properties, order_properties, plan_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.demo.people import Cart, Person
    from relance.demo.reactions import Reaction

CUSTOMERS = 700  # who were there before the story starts
VISITS_PER_DAY = 250.0
NEWCOMERS = 0.06  # share of visits by somebody who was never seen
SIGNS_UP = 0.36  # chance that a stranger leaves an address during a visit
CART_GIVEN_UP_AFTER = (35 * MINUTE, 75 * MINUTE)
FAILED_PAYMENTS = 0.05
# Before the story starts the shop wrote with another tool: days before the start, channel, subject.
OLD_LETTERS = (
    (9.2, "email", "La table d'avril / The April table"),
    (4.1, "sms", ""),
    (2.2, "email", "La lettre de printemps / The spring letter"),
    (2.1, "push", ""),
    (1.3, "sms", ""),
)


class ShopWorld:
    """A queue of what will happen, drawn from a seed. `step` lets time pass and answers what was told meanwhile."""

    def __init__(
        self,
        seed: int,
        start: int,
        *,
        live_at: int | None = None,
        customers: int | None = None,
        visits_per_day: float | None = None,
    ) -> None:
        """Make the world.

        Args:
            seed: which story.
            start: the instant of the first event.
            live_at: when the shop changes to relance; until then it wrote some letters with another tool.
            customers: how many people the shop brings along; `CUSTOMERS` where nothing is said.
            visits_per_day: how many come, once all customers are known; `VISITS_PER_DAY` where nothing is said.
        """
        self.seed = seed
        self.people: dict[str, Person] = {}
        self._order: list[Person] = []
        self._weights: list[float] = []
        self._heap: list[tuple[int, int, Callable[[int], None]]] = []
        self._told: list[dict[str, Any]] = []
        self._now = start
        self._n_planned = self._n_told = self._n_visits = self._n_orders = 0
        self._arrivals = self._dice("arrivals")
        self._visits_per_day = VISITS_PER_DAY if visits_per_day is None else visits_per_day
        customers = CUSTOMERS if customers is None else customers
        for _ in range(customers):
            person = self._add_person()
            at = start + round(self._arrivals.random() * 2 * HOUR)
            self._plan(at, lambda at, p=person: self._sign_up(at, p, "import"))  # type: ignore[misc]
        self._plan_next_arrival(start + 2 * HOUR if customers else start)
        for days, channel, subject in OLD_LETTERS:
            if live_at is not None and live_at - round(days * DAY) > start + 2 * HOUR:
                at = live_at - round(days * DAY)
                self._plan(at, lambda at, c=channel, s=subject: self._send_old_letter(at, c, s))  # type: ignore[misc]

    def step(self, now: int, sent: Sequence[SentMessage] = ()) -> list[dict[str, Any]]:
        """Let time pass until `now` (inclusive) and answer the events told since the last step, in time order.

        Args:
            now: the instant to come to; never before the last one.
            sent: the messages that left since the last step; their readers will react.
        """
        for message in sent:
            self._read(message)
        while self._heap and self._heap[0][0] <= now:
            at, _, act = heappop(self._heap)
            act(at)
        self._now = max(self._now, now)
        told, self._told = self._told, []
        return told

    # ------------------------------------------------------------------------------------------------ the queue

    def _dice(self, purpose: str) -> Random:
        # Each purpose has dice of its own, so that the length of a step or a late message changes nothing else.
        return Random(f"{self.seed}:{purpose}")  # noqa: S311 - a story is told here, no secret is made

    def _plan(self, at: int, act: Callable[[int], None]) -> None:
        self._n_planned += 1
        heappush(self._heap, (max(at, self._now), self._n_planned, act))

    def _tell(self, at: int, person: Person | None, type_: str, **fields: Any) -> None:
        self._n_told += 1
        event = {"type": type_, "messageId": f"shop-{self.seed}-{self._n_told:08d}", "timestamp": format_instant(at)}
        if person is not None:
            if person.known:
                event["userId"] = person.user_id
            event["anonymousId"] = person.anonymous_id
            fields.setdefault("context", person.context())
        self._told.append(event | fields)

    def _track(self, at: int, person: Person | None, name: str, properties: dict[str, Any], **fields: Any) -> None:
        self._tell(at, person, "track", event=name, properties=properties, **fields)

    # ------------------------------------------------------------------------------------------------ people and visits

    def _add_person(self) -> Person:
        person = make_person(self._dice(f"person:{len(self._order)}"), len(self._order) + 1)
        self.people[person.user_id] = person
        self._order.append(person)
        self._weights.append((self._weights[-1] if self._weights else 0.0) + person.activity)
        return person

    def _sign_up(self, at: int, person: Person, source: str) -> None:
        if person.known:
            return
        person.known = True
        self._tell(at, person, "identify", traits=person.traits() | {"created_at": format_instant(at)})
        for channel in person.consents:
            change = {"channel": channel, "state": "subscribed", "source": source}
            self._track(at, person, "Subscription Changed", change)
        if source != "import":
            self._track(at, person, "Signed Up", {"language": person.language})

    def _plan_next_arrival(self, at: int) -> None:
        # Drawn at the busiest hour's rate; `_arrive` then lets through what the visitor's own hour allows.
        rate = self._visits_per_day / (sum(BUSY_HOURS) / len(BUSY_HOURS))
        self._plan(at + round(self._arrivals.expovariate(rate) * DAY), self._arrive)

    def _arrive(self, at: int) -> None:
        self._plan_next_arrival(at)
        rng = self._arrivals
        if not self._order or rng.random() < NEWCOMERS:
            person = self._add_person()
        else:
            person = rng.choices(self._order, cum_weights=self._weights)[0]
        if rng.random() < BUSY_HOURS[int(person.local_hour(at))]:
            self._visit(at, person)

    def _visit(self, at: int, person: Person, eager: float = 1.0) -> None:
        self._n_visits += 1
        rng = self._dice(f"visit:{self._n_visits}")
        cart_id = f"cart-{self._n_visits:06d}"
        visit = plan_visit(person, at, cart_id, rng, eager=eager)
        for told_at, name, properties in visit.events:
            self._plan(told_at, lambda at, n=name, p=properties: self._track(at, person, n, p))  # type: ignore[misc]
        signs_up = not person.known and (visit.buys or rng.random() < SIGNS_UP)
        if signs_up:
            self._plan(visit.ends_at, lambda at: self._sign_up(at, person, "checkout" if visit.buys else "signup"))
        if visit.cart is None:
            return
        if visit.buys:
            self._plan(visit.ends_at + MINUTE, lambda at, c=visit.cart: self._order_cart(at, person, c))  # type: ignore[misc]
        else:
            wait = rng.randint(*CART_GIVEN_UP_AFTER)
            self._plan(visit.ends_at + wait, lambda at, c=visit.cart: self._give_up(at, person, c, rng))  # type: ignore[misc]

    # ------------------------------------------------------------------------------------------------ carts and orders

    def _give_up(self, at: int, person: Person, cart: Cart, rng: Random) -> None:
        person.cart = cart
        self._track(at, person, "Cart Abandoned", cart_properties(person, cart))
        if rng.random() < person.return_to_cart:
            back_at = wait_until_awake(person, at + round(rng.uniform(2, 44) * HOUR), rng)
            self._plan(back_at, lambda at: self._order_cart(at, person, cart))

    def _order_cart(self, at: int, person: Person, cart: Cart) -> None:
        if cart.paid:
            return
        self._n_orders += 1
        number = f"{self._n_orders:06d}"
        rng = self._dice(f"order:{number}")
        if rng.random() < FAILED_PAYMENTS:
            self._plan(at + 2 * SECOND, lambda at: self._pay(at, person, cart, number, "payment failed"))
            self._plan(at + 3 * MINUTE, lambda at: self._order_cart(at, person, cart))
            return
        cart.paid = True
        if person.cart is cart:
            person.cart = None
        person.orders += 1
        self._track(at, person, "Order Completed", order_properties(person, cart, f"order-{number}"))
        self._plan(at + rng.randint(2, 9) * SECOND, lambda at: self._pay(at, person, cart, number, "thank you"))

    def _pay(self, at: int, person: Person, cart: Cart, number: str, said: str) -> None:
        """The payment provider's own webhook: it knows nobody's userId, only the email of the receipt."""
        properties = {
            "purchaseMessage": said,
            "customer": {"email": person.email},
            "product": cart.lines[0][0].name(person.language),
            "purchase_id": f"p-{number}",
            "purchase_date": format_instant(at),
        }
        self._track(at, None, "Checkout Webhook", properties, anonymousId=f"till-{self._n_orders % 3 + 1}")

    # ------------------------------------------------------------------------------------------------ reactions

    def _send_old_letter(self, at: int, channel: str, subject: str) -> None:
        for person in list(self.people.values()):
            if person.known and channel in person.consents:
                self._read(SentMessage("", person.user_id, "campaign:spring-letter", "message", channel, at, subject))

    def _read(self, message: SentMessage) -> None:
        person = self.people.get(message.user_id)
        if person is None:
            return
        person.messages_seen += 1
        name = f"{message.user_id}:{message.source}:{message.step}:{message.channel}:{message.at}"
        rng = self._dice(f"reaction:{name}")
        for reaction in plan_reactions(person, message, rng):
            self._plan(reaction.at, lambda at, r=reaction: self._react(at, person, r, rng))  # type: ignore[misc]

    def _react(self, at: int, person: Person, reaction: Reaction, rng: Random) -> None:
        self._track(at, person, reaction.event, reaction.properties)
        if reaction.then == "buy" and person.cart is not None:
            cart = person.cart
            wait = rng.randint(3, 45) * MINUTE
            self._plan(at + wait, lambda at: self._order_cart(at, person, cart))
        elif reaction.then == "browse":
            self._plan(at + rng.randint(4, 30) * SECOND, lambda at: self._visit(at, person, eager=1.8))
