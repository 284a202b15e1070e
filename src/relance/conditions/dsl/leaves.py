"""Conditions in Python: they read like the sentence, and are the same trees as those of a definition.

>>> interested = did("Email Opened", within="72h") | did("Email Link Clicked", within="72h")
>>> espresso = can_receive("email", because="subscribed") & interested & did_not("Order Completed", within="72h")

Every mistake raises `InvalidCondition` where it is made, with a sentence that says how to mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from relance.conditions.answers import STATUSES
from relance.conditions.dsl.figures import Did, Prediction
from relance.conditions.dsl.paths import PropertyPath, TraitPath, as_where
from relance.conditions.dsl.tree import Condition, all_of, any_of, leaf
from relance.conditions.dsl.values import (
    Instant,
    Length,
    Named,
    as_choice,
    as_choices,
    as_id,
    as_instant,
    as_length,
    as_number_between,
    as_path,
    as_step,
    as_text,
    as_whole,
    refuse,
    show,
)
from relance.conditions.model import CHANNELS, JOURNEY_STATES, NUMBER_OF_BUCKETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.conditions.dsl.paths import Filter
    from relance.conditions.model import Channel, JourneyState

    Where = Filter | Iterable[Filter] | Mapping[str, Any] | None
    Between = tuple[Instant, Instant] | list[Instant] | None

everyone: Condition = all_of()
nobody: Condition = any_of()


def trait(path: str, *, ignore_case: bool = False) -> TraitPath:
    """A trait of the profile, to be compared: `trait("address.city").in_(["Atlanta", "Seattle"])`.

    Args:
        path: a dotted path; lists match on any element.
        ignore_case: compare texts without regard to case.
    """
    return TraitPath(path, ignore_case=ignore_case)


def prop(path: str, *, ignore_case: bool = False) -> PropertyPath:
    """A property of an event, for `where`: `did("Order Completed", where=prop("total") > 100)`.

    Args:
        path: a dotted path; lists match on any element.
        ignore_case: compare texts without regard to case.
    """
    return PropertyPath(path, ignore_case=ignore_case)


def did(
    event: str,
    *,
    where: Where = None,
    at_least: int | None = None,
    at_most: int | None = None,
    exactly: int | None = None,
    within: Length | None = None,
    between: Between = None,
    since: Instant | None = None,
    before: Instant | None = None,
) -> Did:
    """An event happened, once or more if nothing else is said.

    Other limits: `did(...).times < 3`. Figures over what happened: `did(...).sum("total") >= 250`, and `avg`, `min`, `max`,
    `count_distinct`, `first`, `last`.

    Args:
        event: its name.
        where: which of these events: comparisons of `prop()` that must all hold, or a dict of what properties equal.
        at_least: how often at least.
        at_most: how often at most; 0 times is fewer.
        exactly: how often exactly.
        within: only in this time before now: 72h, or a `timedelta`.
        between: only in [from, to): the end is not included.
        since: only at this instant or later.
        before: only before this instant.
    """
    given = {"eq": exactly, "gte": at_least, "lte": at_most}
    times = {op: as_whole(value, "a number of times") for op, value in given.items() if value is not None}
    source = {"type": "did", "event": _event(event), **_where(where), **({"times": times} if times else {})}
    made: Did = leaf({**source, **_window(within, between, since, before)}, Did)
    return made


def did_not(
    event: str,
    *,
    where: Where = None,
    within: Length | None = None,
    between: Between = None,
    since: Instant | None = None,
    before: Instant | None = None,
) -> Did:
    """An event did not happen: `did(..., exactly=0)`. Arguments as there."""
    return did(event, where=where, exactly=0, within=within, between=between, since=since, before=before)


class Then:
    """One event of a sequence."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.source = source

    def __repr__(self) -> str:
        from relance.conditions.dsl.text import step_as_python

        return step_as_python(self.source)


def then(event: str, *, where: Where = None, within: Length | None = None) -> Then:
    """The next event of a sequence, later than the one before it; `within`: less than this after it."""
    limit = {} if within is None else {"within": as_length(within, "within", none=False)}
    return Then({"event": _event(event), **_where(where), **limit})


def sequence(
    *steps: str | Did | Then,
    within: Length | None = None,
    between: Between = None,
    since: Instant | None = None,
    before: Instant | None = None,
) -> Condition:
    """One event after the other: `sequence("Product Viewed", then("Product Added", within="1d"), within="30d")`.

    Args:
        steps: the events in order: a name, `did(name, where=...)`, or `then(name, where=..., within=...)`.
        within: all of them in this time before now.
        between: all of them in [from, to).
        since: all of them at this instant or later.
        before: all of them before this instant.
    """
    if not steps:
        refuse("a sequence needs at least one event")
    made: Condition = leaf(
        {"type": "sequence", "steps": [_step(step) for step in steps], **_window(within, between, since, before)}
    )
    return made


def can_receive(channel: Channel, *, because: Literal["subscribed"] | None = None) -> Condition:
    """There is a usable address, no suppression, and consent as the workspace asks for it.

    Args:
        channel: email, sms, push, in_app or webhook.
        because: "subscribed" means only those who said yes, whatever the workspace asks for.
    """
    source = {"type": "can_receive", "channel": as_choice(channel, "a channel", CHANNELS)}
    if because is not None:
        source["because"] = as_choice(because, "`because`", ("subscribed",))
    made: Condition = leaf(source)
    return made


