"""Who enters and leaves segments, and when: what the engine asks about people that something happened to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relance.conditions import model
from relance.conditions.answers import reactions_of
from relance.conditions.clauses import DATE_OPS
from relance.events.names import OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relance.conditions.clauses import Clause


@dataclass(frozen=True, slots=True)
class Watched:
    """Segments whose coming and going somebody waits for, and what can change it."""

    segments: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()  # of the events that count in them
    by_own: bool = False  # what the engine itself does counts, too
    by_lists: bool = False
    by_scores: bool = False
    timed: bool = False  # the passing of time alone may change them
    bodies: tuple[str, ...] = ()  # of each segment, with those inside it: another text is another segment

    def __bool__(self) -> bool:
        return bool(self.segments)


NOTHING_WATCHED = Watched()


def watch(conditions: Mapping[str, model.Condition], settings: object, segments: Iterable[str]) -> Watched:
    """What can change the membership of some segments.

    Args:
        conditions: of all segments.
        settings: what else the conditions depend on.
        segments: the ids of those to watch; what is no segment is left out.
    """
    wanted = tuple(sorted(set(segments) & conditions.keys()))
    names: set[str] = set()
    own = lists = scores = timed = False
    for leaf in (leaf for segment in wanted for leaf in _leaves(conditions[segment], conditions)):
        if isinstance(leaf, model.Did):
            names.add(leaf.event)
            timed |= leaf.window != model.ALL_TIME or _has_dates(leaf.where)
        elif isinstance(leaf, model.Sequence):
            names.update(step.event for step in leaf.steps)
            timed |= leaf.window != model.ALL_TIME or any(_has_dates(step.where) for step in leaf.steps)
        elif isinstance(leaf, model.Message):
            names.update(reactions_of(leaf.statuses))
            timed |= leaf.window != model.ALL_TIME
            own = True
        elif isinstance(leaf, model.Trait):
            timed |= _has_dates([leaf.clause])
        own |= isinstance(leaf, model.Journey)
        if isinstance(leaf, model.InList):
            lists = timed = True
        if isinstance(leaf, model.Predicted):
            scores = timed = True
    own |= bool(names & OWN_NAMES)
    bodies = tuple(body_of(segment, conditions, settings) for segment in wanted)
    return Watched(wanted, frozenset(names), own, lists, scores, timed, bodies)


def body_of(segment: str, conditions: Mapping[str, model.Condition], settings: object) -> str:
    """A text that says all that the membership of a segment depends on: another text is another segment."""
    return json.dumps([repr(c) for c in _closure(segment, conditions)] + [repr(settings)])


def _leaves(condition: model.Condition, conditions: Mapping[str, model.Condition]) -> Iterator[model.Condition]:
    for part in model.walk(condition):
        if isinstance(part, model.InSegment):
            yield from _leaves(conditions[part.segment], conditions)
        else:
            yield part


def _closure(segment: str, conditions: Mapping[str, model.Condition]) -> Iterator[model.Condition]:
    """A segment's condition, then those of the segments in it."""
    yield conditions[segment]
    for part in model.walk(conditions[segment]):
        if isinstance(part, model.InSegment):
            yield from _closure(part.segment, conditions)


def _has_dates(clauses: Iterable[Clause]) -> bool:
    return any(clause.op in DATE_OPS for clause in clauses)
