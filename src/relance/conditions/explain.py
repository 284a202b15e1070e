"""Why a condition holds for one person, or why not: each part with its truth and the figures it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MICROSECOND, MINUTE, WEEK, format_instant
from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.clauses import BARE_OPS
from relance.conditions.evaluate import View, holds
from relance.conditions.moves import next_change
from relance.conditions.seen import figures_seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions.clauses import Clause
    from relance.conditions.tell import Teller


@dataclass(frozen=True, slots=True)
class Explanation:
    """One condition, asked of one person."""

    condition: str  # in words
    holds: bool
    seen: dict[str, Any]  # the figures it saw
    source: model.Condition
    parts: tuple[Explanation, ...] = ()

    def as_json(self, tell: Teller | None = None) -> dict[str, Any]:
        """The tree; with somebody who tells, each condition has its `sentence`."""
        shown: dict[str, Any] = {"condition": self.condition, "holds": self.holds}
        if tell is not None:
            shown["sentence"] = self.sentence(tell)
        if self.seen:
            shown["seen"] = self.seen
        if self.parts:
            shown["parts"] = [part.as_json(tell) for part in self.parts]
        return shown

    def sentence(self, tell: Teller) -> str:
        """What was seen, and what would be needed, in one sentence."""
        return tell.sentence(self.source, self.seen, [part.holds for part in self.parts], holds=self.holds)


def explain(condition: model.Condition, view: View) -> Explanation:
    """Why a condition holds at a moment, or why not."""
    truth = holds(condition, view)
    if isinstance(condition, model.InSegment):
        inner = explain(view.segments[condition.segment], view)
        return Explanation(f"in segment {condition.segment}", truth, {}, condition, (inner,))
    if isinstance(condition, model.Frozen):
        if view.at < condition.at:
            return explain(condition.live, view)
        archived_at = format_instant(condition.at)
        return Explanation(f"a member when archived at {archived_at}", truth, {"archived_at": archived_at}, condition)
    parts = tuple(explain(part, view) for part in model.children(condition))
    return Explanation(describe(condition), truth, figures_seen(condition, view), condition, parts)


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
    if isinstance(condition, (model.Earlier, model.Frozen)):
        return f"before {format_instant(condition.at)}"
    return _own(condition)


def show_length(length: int) -> str:
    """A length of time as definitions write it."""
    for unit, name in ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if length and length % unit == 0:
            return f"{length // unit}{name}"
    return f"{length / (1_000_000 * MICROSECOND):g}s"


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
        return _predicted(condition)
    step = f" step {condition.step}" if condition.step is not None else ""
    if isinstance(condition, model.Message):
        return f"message of {condition.source}{step}: {' or '.join(condition.statuses)}{_window(condition.window)}"
    words = {"active": "now", "finished": "finished", "exited": "exited", "ever": "ever", "never": "never"}
    return f"{words[condition.state]} in journey {condition.journey}{step}"


def _predicted(condition: model.Predicted) -> str:
    if condition.categories:
        wanted = f"category {' or '.join(condition.categories)}"
    elif condition.percentile:
        wanted = f"percentile {_limits(condition.percentile)}"
    elif condition.top is not None:
        wanted = f"top {condition.top}"
    elif condition.value:
        wanted = f"value {_limits(condition.value)}"
    else:
        wanted = f"score {_limits(condition.score)}"
    age = f", less than {show_length(condition.within)} old" if condition.within is not None else ""
    return f"predicted {condition.prediction}: {wanted}{age}"


def _did(condition: model.Did) -> str:
    parts = [f"{_limits(condition.times)} times"] if condition.times else []
    if condition.aggregate is not None:
        figure = condition.aggregate
        parts.append(f"{figure.function.replace('_', ' ')} of {'.'.join(figure.path)} {_limits(figure.limits)}")
    return f"did {condition.event}{_where(condition.where)}{_window(condition.window)}: {', '.join(parts)}"
