"""What a build reads of a warehouse, in few passes: a sample of people to learn from, then everybody in parts.

Only what was received before the instant is taken. The statements are in words that all engines share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from relance.events.names import (
    JOURNEY_ENDED,
    JOURNEY_ENTERED,
    PREDICTION_SCORED,
    PROFILE_UPDATED,
    SEGMENT_ENTERED,
    SEGMENT_LEFT,
)
from relance.store import load_queries
from relance.warehouse.base import Moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from relance.warehouse.base import Question, ReadableWarehouse

    Ints = NDArray[np.int64]

SAMPLE = 40_000  # people to learn from; what is learnt from has fewer rows than that (`families.MAX_ROWS`)
A_PART = 1_500_000  # events
_BUCKETS = 1 << 20
_sql = load_queries("relance.predictions.live", "gather.sql")

# What relance says of itself, and is no deed of anybody.
LEFT_OUT = (PREDICTION_SCORED, SEGMENT_ENTERED, SEGMENT_LEFT, JOURNEY_ENTERED, JOURNEY_ENDED, PROFILE_UPDATED)


class Part(NamedTuple):
    """Some people and all that is known of them.

    Shape: Arrow tables `people` (profile_id, first_at; in order), `events` (profile_id, seq, at, known, name, properties) and
        `traits` (profile_id, seq, known, traits).
    """

    people: pa.Table
    events: pa.Table
    traits: pa.Table


class Gathering:
    """Reads a warehouse as it was known before an instant."""

    def __init__(self, warehouse: ReadableWarehouse, as_of: int, *, part_events: int = A_PART, sample: int = SAMPLE) -> None:
        self._warehouse = warehouse
        self.as_of = as_of
        self._part_events = part_events
        self.people = plain_table(warehouse.read_table(_sql["people"].format(as_of=as_of, which="")))
        self.n_events = int(
            warehouse.read_table(_sql["n_events"].format(as_of=as_of, left_out=texts(LEFT_OUT)))["n"][0].as_py()
        )
        self.start = int(warehouse.read_table(_sql["begun"].format(as_of=as_of))["at"][0].as_py() or as_of)
        n = self.people.num_rows
        self._threshold = _BUCKETS if n <= sample else _BUCKETS * sample // n

    @property
    def ids(self) -> Ints:
        """Everybody known."""
        found: Ints = self.people["profile_id"].to_numpy()
        return found

    def sample(self) -> Part:
        """The people to learn from, by a hash of their number, with all properties."""
        if self._threshold == _BUCKETS:
            return self._read("", self.people, None)
        hashed = self.ids % 1_000_003 * 7919 % _BUCKETS
        which = f"AND profile_id % 1000003 * 7919 % {_BUCKETS} < {self._threshold}"
        return self._read(which, self.people.filter(pa.array(hashed < self._threshold)), None)

    def parts(self, properties_of: Iterable[str], among: Ints | None = None) -> Iterator[Part]:
        """Everybody, or those among them who are asked about, in parts; properties of the events of some names alone."""
        people = self.people if among is None else self.people.filter(pa.array(np.isin(self.ids, among)))
        for bounds in self.bounds(people):
            low, high = people["profile_id"][bounds[0]].as_py(), people["profile_id"][bounds[1] - 1].as_py()
            which = f"AND profile_id >= {low} AND profile_id <= {high}"
            part = self._read(which, people.slice(bounds[0], bounds[1] - bounds[0]), sorted(properties_of))
            yield part if among is None else _of_its_people(part)

    def bounds(self, people: pa.Table) -> list[tuple[int, int]]:
        """The rows of the parts: as many people as have so many events on average."""
        each = max(self.n_events / max(self.people.num_rows, 1), 1.0)
        size = max(int(self._part_events / each), 1)
        return [(at, min(at + size, people.num_rows)) for at in range(0, people.num_rows, size)]

    def audience(self, question: Question, people: Ints, cutoff: int) -> Ints:
        """Whom of some people a condition holds for just before a cut-off, with what was known then."""
        seq = self._warehouse.seq_known_at(cutoff - 1)
        n = len(people)
        held = self._warehouse.ask(question, Moments(people, np.full(n, cutoff - 1), np.full(n, seq)))
        found: Ints = people[np.asarray(held, bool)]
        return found

    def audience_now(self, question: Question) -> Ints:
        """Everybody whom it holds for at the instant."""
        at = self.as_of - 1
        found = self._warehouse.members(question, at, self._warehouse.seq_known_at(at))
        return np.asarray(found, np.int64)

    def _read(self, which: str, people: pa.Table, names: list[str] | None) -> Part:
        return _read(self._warehouse, self.as_of, which, people, names)


def gather_people(warehouse: ReadableWarehouse, as_of: int, profile_ids: Sequence[int]) -> Part:
    """A few people and all that was known of them before an instant."""
    which = f"AND profile_id IN ({', '.join(str(int(p)) for p in profile_ids)})"
    people = plain_table(warehouse.read_table(_sql["people"].format(as_of=as_of, which=which)))
    return _read(warehouse, as_of, which, people, None)


def _of_its_people(part: Part) -> Part:
    """What is of none of the people is left out."""
    events, traits = (table.filter(pc.is_in(table["profile_id"], part.people["profile_id"])) for table in part[1:])
    return Part(part.people, events, traits)


def _read(warehouse: ReadableWarehouse, as_of: int, which: str, people: pa.Table, names: list[str] | None) -> Part:
    marks: dict[str, Any] = {"as_of": as_of, "which": which, "left_out": texts(LEFT_OUT)}
    properties = "properties"
    if names is not None and not any("\\" in name for name in names):  # engines do not agree on how that is written
        properties = f"CASE WHEN name IN ({texts(names)}) THEN properties ELSE '' END" if names else "''"
    events = plain_table(warehouse.read_table(_sql["events"].format(**marks, properties=properties)))
    return Part(people, events, plain_table(warehouse.read_table(_sql["traits"].format(**marks))))


def plain_table(table: pa.Table) -> pa.Table:
    """The same types whatever the engine: large texts and dictionaries become texts, views become columns."""
    fields = []
    for field in table.schema:
        texty = pa.types.is_large_string(field.type) or pa.types.is_binary(field.type) or pa.types.is_dictionary(field.type)
        kind = pa.string() if texty or pa.types.is_string(field.type) else pa.int64()
        fields.append(pa.field(field.name, kind))
    return table.cast(pa.schema(fields))


def texts(names: Iterable[str]) -> str:
    """Texts of a statement, as a list."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
