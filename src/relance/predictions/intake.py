"""Events as they came → columns for the sums: what was received before the cut-off apart from what came later.

Owns nothing that lasts. What came later is kept for measuring outcomes alone; nothing of it reaches a feature.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from relance.clock import DAY
from relance.events.model import RejectedItem
from relance.events.parse import parse_item
from relance.predictions.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relance.events.model import Event

DEDUPE_WINDOW = 30 * DAY
LATE = DAY  # what arrives later than this after it happened was not told as it happened
MOSTLY = 0.5


@dataclass
class EventColumns:
    """Events and trait changes, column by column, in the order of arrival.

    Units: microseconds since 1970.
    """

    subject: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    target: list[bool] = field(default_factory=list)
    value: list[float] = field(default_factory=list)  # of a target with a value, else 0
    properties: list[str] = field(default_factory=list)  # JSON text
    trait_subject: list[int] = field(default_factory=list)
    trait_at: list[int] = field(default_factory=list)
    trait_known: list[int] = field(default_factory=list)
    trait_key: list[str] = field(default_factory=list)
    trait_value: list[str | None] = field(default_factory=list)  # JSON text; None takes the trait away
    mask: list[int] = field(
        default_factory=list
    )  # which rows of a rule an event meets, a bit each; empty: a target meets the first

    def span(self) -> int:
        """From the first event to the last."""
        return max(self.at) - min(self.at) if self.at else 0

    def tables(self) -> dict[str, dict[str, Any]]:
        """As the sums read them: the tables `events` and `traits`."""
        n = len(self.at)
        return {
            "events": {
                "row": np.arange(n), "subject": np.asarray(self.subject, np.int32), "at": np.asarray(self.at, np.int64),
                "known": np.asarray(self.known, np.int64), "name": self.name or np.asarray([], "U1"),
                "target": np.asarray(self.target, bool), "mask": np.asarray(self.mask or self.target, np.int32),
                "value": np.asarray(self.value, np.float64), "properties": self.properties or np.asarray([], "U1"),
            },
            "traits": {
                "row": np.arange(len(self.trait_at)), "subject": np.asarray(self.trait_subject, np.int32),
                "at": np.asarray(self.trait_at, np.int64), "known": np.asarray(self.trait_known, np.int64),
                "key": self.trait_key or np.asarray([], "U1"), "value": self.trait_value or np.asarray([], "U1"),
            },
        }  # fmt: skip


@dataclass
class Stream:
    """A file's events, cut at an instant."""

    people: People
    history: EventColumns  # received before the cut
    later: EventColumns
    n_subjects: int  # known before the cut; later ones have higher numbers
    n_merges: int  # likewise
    rejected: int = 0
    duplicates: int = 0
    told_later: bool = False  # most of it was received long after it happened: its timestamps are taken for arrivals


def read_stream(
    items: Iterable[bytes], *, as_of: int, is_target: Callable[[Event], bool], value_of: Callable[[Event], float] | None = None
) -> Stream:
    """Read events, one JSON object each.

    Args:
        items: the objects, in the order of the file.
        as_of: the cut: what was received at or after it is `later`.
        is_target: whether an event is one of those foretold.
        value_of: what such an event is worth, where a value is foretold.
    """
    events: list[Event] = []
    rejected = 0
    for number, raw in enumerate(items, start=1):
        item = parse_item(
            msgspec.json.decode(raw), position=number, source="file", received_at=0, trusted=True, history=True, from_file=True
        )
        if isinstance(item, RejectedItem):
            rejected += 1
        else:
            events.append(item)
    told_later = _told_later([e for e in events if e.at < as_of])
    if told_later:
        events = [msgspec.structs.replace(e, received_at=e.at) for e in events]
    events.sort(key=lambda e: e.received_at)  # stable: the file's order breaks ties
    stream = Stream(People(), EventColumns(), EventColumns(), 0, 0, rejected, told_later=told_later)
    encode = msgspec.json.Encoder(order="sorted").encode
    seen: dict[str, int] = {}
    cut = False
    for event in events:
        first = seen.get(event.message_id)
        if first is not None and event.received_at - first <= DEDUPE_WINDOW:
            stream.duplicates += 1
            continue
        seen[event.message_id] = event.received_at
        if not cut and event.received_at >= as_of:
            stream.n_subjects, stream.n_merges, cut = len(stream.people.user_ids), len(stream.people.merges), True
        subject = stream.people.find(event)
        if subject is not None:
            _take(stream.later if cut else stream.history, subject, event, is_target, value_of, encode)
    if not cut:
        stream.n_subjects, stream.n_merges = len(stream.people.user_ids), len(stream.people.merges)
    return stream


def _take(
    columns: EventColumns,
    subject: int,
    event: Event,
    is_target: Callable[[Event], bool],
    value_of: Callable[[Event], float] | None,
    encode: Callable[[Any], bytes],
) -> None:
    if event.name is not None:
        target = is_target(event)
        columns.subject.append(subject)
        columns.at.append(event.at)
        columns.known.append(event.received_at)
        columns.name.append(event.name)
        columns.target.append(target)
        columns.value.append(value_of(event) if target and value_of is not None else 0.0)
        columns.properties.append(encode(event.properties).decode())
    told = event.context.get("traits")
    traits = event.traits or (told if isinstance(told, dict) else {})
    for key, value in flat(traits):
        columns.trait_subject.append(subject)
        columns.trait_at.append(event.at)
        columns.trait_known.append(event.received_at)
        columns.trait_key.append(key)
        columns.trait_value.append(None if value is None else encode(value).decode())


def flat(values: dict[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Dotted paths and values; lists stay whole."""
    for key, value in values.items():
        if isinstance(value, dict):
            if prefix.count(".") < 2:
                yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _told_later(events: list[Event]) -> bool:
    """Whether most events were received long after they happened, as when a shop's past is imported in one go."""
    late = sum(e.received_at - e.at > LATE for e in events)
    return late > MOSTLY * len(events)
