"""How the made shop's people react to the messages they really got: the law, and nothing else.

An open is mostly quick, a third waits for another part of the day; nobody reads at night. Who clicks a reminder of a full cart
buys in one case of two; who clicks anything else comes back to look around.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from random import Random

    from relance.demo.people import Person

BUYS_AFTER_CLICK = {"email": 0.62, "sms": 0.66, "push": 0.56}
BUYS_AFTER_OPEN = 0.16
BROWSES_AFTER_CLICK = 0.75
UNSUBSCRIBES = 0.006
COMPLAINS = 0.0006
NO_SUCH_MAILBOX = 0.004


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that left, as the mail sink has it."""

    message_id: str
    user_id: str
    source: str  # "journey:ID" or "campaign:ID"
    step: str
    channel: str
    at: int
    subject: str = ""

    @property
    def is_cart_reminder(self) -> bool:
        return "cart" in self.source

    def as_properties(self) -> dict[str, Any]:
        """How a reaction names the message it is about."""
        kind, _, name = self.source.partition(":")
        about = {kind: name, "step": self.step}
        return {"message_id": self.message_id, **about} if self.message_id else about


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something a person does because of a message. `then`: `buy` or `browse` follows it."""

    at: int
    event: str
    properties: dict[str, Any]
    then: str | None = None


def wait_until_awake(person: Person, at: int, rng: Random) -> int:
    """The same instant by day; some time of the next morning by night."""
    hour = person.local_hour(at)
    if 7 <= hour < 23:
        return at
    return at + round(((7 - hour) % 24 + rng.betavariate(1.5, 3) * 3) * HOUR)


def plan_reactions(person: Person, message: SentMessage, rng: Random) -> list[Reaction]:
    """All that one person will do about one message, in time order."""
    about = message.as_properties()
    if message.channel == "email":
        return _react_to_email(person, message, about, rng)
    if message.channel == "sms":
        return _react_to_sms(person, message, about, rng)
    return _react_to_push(person, message, about, rng)


def _delay(rng: Random, median: int, spread: float) -> int:
    return round(rng.lognormvariate(log(median), spread))


def _after_click(person: Person, message: SentMessage, rng: Random) -> str | None:
    if message.is_cart_reminder:
        return "buy" if person.cart and rng.random() < BUYS_AFTER_CLICK[message.channel] else None
    return "browse" if rng.random() < BROWSES_AFTER_CLICK else None


def _react_to_email(person: Person, message: SentMessage, about: dict[str, Any], rng: Random) -> list[Reaction]:
    arrived = message.at + rng.randint(2, 20) * SECOND
    about |= {"email_subject": message.subject}
    if rng.random() < NO_SUCH_MAILBOX:
        return [Reaction(arrived, "Email Bounced", about | {"bounce_type": "hard"})]
    done = [Reaction(arrived, "Email Delivered", about)]
    if person.proxy_opens:
        done.append(Reaction(arrived + rng.randint(1, 30) * SECOND, "Email Opened", about | {"machine": True}))
    # People tire a little of a shop that writes often.
    if rng.random() > person.opens * 0.97 ** min(person.messages_seen, 12):
        return done
    delay = _delay(rng, 35 * MINUTE, 1.1) if rng.random() < 0.68 else round(rng.uniform(6, 40) * HOUR)
    opened_at = wait_until_awake(person, arrived + delay, rng)
    clicks = rng.random() < person.clicks
    late_buyer = message.is_cart_reminder and not clicks and person.cart is not None and rng.random() < BUYS_AFTER_OPEN
    done.append(Reaction(opened_at, "Email Opened", about, "buy" if late_buyer else None))
    if clicks:
        clicked_at = opened_at + rng.randint(6, 150) * SECOND
        done.append(Reaction(clicked_at, "Email Link Clicked", about, _after_click(person, message, rng)))
    fate = rng.random()
    if fate < COMPLAINS:
        done.append(Reaction(opened_at + 20 * SECOND, "Email Marked as Spam", about))
    elif fate < UNSUBSCRIBES:
        done.append(Reaction(opened_at + 45 * SECOND, "Unsubscribed", about))
    return done


def _react_to_sms(person: Person, message: SentMessage, about: dict[str, Any], rng: Random) -> list[Reaction]:
    arrived = message.at + rng.randint(1, 8) * SECOND
    done = [Reaction(arrived, "SMS Delivered", about)]
    if rng.random() < person.clicks_sms:
        clicked_at = wait_until_awake(person, arrived + min(_delay(rng, 12 * MINUTE, 1.2), DAY), rng)
        done.append(Reaction(clicked_at, "SMS Link Clicked", about, _after_click(person, message, rng)))
    elif rng.random() < UNSUBSCRIBES:
        change = {"channel": "sms", "state": "unsubscribed", "source": "STOP"}
        done.append(Reaction(arrived + 3 * MINUTE, "Subscription Changed", change))
    return done


def _react_to_push(person: Person, message: SentMessage, about: dict[str, Any], rng: Random) -> list[Reaction]:
    arrived = message.at + rng.randint(1, 4) * SECOND
    done = [Reaction(arrived, "Push Notification Received", about)]
    if rng.random() < person.taps:
        tapped_at = wait_until_awake(person, arrived + min(_delay(rng, 18 * MINUTE, 1.2), DAY), rng)
        done.append(Reaction(tapped_at, "Push Notification Tapped", about, _after_click(person, message, rng)))
    return done