def subscribed(group: str | None = None, *, channel: Channel | None = None) -> Condition:
    """Said yes to a subscription group, to a channel, or to a group on a channel."""
    if group is None and channel is None:
        refuse('name a group, a channel or both: subscribed("newsletter"), subscribed(channel="sms")')
    source = {"type": "subscribed"}
    if group is not None:
        source["group"] = as_text(group, "a group", most=500)
    if channel is not None:
        source["channel"] = as_choice(channel, "a channel", CHANNELS)
    made: Condition = leaf(source)
    return made


def in_segment(segment: str | Named) -> Condition:
    """Is a member of a segment, named by its id or by itself."""
    made: Condition = leaf({"type": "in_segment", "segment": as_id(segment, "segment")})
    return made


def in_list(list_id: str | Named) -> Condition:
    """Is on a list."""
    made: Condition = leaf({"type": "in_list", "list": as_id(list_id, "list")})
    return made


def predicted(prediction: str | Named, *, within: Length | None = None) -> Prediction:
    """A prediction, to be asked: `predicted("buys-30d").score >= 75`, `predicted("buys-30d").category == "high"`.

    Args:
        prediction: its id.
        within: how old the score may be.
    """
    age = None if within is None else as_length(within, "the age of a score")
    return Prediction(as_id(prediction, "prediction"), age)


def message(
    source: str,
    *,
    step: str | None = None,
    status: str | Iterable[str] | None = None,
    within: Length | None = None,
    between: Between = None,
    since: Instant | None = None,
    before: Instant | None = None,
) -> Condition:
    """A journey or campaign sent a message, and this became of it.

    Args:
        source: `journey:ID` or `campaign:ID`.
        step: which step; any when left out.
        status: what became of it, any of these: sent (the default), blocked, expired, failed, delivered, opened, clicked,
            bounced, replied.
        within: only in this time before now.
        between: only in [from, to).
        since: only at this instant or later.
        before: only before this instant.
    """
    kind, _, name = as_text(source, "the source of a message").partition(":")
    if kind not in ("journey", "campaign") or not name:
        refuse(f"the source of a message is journey:ID or campaign:ID, not {show(source)}")
    made: dict[str, Any] = {"type": "message", "source": f"{kind}:{as_id(name, kind)}", **_at_step(step)}
    if status is not None:
        made["status"] = as_choices(status, "a status", STATUSES)
    answer: Condition = leaf({**made, **_window(within, between, since, before)})
    return answer


def journey(journey_id: str | Named, *, state: JourneyState | None = None, step: str | None = None) -> Condition:
    """Is in a journey, was, or never was.

    Args:
        journey_id: which.
        state: active (the default), finished, exited, ever or never.
        step: at that step, or by way of it.
    """
    source: dict[str, Any] = {"type": "journey", "journey": as_id(journey_id, "journey")}
    if state is not None:
        source["state"] = as_choice(state, "a state", JOURNEY_STATES)
    made: Condition = leaf({**source, **_at_step(step)})
    return made


def near(path: str, *, lat: float, lon: float, km: float) -> Condition:
    """A trait with `lat` and `lon` lies within a distance of a place."""
    source = {
        "lat": as_number_between(lat, "lat", -90, 90),
        "lon": as_number_between(lon, "lon", -180, 180),
        "km": as_number_between(km, "km", 0),
    }
    made: Condition = leaf({"type": "near", "path": as_path(path), **source})
    return made


def bucket(salt: str, start: int, end: int) -> Condition:
    """Falls into a share of 10,000 sticky buckets: `start <= bucket < end`. Another salt shuffles anew."""
    low, high = (as_whole(n, what, 0, NUMBER_OF_BUCKETS) for n, what in ((start, "the first bucket"), (end, "the end")))
    if high < low:
        refuse(f"the end of the buckets, {high}, is below their start, {low}")
    made: Condition = leaf({"type": "bucket", "salt": as_text(salt, "a salt", most=500), "from": low, "to": high})
    return made


def _event(event: object) -> str:
    return as_text(event, "the name of an event", most=200)


def _where(where: Where) -> dict[str, Any]:
    clauses = as_where(where)
    return {"where": clauses} if clauses else {}


def _at_step(step: str | None) -> dict[str, Any]:
    return {} if step is None else {"step": as_step(step)}


def _window(within: Length | None, between: Between, since: Instant | None, before: Instant | None) -> dict[str, Any]:
    made: dict[str, Any] = {} if within is None else {"within": as_length(within, "within")}
    if between is not None:
        if within is not None or since is not None or before is not None:
            refuse("between says from when to when: leave within, since and before out, or between")
        if isinstance(between, str) or len(between) != 2:
            refuse(f"between is two instants, from and to, not {show(between)}")
        made["between"] = [as_instant(edge, "an end of between") for edge in between]
    if since is not None:
        made["since"] = as_instant(since, "since")
    if before is not None:
        made["before"] = as_instant(before, "before")
    return made


def _step(step: object) -> dict[str, Any]:
    if isinstance(step, Then):
        return dict(step.source)
    if isinstance(step, Did):
        source = step.to_dict()
        if set(source) - {"type", "event", "where"}:
            refuse("a step of a sequence is an event and its filters: write then(event, where=..., within=...)")
        del source["type"]
        return source
    if not isinstance(step, str):
        refuse(f"{show(step)} is no step of a sequence: write the name of an event, or then(event, where=..., within=...)")
    return {"event": _event(step)}
