"""Why a condition holds for one person, or why not: each part with its truth and the figures it saw."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MICROSECOND, MINUTE, WEEK, format_instant
from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.clauses import BARE_OPS, look_up
from relance.conditions.evaluate import (
    View,
    bounds,
    bucket_of,
    by_time,
    holds,
    last_score,
    message_instants,
    passages,
    properties_of,
)
from relance.conditions.figures import MILLION, figure_of
from relance.conditions.moves import next_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relance.conditions.clauses import Clause

MAX_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """One condition, asked of one person."""

    condition: str  # in words
    holds: bool
    seen: dict[str, Any]  # the figures it saw
    parts: tuple[Explanation, ...] = ()

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"condition": self.condition, "holds": self.holds}
        if self.seen:
            shown["seen"] = self.seen
        if self.parts:
            shown["parts"] = [part.as_json() for part in self.parts]
        return shown

    def lines(self, indent: str = "") -> list[str]:
        """The tree as text, one line a condition."""
        seen = "; ".join(f"{name.replace('_', ' ')}: {_show(value)}" for name, value in self.seen.items())
        own = f"{indent}{'yes' if self.holds else 'no ':<3} {self.condition}{f'  ({seen})' if seen else ''}"
        return [own, *(line for part in self.parts for line in part.lines(indent + "    "))]


def explain(condition: model.Condition, view: View) -> Explanation:
    """Why a condition holds at a moment, or why not."""
    truth = holds(condition, view)
    if isinstance(condition, model.InSegment):
        inner = explain(view.segments[condition.segment], view)
        return Explanation(f"in segment {condition.segment}", truth, {}, (inner,))
    parts = tuple(explain(part, view) for part in model.children(condition))
    seen = _SEEN[type(condition)](condition, view) if type(condition) in _SEEN else {}
    return Explanation(describe(condition), truth, seen, parts)


def explain_with_change(condition: model.Condition, view: View) -> tuple[Explanation, int | None]:
    """The explanation, and when the passing of time alone changes the answer next."""
    return explain(condition, view), next_change(condition, view)


def describe(condition: model.Condition) -> str:
    """One condition in words, without those inside it."""
    if isinstance(condition, model.All):
        return "all of" if condition.of else "everyone"
    if isinstance(condition, model.AnyOf):
        return "any of" if condition.of else "nobody"
    if isinstance(condition, model.Not):
        return "not"
    if isinstance(condition, model.Trait):
        return _clause(condition.clause)
    if isinstance(condition, model.Did):
        return _did(condition)
    if isinstance(condition, model.Sequence):
        steps = (
            f"{s.event}{_where(s.where)}{f' less than {show_length(s.within)} later' if s.within is not None else ''}"
            for s in condition.steps
        )
        return f"did {', then '.join(steps)}{_window(condition.window)}"
    if isinstance(condition, model.CanReceive):
        return f"can receive {condition.channel}{' because subscribed' if condition.because_subscribed else ''}"
    if isinstance(condition, model.Subscribed):
        return f"subscribed to {condition.group or 'any group' if condition.channel is None and condition.group else condition.channel or 'any channel'}"
    if isinstance(condition, model.Near):
        return f"{'.'.join(condition.path)} within {condition.km:g} km of {condition.lat:g}, {condition.lon:g}"
    if isinstance(condition, model.Bucket):
        return f"in buckets {condition.start} to {condition.end} of {condition.salt}"
    if isinstance(condition, model.InSegment):
        return f"in segment {condition.segment}"
    return _own(condition)


def show_length(length: int) -> str:
    """A length of time as definitions write it."""
    for unit, name in ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if length and length % unit == 0:
            return f"{length // unit}{name}"
    return f"{length / (1_000_000 * MICROSECOND):g}s"


def _show(value: Any) -> str:
    return ", ".join(map(_show, value)) if isinstance(value, list) else "nothing" if value is None else str(value)


def _limits(limits: Iterable[model.Limit]) -> str:
    signs = {"eq": "=", "ne": "≠", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}
    return " and ".join(f"{signs[limit.op]} {limit.value}" for limit in limits)


def _window(window: model.Window) -> str:
    parts = [f" in the last {show_length(window.within)}"] if window.within is not None else []
    for word, edge in (("since", window.since), ("before", window.before)):
        if edge is not None:
            parts.append(f" {word} {format_instant(edge) if isinstance(edge, int) else edge.isoformat()}")
    return "".join(parts)


def _clause(clause: Clause) -> str:
    value = "" if clause.op in BARE_OPS else f" {list(clause.value) if isinstance(clause.value, tuple) else clause.value!r}"
    return f"{'.'.join(clause.path)} {clause.op.replace('_', ' ')}{value}"


def _where(where: Iterable[Clause]) -> str:
    clauses = " and ".join(_clause(clause) for clause in where if clause is not BY_PEOPLE)
    return f" where {clauses}" if clauses else ""


def _own(condition: model.InList | model.Predicted | model.Message | model.Journey) -> str:
    if isinstance(condition, model.InList):
        return f"on list {condition.list_id}"
    if isinstance(condition, model.Predicted):
        wanted = (
            f"category {' or '.join(condition.categories)}" if condition.categories else f"score {_limits(condition.score)}"
        )
        return f"predicted {condition.prediction}: {wanted}"
    step = f" step {condition.step}" if condition.step is not None else ""
    if isinstance(condition, model.Message):
        return f"message of {condition.source}{step}: {' or '.join(condition.statuses)}{_window(condition.window)}"
    words = {"active": "now", "finished": "finished", "exited": "exited", "ever": "ever", "never": "never"}
    return f"{words[condition.state]} in journey {condition.journey}{step}"


def _did(condition: model.Did) -> str:
    parts = [f"{_limits(condition.times)} times"] if condition.times else []
    if condition.aggregate is not None:
        figure = condition.aggregate
        parts.append(f"{figure.function.replace('_', ' ')} of {'.'.join(figure.path)} {_limits(figure.limits)}")
    return f"did {condition.event}{_where(condition.where)}{_window(condition.window)}: {', '.join(parts)}"


def _seen_by_trait(condition: model.Trait, view: View) -> dict[str, Any]:
    values = look_up(view.traits(), condition.clause.path)
    return {"value": values[0] if len(values) == 1 else values or None}


def _seen_by_did(condition: model.Did, view: View) -> dict[str, Any]:
    found = view.occurrences(condition.event, condition.where, condition.window)
    begin, _ = bounds(condition.window, view.at, view.zone())
    seen: dict[str, Any] = {"times": len(found)}
    if condition.aggregate is not None:
        figure = figure_of(
            condition.aggregate, [v for row in found for v in look_up(properties_of(row), condition.aggregate.path)]
        )
        seen["figure"] = figure / MILLION if condition.aggregate.function == "sum" else figure
    if found:
        seen["last_at"] = format_instant(found[-1].at)
    elif earlier := [row.at for row in view.occurrences(condition.event, condition.where, model.ALL_TIME) if row.at < begin]:
        seen["last_before_at"] = format_instant(max(earlier))
    return seen


def _seen_by_sequence(condition: model.Sequence, view: View) -> dict[str, Any]:
    return {step.event: len(view.occurrences(step.event, step.where, condition.window)) for step in condition.steps}


def _seen_by_can_receive(condition: model.CanReceive, view: View) -> dict[str, Any]:
    address, valid = view.address(condition.channel)
    return {
        "address": address or None,
        "valid": valid,
        "suppressed": bool(address) and view.suppressed(condition.channel, address or ""),
        "consent": view.consent(condition.channel, ""),
        "consent_needed": "subscribed" if condition.because_subscribed else view.settings.mode(condition.channel),
    }


def _seen_by_subscribed(condition: model.Subscribed, view: View) -> dict[str, Any]:
    channels = [condition.channel] if condition.channel else model.CHANNELS
    return {channel: state for channel in channels if (state := view.consent(channel, condition.group)) is not None}


def _seen_by_in_list(condition: model.InList, view: View) -> dict[str, Any]:
    changes = [row for row in view.known(view.person.lists) if row.list_id == condition.list_id]
    if not changes:
        return {}
    last = max(changes, key=by_time)
    return {"added_at" if last.member else "removed_at": format_instant(last.at)}


def _seen_by_predicted(condition: model.Predicted, view: View) -> dict[str, Any]:
    last = last_score(condition.prediction, view)
    return {} if last is None else {"score": last.score, "category": last.category, "scored_at": format_instant(last.at)}


def _seen_by_message(condition: model.Message, view: View) -> dict[str, Any]:
    found = sorted(message_instants(condition, view))
    return {"times": len(found), **({"last_at": format_instant(found[-1])} if found else {})}


def _seen_by_journey(condition: model.Journey, view: View) -> dict[str, Any]:
    found = passages(condition, view)
    steps = [row.step for moves in found for row in moves if row.step]
    left = [row.previous for moves in found for row in moves if row.previous]
    standing = Counter(steps) - Counter(left)
    ended = sorted({row.state for moves in found for row in moves if row.state != "active"})
    return {"passages": len(found), **({"at_step": list(standing)} if standing else {}), **({"ended": ended} if ended else {})}


def _seen_by_bucket(condition: model.Bucket, view: View) -> dict[str, Any]:
    state = view.state()
    return {"bucket": bucket_of(condition.salt, state.user_id)} if state else {}


_SEEN: dict[type, Callable[[Any, View], dict[str, Any]]] = {
    model.Trait: _seen_by_trait,
    model.Did: _seen_by_did,
    model.Sequence: _seen_by_sequence,
    model.CanReceive: _seen_by_can_receive,
    model.Subscribed: _seen_by_subscribed,
    model.InList: _seen_by_in_list,
    model.Predicted: _seen_by_predicted,
    model.Message: _seen_by_message,
    model.Journey: _seen_by_journey,
    model.Bucket: _seen_by_bucket,
    model.Near: lambda condition, view: {"value": look_up(view.traits(), condition.path)[:MAX_SHOWN] or None},
}
