"""In which of the watched segments people are, and when time alone may change that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relance.conditions.columns.bundle import Bundle
from relance.conditions.columns.turning import MOST_APART, NEVER, next_turns, turns_by_columns
from relance.conditions.evaluate import View, holds
from relance.conditions.moves import edges
from relance.warehouse.base import Moments
from relance.warehouse.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.conditions.compiling.compiler import Compiler
    from relance.segments.flow import Watched
    from relance.warehouse.base import ReadableWarehouse

# Statements of a warehouse cost the same for few as for hundreds; few people are read one by one.
MANY = 200


class Standing(NamedTuple):
    """Where somebody stands at a moment."""

    segments: frozenset[str]
    next_at: int | None  # up to this instant nothing changes by the passing of time alone


class Standings:
    """Tells where people stand in some segments."""

    def __init__(self, warehouse: ReadableWarehouse, compiler: Compiler, watched: Watched) -> None:
        self.watched = watched
        self._warehouse = warehouse
        self._compiler = compiler
        self._bundle: Bundle | None = None
        if warehouse.dialect in DIALECTS:
            bundle = Bundle([compiler.segments[segment] for segment in watched.segments], compiler)
            self._bundle = bundle if turns_by_columns(bundle.needs) else None

    @property
    def reads_columns(self) -> bool:
        """Whether many people are read together."""
        return self._bundle is not None

    def of(self, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        """Where people stand, each at one moment (profile, at, seq). Whom the warehouse does not know is left out."""
        if self._bundle is not None and len(moments) >= MANY:
            ats = [at for _, at, _ in moments]
            if max(ats) - min(ats) <= MOST_APART:
                return self._by_columns(self._bundle, moments)
        return self._one_by_one(moments)

    def _by_columns(self, bundle: Bundle, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        asked = Moments(*zip(*moments, strict=True))
        frame = bundle.look(self._warehouse, asked)
        inside = bundle.answer(self._warehouse, asked, frame)
        turns = next_turns(bundle.needs, frame) if self.watched.timed else np.full(frame.n, NEVER)
        # Many people stand in the same segments: a set is made once for all of them.
        shapes, shape_of = np.unique(np.packbits(inside.T, axis=1), axis=0, return_inverse=True)
        names = np.array(self.watched.segments, dtype=object)
        sets = [frozenset(names[np.unpackbits(bits, count=len(names)).astype(bool)]) for bits in shapes]
        known = frame.known.tolist()
        made: Any = zip(moments, shape_of.tolist(), turns.tolist(), known, strict=True)
        return {
            profile: Standing(sets[shape], None if turn == NEVER else turn)
            for (profile, _, _), shape, turn, there in made
            if there
        }

    def _one_by_one(self, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        found = {}
        conditions, watched = self._compiler.segments, self.watched
        people = {person.profile_id: person for person in self._warehouse.people([profile for profile, _, _ in moments])}
        for profile_id, at, seq in moments:
            person = people.get(profile_id)
            if person is None or not person.states:
                continue
            view = View(person, at, seq, self._compiler.settings, conditions)
            inside = frozenset(segment for segment in watched.segments if holds(conditions[segment], view))
            later = (edge for segment in watched.segments for edge in edges(conditions[segment], view) if edge > at)
            found[profile_id] = Standing(inside, min(later, default=None) if watched.timed else None)
        return found
