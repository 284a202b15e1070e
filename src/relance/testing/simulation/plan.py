"""What a seed means: a small world, its events, and the faults that befall it. Nothing here runs anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal

from relance.clock import HOUR, MINUTE, SECOND, format_instant, parse_instant
from relance.testing.simulation.definitions import change_definitions, write_definitions

START = parse_instant("2026-03-25T08:00:00Z") or 0
SPAN = 2 * HOUR  # in which events are sent and faults happen
REST = 4 * HOUR  # until everything has come to an end: longer than the lifetime of every journey
USERS = ("ana", "bo", "cy", "dee")
DEVICES = ("device-1", "device-2", "device-3")

FaultKind = Literal["crash", "refusal", "jump", "twin", "trouble", "worker"]
Target = Literal["log", "store", "warehouse", "claim", "record", "relay"]
Side = Literal["before", "after"]
TROUBLES = ("down", "down", "slow", "slow", "mute", "lost", "hangs", "rejects", "dead")


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One request of one item."""

    n: int
    at: int  # when it is sent
    item: dict[str, Any]
    again_at: tuple[int, ...] = ()  # when it is sent once more, acknowledged or not


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    crash: the process ends at a commit (`target`, the `nth` since the world began), before or after it (`side`).
    refusal: a commit of the store or of the log is refused and nothing is changed.
    jump: the process's clock is set by `by` microseconds at `at`. twin: a second process is started at `at`.
    trouble: from `at` to `until` the provider of a channel (`name`) is in trouble of a kind (`detail`).
    worker: the drain of a second process ends at `at`, whatever it is doing, and starts again.
    """

    kind: FaultKind
    target: Target | None = None
    nth: int = 0
    side: Side = "before"
    at: int = 0
    until: int = 0
    by: int = 0
    name: str = ""
    detail: str = ""

    def __str__(self) -> str:
        if self.kind in {"crash", "refusal"}:
            return f"{self.kind} {self.side} {self.target} commit {self.nth}"
        what = {
            "jump": f"by {self.by / SECOND:.0f} s",
            "trouble": f"{self.name} {self.detail} until {format_instant(self.until)}",
        }
        return f"{format_instant(self.at)} {self.kind} {what.get(self.kind, '')}".rstrip()


@dataclass(frozen=True, slots=True)
class Plan:
    """A world and its fate."""

    seed: int
    definitions: str
    events: tuple[PlannedEvent, ...]
    faults: tuple[Fault, ...]
    calm: bool  # everybody works at once and in turn, and no fault may change the outcome: it is compared with none at all
    slow: bool  # time passes while there is work
    workers: int  # processes that drain
    reactions: float  # how many messages are opened
    changed: str | None = None  # definitions that are published later
    changed_at: int = 0

    def without_faults(self) -> Plan:
        """The same world in peace: each request comes once."""
        return replace(self, faults=(), events=tuple(replace(e, again_at=()) for e in self.events))


def make_plan(seed: int) -> Plan:
    """The plan of a seed. Pure."""
    r = Random(f"simulation {seed}")  # noqa: S311 - a world is no secret
    calm = r.random() < 0.35
    workers = 1 if calm or r.random() < 0.6 else 2
    definitions = write_definitions(r, transactional=calm)
    events = _make_events(r, r.randrange(8, 26))
    faults = _make_crashes(r, r.choice((0, 1, 1, 2, 3, 5)) if not calm else r.randrange(1, 5))
    if not calm:
        faults += _make_others(r, workers)
    changed = changed_at = None
    if r.random() < 0.25:
        changed, changed_at = change_definitions(definitions), START + r.randrange(SPAN // MINUTE) * MINUTE
    return Plan(
        seed, definitions, tuple(events), tuple(faults), calm, not calm and r.random() < 0.6, workers,
        r.choice((0.0, 0.4, 0.8)), changed, changed_at or 0,
    )  # fmt: skip


def _make_crashes(r: Random, n: int) -> list[Fault]:
    most = {"log": 20, "store": 80, "warehouse": 60, "claim": 25, "record": 12, "relay": 25}
    targets: tuple[Target, ...] = ("log", "store", "warehouse", "warehouse", "claim", "record", "relay")

    def crash(target: Target) -> Fault:
        return Fault("crash", target, 1 + int(most[target] * r.random() ** 2), r.choice(("before", "after")))

    return [crash(r.choice(targets)) for _ in range(n)]


def _make_others(r: Random, workers: int) -> list[Fault]:
    def at() -> int:
        return START + r.randrange(SPAN // SECOND) * SECOND

    def refusal() -> Fault:
        return Fault("refusal", r.choice(("store", "log", "claim", "record")), r.randrange(1, 40))

    def jump() -> Fault:
        return Fault("jump", at=at(), by=r.choice((-HOUR, -90 * SECOND, -1, 1, 2 * MINUTE, HOUR)))

    def trouble() -> Fault:
        begin = at()
        end = begin + r.choice((SECOND, 5 * MINUTE, 40 * MINUTE, HOUR))
        kind, channel = r.choice(TROUBLES), r.choice(("email", "email", "sms", "push"))
        return Fault("trouble", at=begin, until=end, name=channel, detail=kind)

    return [
        *(refusal() for _ in range(r.choice((0, 0, 1, 2)))),
        *(jump() for _ in range(r.choice((0, 0, 0, 1, 2)))),
        *(Fault("twin", at=at()) for _ in range(r.choice((0, 0, 1)))),
        *(trouble() for _ in range(r.choice((0, 1, 2, 2, 3)))),
        *(Fault("worker", at=at()) for _ in range(r.choice((0, 1, 2)) if workers > 1 else 0)),
    ]


def _make_events(r: Random, n: int) -> list[PlannedEvent]:
    found = [PlannedEvent(i, START + i * SECOND, _known(user, i)) for i, user in enumerate(USERS[: r.randrange(2, 5)])]
    users = [e.item["userId"] for e in found]
    for i in range(len(found), len(found) + n):
        at = START + MINUTE + r.randrange(SPAN // MINUTE) * MINUTE + r.choice((0, 0, 0, 1, 500_000))
        happened = at - r.choice((0, 0, 0, 0, 1, 30 * SECOND, 10 * MINUTE, HOUR))
        item = {"messageId": f"e{i}", "timestamp": format_instant(happened), **_make_item(r, users, i)}
        again = tuple(at + r.choice((0, 1, 5 * SECOND, 10 * MINUTE)) for _ in range(r.choice((0, 0, 0, 1, 2))))
        found.append(PlannedEvent(i, at, item, again))
    return found


def _known(user: str, n: int) -> dict[str, Any]:
    traits = {"email": f"{user}@example.com", "phone": f"+3361234567{n}", "first_name": user.title()}
    device = {"device": {"token": f"token-{user}"}}
    return {
        "messageId": f"e{n}",
        "type": "identify",
        "userId": user,
        "traits": traits,
        "context": device,
        "timestamp": format_instant(START),
    }


def _make_item(r: Random, users: list[str], n: int) -> dict[str, Any]:
    device = r.random() < 0.25
    who = {"anonymousId": r.choice(DEVICES)} if device else {"userId": r.choice(users)}
    kind = r.choices(("Cart", "Order", "Left", "identify", "alias", "consent", "email", "bounce"), (10, 3, 1, 3, 1, 2, 3, 1))[0]
    properties: dict[str, Any] = {"n": n}
    if kind == "identify":
        joined = {} if device or r.random() < 0.3 else {"anonymousId": r.choice(DEVICES)}
        return {**who, **joined, "type": "identify", "traits": {"plan": r.choice(("pro", "free"))}}
    if kind == "alias" and not device:
        return {**who, "type": "alias", "previousId": r.choice((*users, *DEVICES))}
    if kind == "consent":
        state = r.choice(("subscribed", "unsubscribed", "unsubscribed"))
        return {
            **who,
            "type": "track",
            "event": "Subscription Changed",
            "properties": {"channel": "email", "state": state, "n": n},
        }
    if kind == "email":
        return {**who, "type": "track", "event": "Unsubscribed", "properties": properties}
    if kind == "bounce":
        bounce = {**properties, "bounce_type": r.choice(("soft", "hard"))}
        return {**who, "type": "track", "event": "Email Bounced", "properties": bounce}
    if r.random() < 0.7:
        properties["key"] = r.choice(("k1", "k2"))
    name = kind if kind in {"Cart", "Order", "Left"} else "Cart"
    return {**who, "type": "track", "event": name, "properties": properties}
