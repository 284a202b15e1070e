"""A file and a mapping → batches of items, each with the place where reading can start again.

No input or output but the file's: what is done with a batch is the caller's business.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relance.errors import InvalidInput
from relance.imports.batch import Batch, Checkpoint
from relance.imports.event_lines import EventLines
from relance.imports.grouped_rows import GroupedRows
from relance.imports.mapped_rows import MappedRows
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.imports.mapping import Mapping
    from relance.imports.readers import RowSource
    from relance.imports.rejects import Reject

HOPELESS_ROWS = 1_000  # when so many rows are faulty and none is sound, the mapping is wrong, not the rows


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
        self._is_hopeful = start.place is not None
        self._faults: list[Reject] = []  # of rows before the first sound one
        self._reads: EventLines | MappedRows | GroupedRows = EventLines()
        if mapping is not None:
            names = mapping.columns_used()
            source.ask(mapping, names)
            self._reads = (
                GroupedRows(mapping, mapping.group, names, start.left, default_at)
                if mapping.group
                else MappedRows(mapping, names, default_at)
            )

    def batches(self) -> Iterator[Batch]:
        """All that is left of the file.

        Raises:
            InvalidInput: the file is damaged, or none of its first rows makes an event.
        """
        counted = self._start.counted_row
        for block in self._source.blocks(self._start.place):
            batch = self._reads.read(block, counted)
            fresh_faults = [fault for fault in block.faults if fault.row > counted]
            batch.rejects = sorted([*batch.rejects, *fresh_faults], key=lambda reject: reject.row)
            batch.n_rows = len(fresh_faults) + (
                len(block.rows) if not block.rows or block.rows[0] > counted else sum(row > counted for row in block.rows)
            )
            counted = max(counted, block.end.row - 1)
            batch.checkpoint = self._reads.checkpoint(block.end, counted)
            self._look_for_hope(batch)
            yield batch
        last = self._reads.finish()
        last.last = True
        last.checkpoint = Checkpoint(None, counted)
        yield last

    def _look_for_hope(self, batch: Batch) -> None:
        if self._is_hopeful or batch.items:
            self._is_hopeful, self._faults = True, []
            return
        self._faults += batch.rejects
        if len(self._faults) < HOPELESS_ROWS:
            return
        faults = self._faults[:HOPELESS_ROWS]
        counts = Counter((r.column, r.code) for r in faults)
        samples = {(r.column, r.code): r for r in reversed(faults)}
        problems = [
            Problem(code, f"{f'column {column!r}: ' if column else ''}{samples[column, code].message} (row "
                           f"{samples[column, code].row}, and {n - 1} more)")
            for (column, code), n in counts.most_common(20)
        ]  # fmt: skip
        msg = f"the first {HOPELESS_ROWS} faults came before the first sound row: nothing was imported"
        raise InvalidInput(msg, problems=problems)
