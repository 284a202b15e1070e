"""Who enters and leaves segments, and when: what the engine asks about people that something happened to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from relance.conditions import model
from relance.conditions.answers import reactions_of
from relance.conditions.clauses import DATE_OPS
from relance.conditions.evaluate import View, holds
from relance.conditions.moves import edges
from relance.events.names import OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.conditions.clauses import Clause
    from relance.warehouse.base import ReadableWarehouse


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


class Standing(NamedTuple):
    """Where somebody stands at a moment."""

    segments: frozenset[str]
    next_at: int | None  # up to this instant nothing changes by the passing of time alone


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


def standings(
    warehouse: ReadableWarehouse,
    conditions: Mapping[str, model.Condition],
    settings: Any,
    watched: Watched,
    moments: Sequence[tuple[int, int, int]],
) -> dict[int, Standing]:
    """Where people stand, each at one moment (profile, at, seq). Whom the warehouse does not know is left out."""
    found = {}
    people = {person.profile_id: person for person in warehouse.people([profile for profile, _, _ in moments])}
    for profile_id, at, seq in moments:
        person = people.get(profile_id)
        if person is None or not person.states:
            continue
        view = View(person, at, seq, settings, conditions)
        inside = frozenset(segment for segment in watched.segments if holds(conditions[segment], view))
        later = (edge for segment in watched.segments for edge in edges(conditions[segment], view) if edge > at)
        found[profile_id] = Standing(inside, min(later, default=None) if watched.timed else None)
    return found
