"""A file and a mapping → batches of items, each with the place where reading can start again.

No input or output but the file's: what is done with a batch is the caller's business.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from relance.errors import InvalidInput
from relance.events import LoggedChunk, RejectedItem, parse_chunk
from relance.imports.filters import compile_clauses
from relance.imports.grouping import Groups
from relance.imports.readers.base import Place
from relance.imports.readers.jsonl_rows import explain_line
from relance.imports.rejects import Reject, excerpt_of
from relance.imports.rules import Unfit, compile_rules
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.imports.grouping import Group
    from relance.imports.mapping import Mapping
    from relance.imports.readers import RowSource

ITEMS_A_BATCH = 1_000
ROWS_A_BATCH = 20_000  # a batch also ends here, so that a place is saved where every row is skipped
HOPELESS_ROWS = 1_000  # when so many rows are faulty and none is sound, the mapping is wrong, not the rows


class Checkpoint(NamedTuple):
    """Where reading can start again, and what was counted before."""

    place: Place | None = None
    counted_row: int = 0  # rows up to here were counted; those behind `place` are read twice
    left: dict[str, int] = {}  # noqa: RUF012 - groups that left, with lines behind `place`; never changed


class Batch(msgspec.Struct):
    """Items for the log, and what happened to the rows between them."""

    checkpoint: Checkpoint
    items: list[bytes]
    message_ids: list[str]
    rejects: list[Reject]
    skipped: Counter[str]
    n_rows: int
    last: bool = False  # the file ends here; its checkpoint is no place to start again


@dataclass
class _Filling:
    items: list[bytes] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)
    item_rows: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    n_rows: int = 0


class FileReading:
    """One pass over a file.

    Args:
        source: the open file.
        mapping: how its rows become events; None when they are events already.
        start: where to start again.
        default_at: the timestamp of events whose rule names none.
    """

    def __init__(self, source: RowSource, mapping: Mapping | None, start: Checkpoint, default_at: str) -> None:
        self._source = source
        self._start = start
        self._filling = _Filling()
        self._encode = msgspec.json.Encoder().encode
        self._hopeless = 0 if start.place is None else -1
        self._mapping = mapping
        if mapping is None:
            return
        names = mapping.columns_used()
        self._columns = source.converters(mapping, names)
        self._values_of = source.compile_row(mapping, names)
        places = {name: i for i, (name, _, _) in enumerate(self._columns)}
        self._skips = [(test, s.reason) for s in mapping.skip_when if (test := compile_clauses(s.clauses, places))]
        self._rules = compile_rules(mapping, places, default_at)
        self._keys = [places[name] for name in mapping.group.by] if mapping.group else []

    def batches(self) -> Iterator[Batch]:
        """All that is left of the file.

        Raises:
            InvalidInput: the file is damaged, or none of its first rows makes an event.
        """
        are_events = self._mapping is None
        grouping = self._mapping.group if self._mapping else None
        groups = Groups(grouping.within_rows, self._start.left) if grouping else None
        counted = self._start.counted_row
        here: tuple[int, int, int] = (0, 0, 0)
        last_break = self._start.place.row if self._start.place else 0
        try:
            for row, line, offset, cells, problem in self._source.rows(self._start.place):
                if len(self._filling.items) >= ITEMS_A_BATCH or row - last_break >= ROWS_A_BATCH:
                    yield self._close_batch(groups, Place(row, line, offset), max(counted, row - 1))
                    last_break = row
                here = (row, line, offset)
                fresh = row > counted
                self._filling.n_rows += fresh
                if problem is not None:
                    self._reject(problem, fresh=fresh)
                elif are_events:
                    self._take_event(row, cells)
                elif groups is None:
                    self._take_row(row, line, cells)
                else:
                    self._group_row(groups, here, cells, fresh)
        except InvalidInput:
            # What stands before the damage is sound. The last row is read again one day; its ids are the same.
            yield self._close_batch(groups, Place(*here), max(counted, here[0]))
            raise
        if groups is not None:
            for group in groups.leave_all():
                self._make_group(group)
        last = self._close_batch(None, Place(here[0] + 1), max(counted, here[0]))
        last.last = True
        yield last

    def _close_batch(self, groups: Groups | None, here: Place, counted_row: int) -> Batch:
        place = here if groups is None else groups.start() or here
        left = groups.left_since(place.row) if groups is not None else {}
        if self._mapping is None:
            self._drop_unsound_events()
        full, self._filling = self._filling, _Filling()
        checkpoint = Checkpoint(place, counted_row, left)
        return Batch(checkpoint, full.items, full.message_ids, full.rejects, full.skipped, full.n_rows)

    def _drop_unsound_events(self) -> None:
        """Read the batch as the log's readers will, and take out the items that they would refuse."""
        filling = self._filling
        n, body = len(filling.items), join_items(filling.items)
        chunk = LoggedChunk(
            first_position=0, n=n, source="", received_at=0, kind="history", call="batch", body=body, trusted=True
        )
        faulty = {item.position: item for item in parse_chunk(chunk) if isinstance(item, RejectedItem)}
        for position, item in faulty.items():
            message = f"{item.message} (at {item.pointer})" if item.pointer else item.message
            row = filling.item_rows[position]
            self._reject(Reject(row, row, "", item.code, message, excerpt_of(item.raw.decode("utf-8", "replace"))), fresh=True)
        if faulty:
            filling.items = [raw for i, raw in enumerate(filling.items) if i not in faulty]
            filling.message_ids = [told for i, told in enumerate(filling.message_ids) if i not in faulty]
        if filling.items:
            self._hopeless = -1

    # ------------------------------------------------------------------------------------------------------- rows
    def _take_event(self, row: int, cells: tuple[Any, bytes]) -> None:
        """A line that is an event already."""
        message_id, raw = cells
        if not message_id:
            raw = raw.strip()
            message_id = identity_of(raw, row)
            try:
                item = msgspec.json.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
                self._reject(explain_line(row, raw, e), fresh=True)
                return
            item["messageId"] = message_id
            raw = self._encode(item)
        filling = self._filling
        filling.items.append(raw)
        filling.message_ids.append(message_id)
        filling.item_rows.append(row)

    def _take_row(self, row: int, line: int, cells: Any) -> None:
        values = self._typed(row, line, cells, fresh=True)
        if values is None:
            return
        for test, reason in self._skips:
            if test(values):
                self._filling.skipped[reason] += 1
                return
        self._make_events(row, line, (values,), identity_of(self._source.identity(cells), row), cells)

    def _typed(self, row: int, line: int, cells: Any, *, fresh: bool) -> list[Any] | None:
        try:
            return self._values_of(cells)
        except ValueError:
            pass
        for name, get, convert in self._columns:
            try:
                convert(get(cells))
            except ValueError as e:
                self._reject(Reject(row, line, name, "wrong_type", str(e), excerpt_of(cells)), fresh=fresh)
        return None

    # ----------------------------------------------------------------------------------------------------- groups
    def _group_row(self, groups: Groups, place: tuple[int, int, int], cells: Any, fresh: bool) -> None:  # noqa: FBT001
        row, line, _ = place
        values = self._typed(row, line, cells, fresh=fresh)
        if values is None:
            key = self._key_of_faulty(cells)
            if key is not None:
                self._add_to_group(groups, key, place, None)
            return
        for test, reason in self._skips:
            if test(values):
                self._filling.skipped[reason] += fresh
                return
        key_values = [values[at] for at in self._keys]
        key = key_values[0] if len(key_values) == 1 and key_values[0].__class__ is str else "\x1f".join(map(str, key_values))
        if None in key_values:
            name = self._columns[self._keys[key_values.index(None)]][0]
            message = "no value, and rows are grouped by it"
            self._reject(Reject(row, line, name, "missing_value", message, excerpt_of(cells)), fresh=fresh)
            return
        wrong = self._add_to_group(groups, key, place, values)
        if wrong is not None:
            names = ", ".join(self._mapping.group.by) if self._mapping and self._mapping.group else ""
            self._reject(Reject(row, line, names, "group_apart", wrong, excerpt_of(cells)), fresh=fresh)

    def _add_to_group(self, groups: Groups, key: str, place: tuple[int, int, int], values: list[Any] | None) -> str | None:
        while (group := groups.leave()) is not None:
            self._make_group(group)
        return groups.add(key, place, values)

    def _key_of_faulty(self, cells: Any) -> str | None:
        """The key of a row of which another column is faulty."""
        parts = []
        for at in self._keys:
            _, get, convert = self._columns[at]
            try:
                parts.append(str(convert(get(cells))))
            except ValueError:
                return None
        return "\x1f".join(parts)

    def _make_group(self, group: Group) -> None:
        # A checkpoint never stands behind the first row of a group that has not left: what its leaving does is always new.
        row, line = group.start.row, group.start.line
        if group.broken_by:
            message = f"the group of {len(group.rows)} sound rows is left out, because row {group.broken_by} of it is faulty"
            self._reject(Reject(row, line, "", "group_broken", message, excerpt_of(group.key.split("\x1f"))), fresh=True)
            return
        identity = identity_of(group.key.encode("utf-8", "surrogatepass"))
        self._make_events(row, line, group.rows, identity, group.rows[0])

    # ----------------------------------------------------------------------------------------------------- events
    def _make_events(self, row: int, line: int, rows: Sequence[list[Any]], identity: str, cells: Any) -> None:
        filling = self._filling
        for make in self._rules:
            try:
                item = make(rows, identity)
            except Unfit as e:
                self._reject(Reject(row, line, e.column, e.code, e.message, excerpt_of(cells)), fresh=True)
                continue
            if item is not None:
                filling.items.append(self._encode(item))
                filling.message_ids.append(item["messageId"])
                self._hopeless = -1

    def _reject(self, reject: Reject, *, fresh: bool) -> None:
        if fresh:
            self._filling.rejects.append(reject)
        if self._hopeless >= 0:
            self._hopeless += 1
            if self._hopeless >= HOPELESS_ROWS:
                self._give_up()

    def _give_up(self) -> None:
        counts = Counter((r.column, r.code) for r in self._filling.rejects)
        samples = {(r.column, r.code): r for r in reversed(self._filling.rejects)}
        problems = [
            Problem(code, f"{f'column {column!r}: ' if column else ''}{samples[column, code].message} (row "
                           f"{samples[column, code].row}, and {n - 1} more)")
            for (column, code), n in counts.most_common(20)
        ]  # fmt: skip
        msg = f"the first {HOPELESS_ROWS} faults came before the first sound row: nothing was imported"
        raise InvalidInput(msg, problems=problems)


def identity_of(content: bytes, row: int = 0) -> str:
    """The id of a row that names none: its content and its number, so that importing a file twice changes nothing.

    Not in hexadecimal: a long run of digits would look like a number too large for a JSON reader (`events.parse`).
    """
    return b2a_base64(blake2b(content, digest_size=15, salt=row.to_bytes(16, "little")).digest(), newline=False).decode()


def join_items(items: Sequence[bytes]) -> bytes:
    """The body of a request that holds the items."""
    return b'{"batch":[' + b",".join(items) + b"]}"
