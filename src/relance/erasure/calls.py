"""The calls of a person are emptied where they stand in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from relance.erasure.model import Ids
from relance.eventlog import RewrittenChunk
from relance.events.blank import blank_all, blank_items
from relance.events.decode import as_text
from relance.events.model import Event
from relance.events.parse import parse_chunk
from relance.ids import seq_of_position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relance.erasure.model import Owner
    from relance.eventlog import EventLog
    from relance.events.model import LoggedChunk, RejectedItem

ITEMS_A_READING = 20_000
_NAMES = ("anonymousId", "previousId")
_decode_ids = msgspec.json.Decoder(Ids).decode


@dataclass(slots=True)
class _Marks:
    """What is to be done with the items of a request, by their indexes."""

    blank: set[int] = field(default_factory=set)
    without: dict[int, list[str]] = field(default_factory=dict)


class Emptying:
    """All calls of a person, and all that the engine told of them, are emptied, reading by reading. Effects: rewrites the log."""

    def __init__(self, log: EventLog, owner: Owner) -> None:
        self.owner = owner
        self.emptied: list[int] = []  # positions
        self.read = 0  # up to where
        self._log = log
        log.rewrite((), owner.numbers)

    def is_near(self, position: int) -> bool:
        """Whether what is left up to a position is few enough to be read at once. Nothing later than it was read before."""
        return self.read + 2 * ITEMS_A_READING >= position

    def read_on(self, position: int) -> bool:
        """Once more. Answers whether there was anything to read.

        Args: `position`: how far the engine has come: what is later is of somebody new.
        """
        batch = self._log.read_after(self.read, ITEMS_A_READING)
        if not batch.chunks:
            return False
        changed = []
        for chunk in batch.chunks:
            if not self.owner.may_concern(chunk):
                continue
            marks = _mark(chunk, self.owner, position)
            if marks.blank or marks.without:
                changed.append(rewritten(chunk, marks.blank, marks.without))
                self.emptied += [chunk.first_position + n for n in sorted(marks.blank)]
        if changed:
            self._log.rewrite(changed)
        self.read = batch.last_position
        return True


def rewritten(chunk: LoggedChunk, blank: set[int], without: dict[int, list[str]]) -> RewrittenChunk:
    """A request without some of its items."""
    gone = chunk.duplicates | blank
    left = [n for n in range(chunk.n) if n not in gone]
    body = blank_items(chunk.body, chunk.call, blank, without) if left else blank_all(chunk.call, chunk.n)
    return RewrittenChunk(chunk.first_position, body, sorted(gone))


def _mark(chunk: LoggedChunk, owner: Owner, position: int) -> _Marks:
    marks = _Marks()
    # A repeated item is no event, but its bytes are there all the same.
    for item in parse_chunk(msgspec.structs.replace(chunk, duplicates=frozenset())):
        index = item.position - chunk.first_position
        if chunk.kind == "own":
            if isinstance(item, Event) and (item.context.get("relance") or {}).get("profile_id") in owner.profiles:
                marks.blank.add(index)
        elif item.position > position:
            continue
        elif isinstance(item, Event):
            _mark_call(marks, index, item, owner)
        elif not owner.own_ids.isdisjoint(_ids_of(item)):  # it was never anybody's: whoever it names now counts
            marks.blank.add(index)
    return marks


def _mark_call(marks: _Marks, index: int, event: Event, owner: Owner) -> None:
    seq = seq_of_position(event.position)
    if owner.owns(event.anonymous_id if event.user_id is None else event.user_id, seq):
        marks.blank.add(index)
        return
    told = (event.anonymous_id, event.previous_id)
    named = [name for name, alias in zip(_NAMES, told, strict=True) if alias in owner.own_ids]
    if named and event.type == "alias":  # there is nothing else in it
        marks.blank.add(index)
    elif named:
        marks.without[index] = named


def _ids_of(item: RejectedItem) -> tuple[str | None, ...]:
    """The ids of an item that is no event, as far as it can be read."""
    try:
        ids = _decode_ids(item.raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, None, None
    return as_text(ids.user_id), as_text(ids.anonymous_id), as_text(ids.previous_id)


def refuse_calls(log: EventLog, events: Iterable[Event], is_refused: Callable[[str], bool]) -> tuple[list[Event], int]:
    """Empty the calls of ids that are refused. Answers the others, with such ids taken out of them, and how many were refused."""
    left: list[Event] = []
    chunks: dict[int, tuple[LoggedChunk, _Marks]] = {}
    refused = 0

    def marks_of(position: int) -> tuple[_Marks, int]:
        for chunk, marks in reversed(chunks.values()):
            if chunk.first_position <= position <= chunk.last_position:
                return marks, position - chunk.first_position
        found = log.chunk_at(position)
        assert found is not None  # noqa: S101 - the event was read from it
        marks = chunks.setdefault(found.first_position, (found, _Marks()))[1]
        return marks, position - found.first_position

    for event in events:
        owner = event.anonymous_id if event.user_id is None else event.user_id
        named = [
            name
            for name, told in zip(_NAMES, (event.anonymous_id, event.previous_id), strict=True)
            if told is not None and is_refused(told)
        ]
        if (owner is not None and is_refused(owner)) or (named and event.type == "alias"):
            marks, index = marks_of(event.position)
            marks.blank.add(index)
            refused += 1
        elif named:
            marks, index = marks_of(event.position)
            marks.without[index] = named
            gone = {"anonymousId": "anonymous_id", "previousId": "previous_id"}
            left.append(msgspec.structs.replace(event, **dict.fromkeys((gone[n] for n in named), None)))
        else:
            left.append(event)
    if chunks:
        log.rewrite([rewritten(chunk, marks.blank, marks.without) for chunk, marks in chunks.values()])
    return left, refused
