"""Rows that make events together with those of the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.imports.batch import Batch, Checkpoint, identity_of
from relance.imports.cases import Cases, PlainRows
from relance.imports.grouping import Groups
from relance.imports.mapped_rows import MappedRows
from relance.imports.rejects import Reject, excerpt_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.imports.grouping import Group
    from relance.imports.mapping import Grouping, Mapping
    from relance.imports.readers import Block, Place


class GroupedRows:
    """Reads blocks by a mapping that has groups.

    Args:
        mapping: how rows become events.
        group: which of them do so together.
        names: the columns of the blocks.
        left: groups that left before reading starts.
        default_at: the timestamp of events whose rule names none.
    """

    def __init__(self, mapping: Mapping, group: Grouping, names: Sequence[str], left: dict[str, int], default_at: str) -> None:
        self._rows = MappedRows(mapping, names, default_at)
        self._by = group.by
        self._groups = Groups(group.within_rows, left)

    def read(self, block: Block, counted: int) -> Batch:
        """The events of the groups that end in a block."""
        batch = Batch()
        columns, faulty = self._rows.read_columns(block, batch, counted)
        values = PlainRows(columns, len(block.rows))
        skipped = self._rows.skipped(block, values, faulty, batch, counted)
        keys = list(zip(*(columns[self._rows.places[name]] for name in self._by), strict=True))
        groups, gone = self._groups, []
        for i, place in enumerate(zip(block.rows, block.lines, block.offsets, strict=True)):
            if i in skipped:
                continue
            key, row, is_faulty = keys[i], place[0], i in faulty
            if None in key:
                if row > counted and not is_faulty:
                    name, message = self._by[key.index(None)], "no value, and rows are grouped by it"
                    batch.rejects.append(Reject(row, place[1], name, "missing_value", message, block.excerpt(i)))
                continue
            while (group := groups.leave()) is not None:
                gone.append(group)
            told = key[0] if len(key) == 1 and key[0].__class__ is str else "\x1f".join(map(str, key))
            wrong = groups.add(told, place, None if is_faulty else values[i][0])
            if wrong is not None and row > counted and not is_faulty:
                batch.rejects.append(Reject(row, place[1], ", ".join(self._by), "group_apart", wrong, block.excerpt(i)))
        self._make(batch, gone)
        return batch

    def checkpoint(self, end: Place, counted: int) -> Checkpoint:
        """Where reading can start again behind a block: at the first row of the oldest group that waits."""
        place = self._groups.start() or end
        return Checkpoint(place, counted, self._groups.left_since(place.row))

    def finish(self) -> Batch:
        """The groups that are left at the end of the file."""
        batch = Batch()
        self._make(batch, self._groups.leave_all())
        return batch

    def _make(self, batch: Batch, groups: Iterable[Group]) -> None:
        # A checkpoint never stands behind the first row of a group that has not left: what its leaving does is always new.
        sound = []
        for group in groups:
            if not group.broken_by:
                sound.append(group)
                continue
            message = f"the group of {len(group.rows)} sound rows is left out, because row {group.broken_by} of it is faulty"
            beginning = excerpt_of(group.key.split("\x1f"))
            batch.rejects.append(Reject(group.start.row, group.start.line, "", "group_broken", message, beginning))
        identities = [identity_of(group.key.encode("utf-8", "surrogatepass")) for group in sound]
        cases = Cases([group.rows for group in sound])
        self._rows.make(
            batch, cases, identities, lambda i: (sound[i].start.row, sound[i].start.line, excerpt_of(list(sound[i].rows[0])))
        )
