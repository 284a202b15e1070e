"""A warehouse in plain Python: no start-up time, for simulations of small worlds and for tests.

It asks one person after the other, so it is right before it is fast: some thousand people, not a million.
"""

from __future__ import annotations

import json
from bisect import insort
from collections import Counter
from copy import copy
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from relance.errors import UnsupportedByEngine
from relance.warehouse.base import FACTS, FAR_SEQ, Person, SuppressionRow, Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import (
        ConsentRow,
        EventRow,
        Fact,
        FactTable,
        Moments,
        ProfileRow,
        Question,
    )
    from relance.warehouse.columns import Columns

_by_seq = attrgetter("seq")
_GOLDEN, _ALL_BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1  # a multiplicative hash


def _take_back(undo: list[Callable[[], object]]) -> None:
    while undo:
        undo.pop()()


class MemoryWarehouse(Warehouse):
    """Everything in dictionaries. What a tick did is taken back step by step on `rollback`."""

    dialect = "memory"

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}
        self._suppressions: dict[tuple[str, str], list[SuppressionRow]] = {}
        self._tick = self._last_tick = 0
        self._position = 0
        self._undo: list[Callable[[], object]] = []
        self._last_undo: list[Callable[[], object]] = []  # of the last tick that was committed
        self._before_last = 0  # the tick before that

    def begin(self, tick: int) -> None:
        self._tick = tick
        self._undo.clear()

    def commit(self) -> None:
        if self._tick == self._last_tick:  # more of one that was committed before
            self._last_undo += self._undo
        else:
            self._last_undo, self._before_last = self._undo, self._last_tick
        self._last_tick, self._undo = self._tick, []

    def rollback(self) -> None:
        _take_back(self._undo)

    def _person(self, profile_id: int) -> Person:
        found = self._people.get(profile_id)
        if found is None:
            found = self._people[profile_id] = Person(profile_id, [], [], [], self._suppressions)
            self._undo.append(lambda: self._people.pop(profile_id))
        return found

    def add_events(self, rows: Sequence[EventRow]) -> None:
        before = self._position
        self._undo.append(lambda: setattr(self, "_position", before))
        for row in rows:
            kept = row if isinstance(row.properties, dict) else row._replace(properties=json.loads(row.properties))
            events = self._person(row.profile_id).events
            insort(events, kept, key=_by_seq)
            self._undo.append(lambda e=events, k=kept: e.remove(k))  # type: ignore[misc]  # bound now
            self._position = max(self._position, row.position)

    def add_profile_history(self, rows: Sequence[ProfileRow]) -> None:
        for row in rows:
            kept = row if isinstance(row.traits, dict) else row._replace(traits=json.loads(row.traits))
            states = self._person(row.profile_id).states
            states.append(kept)
            self._undo.append(states.pop)

    def add_consent_history(self, rows: Sequence[ConsentRow]) -> None:
        for row in rows:
            consents = self._person(row.profile_id).consents
            consents.append(row)
            self._undo.append(consents.pop)

    def add_suppressions(self, rows: Sequence[SuppressionRow]) -> None:
        for row in rows:
            history = self._suppressions.setdefault((row.channel, row.address), [])
            history.append(row)
            self._undo.append(history.pop)

    def add_facts(self, table: FactTable, rows: Sequence[Fact]) -> None:
        for row in rows:
            facts = self._person(row.profile_id).facts(table)
            insort(facts, row, key=_by_seq)
            self._undo.append(lambda f=facts, r=row: f.remove(r))  # type: ignore[misc]  # bound now

    def unite(self, pairs: Sequence[tuple[int, int]]) -> None:
        for merged_id, kept_id in pairs:
            merged = self._people.pop(merged_id, None)
            if merged is None:
                continue
            kept = self._person(kept_id)
            before = copy(kept)
            first = kept.states[0].seq if kept.states else FAR_SEQ
            states = [s for s in merged.states if s.seq < first] + kept.states
            united = self._people[kept_id] = Person(
                kept_id,
                sorted((e._replace(profile_id=kept_id) for e in merged.events + kept.events), key=_by_seq),
                [s._replace(profile_id=kept_id) for s in states],
                sorted((c._replace(profile_id=kept_id) for c in merged.consents + kept.consents), key=_by_seq),
                self._suppressions,
            )
            for table in FACTS:
                rows = sorted(merged.facts(table) + kept.facts(table), key=_by_seq)
                united.facts(table).extend(row._replace(profile_id=kept_id) for row in rows)
            self._undo.append(lambda p=merged: self._people.__setitem__(p.profile_id, p))  # type: ignore[misc]
            self._undo.append(lambda p=before: self._people.__setitem__(p.profile_id, p))  # type: ignore[misc]

    def erase(self, profile_ids: Sequence[int], addresses: Sequence[tuple[str, str]]) -> None:
        for profile_id in profile_ids:
            gone = self._people.pop(profile_id, None)
            if gone is not None:
                self._undo.append(lambda p=gone: self._people.__setitem__(p.profile_id, p))  # type: ignore[misc]
        for address in addresses:
            said = self._suppressions.pop(address, None)
            if said is not None:
                self._undo.append(lambda a=address, s=said: self._suppressions.__setitem__(a, s))  # type: ignore[misc]

    def last_tick(self) -> int:
        return self._last_tick

    def forget_after(self, tick: int) -> None:
        if tick >= self._last_tick:
            return
        if tick != self._before_last:
            self.start_over()
            return
        _take_back(self._last_undo)
        self._last_tick = tick

    def position(self) -> int:
        return self._position

    def seq_known_at(self, at: int) -> int:
        rows = [r for p in self._people.values() for part in (p.events, p.states, p.consents) for r in part]
        return max((r.seq for r in rows if r.received_at <= at), default=0)

    def ask(self, question: Question, moments: Moments) -> list[bool]:
        nobody = Person(0, [], [], [], self._suppressions)
        return [
            bool(question.holds(self._people.get(profile_id, nobody), at, seq))
            for profile_id, at, seq in zip(*moments, strict=True)
        ]

    def fetch(self, statements: Mapping[str, str], moments: Moments) -> dict[str, Columns]:  # noqa: ARG002 - it can not
        msg = "a warehouse in plain Python reads no statements"
        raise UnsupportedByEngine(msg)

    def pieces(self, statement: str, people: Sequence[int] | Any | None = None) -> Iterator[pa.Table]:  # noqa: ARG002 - it can not
        msg = "a warehouse in plain Python reads no statements"
        raise UnsupportedByEngine(msg)

    def fetch_members(
        self,
        statements: Mapping[str, str],  # noqa: ARG002 - it can not
        at: int,  # noqa: ARG002
        profiles: tuple[int, int],  # noqa: ARG002
    ) -> dict[str, Columns]:
        msg = "a warehouse in plain Python reads no statements"
        raise UnsupportedByEngine(msg)

    def members(self, question: Question, at: int, seq: int | None = None) -> list[int]:
        limit = FAR_SEQ if seq is None else seq
        return sorted(
            person.profile_id
            for person in self._people.values()
            if person.states and person.states[0].seq <= limit and question.holds(person, at, limit)
        )

    def count(self, question: Question, at: int, seq: int | None = None) -> int:
        return len(self.members(question, at, seq))

    def regions(
        self,
        questions: Sequence[Question],
        at: int,
        seq: int | None = None,
        *,
        halvings: int = 0,
        asking: Asking | None = None,
    ) -> dict[int, int]:
        found: Counter[int] = Counter()
        for i, question in enumerate(questions):
            for profile_id in self.member_ids(question, at, seq, asking):
                if (profile_id * _GOLDEN & _ALL_BITS) >> (64 - halvings) == 0:
                    found[profile_id] += 1 << i
        return dict(Counter(found.values()))

    def states(self, profile_ids: Sequence[int], seq: int | None = None) -> list[ProfileRow]:
        limit = FAR_SEQ if seq is None else seq
        found = (next((s for s in reversed(p.states) if s.seq <= limit), None) for p in self.people(sorted(profile_ids)))
        return [state for state in found if state is not None]

    def people(self, profile_ids: Iterable[int]) -> list[Person]:
        return [self._people[p] for p in profile_ids if p in self._people]

    def find_profiles(self, user_id: str) -> list[int]:
        return sorted(p.profile_id for p in self._people.values() if p.states and p.states[-1].user_id == user_id)

    def counts(self) -> dict[str, int]:
        people = self._people.values()
        return {
            "events": sum(len(p.events) for p in people),
            "profile_history": sum(len(p.states) for p in people),
            "consent_history": sum(len(p.consents) for p in people),
            "suppression_history": sum(map(len, self._suppressions.values())),
            **{table: sum(len(p.facts(table)) for p in people) for table in FACTS},
        }

    def start_over(self) -> None:
        self._people.clear()
        self._suppressions.clear()
        self._undo, self._last_undo = [], []
        self._tick = self._last_tick = self._before_last = self._position = 0

    def close(self) -> None:
        self._people.clear()
