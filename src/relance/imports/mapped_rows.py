"""Rows that make events, each for itself."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any

from relance.imports.batch import Batch, Checkpoint, identity_of
from relance.imports.cases import Cases, PlainRows
from relance.imports.columns import ColumnReader
from relance.imports.filters import compile_clauses
from relance.imports.rejects import Reject
from relance.imports.rules import compile_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.imports.mapping import Mapping
    from relance.imports.readers import Block, Place

    Where = Callable[[int], tuple[int, int, str]]  # a case → its row, its line, its beginning


class MappedRows:
    """Reads blocks by a mapping.

    Args:
        mapping: how rows become events.
        names: the columns of the blocks.
        default_at: the timestamp of events whose rule names none.
    """

    def __init__(self, mapping: Mapping, names: Sequence[str], default_at: str) -> None:
        self.places = {name: i for i, name in enumerate(names)}
        self._readers = [ColumnReader(mapping.column(name)) for name in names]
        self._skips = [(test, s.reason) for s in mapping.skip_when if (test := compile_clauses(s.clauses, self.places))]
        self._rules = compile_rules(mapping, self.places, default_at)
        self._needs_identity = any(rule.needs_identity for rule in self._rules)

    def read(self, block: Block, counted: int) -> Batch:
        """The events of a block."""
        batch = Batch()
        columns, faulty = self.read_columns(block, batch, counted)
        left_out = faulty | self.skipped(block, PlainRows(columns, len(block.rows)), faulty, batch, counted)
        rows, contents = block.rows, block.contents() if self._needs_identity else ()
        kept: Sequence[int] = range(len(rows))
        if left_out:
            wanted = [i not in left_out for i in kept]
            kept, rows = list(compress(kept, wanted)), list(compress(rows, wanted))
            columns = [list(compress(column, wanted)) for column in columns]
            contents = list(compress(contents, wanted))
        identities = list(map(identity_of, contents, rows)) if self._needs_identity else []
        cases = Cases(PlainRows(columns, len(rows)), columns)
        self.make(batch, cases, identities, lambda i: (rows[i], block.lines[kept[i]], block.excerpt(kept[i])))
        return batch

    def read_columns(self, block: Block, batch: Batch, counted: int) -> tuple[list[Sequence[Any]], set[int]]:
        """The values of a block by column, and which rows are faulty; the faults of those that are new are noted."""
        columns: list[Sequence[Any]] = []
        faulty: set[int] = set()
        for reader, cells in zip(self._readers, block.columns, strict=True):
            try:
                columns.append(reader.convert(cells))
            except ValueError:
                values, faults = reader.faults(cells)
                columns.append(values)
                for i, message in faults:
                    faulty.add(i)
                    if block.rows[i] > counted:
                        batch.rejects.append(
                            Reject(block.rows[i], block.lines[i], reader.name, "wrong_type", message, block.excerpt(i))
                        )
        return columns, faulty

    def skipped(self, block: Block, rows: PlainRows, faulty: set[int], batch: Batch, counted: int) -> set[int]:
        """Which sound rows are left out on purpose; those that are new are counted by the first reason that holds."""
        skipped: set[int] = set()
        for test, reason in self._skips:
            hits = {i for i, (row,) in enumerate(rows) if i not in skipped and test(row)} - faulty
            if hits:
                skipped |= hits
                n_fresh = len(hits) if block.rows[0] > counted else sum(block.rows[i] > counted for i in hits)
                if n_fresh:
                    batch.skipped[reason] += n_fresh
        return skipped

    def make(self, batch: Batch, cases: Cases, identities: Sequence[str], where: Where) -> None:
        """Add the events of some cases to a batch: case after case, the rules of each in order."""
        n, n_rules = len(cases), len(self._rules)
        if not n:
            return
        items: list[Any] = [None] * (n * n_rules)
        message_ids: list[Any] = [None] * (n * n_rules)
        is_whole = True
        for turn, rule in enumerate(self._rules):
            made = rule.make(cases, identities)
            if len(made.items) == n:
                items[turn::n_rules], message_ids[turn::n_rules] = made.items, made.message_ids
            else:
                is_whole = False
                for i, item, message_id in zip(made.indexes, made.items, made.message_ids, strict=True):
                    items[i * n_rules + turn], message_ids[i * n_rules + turn] = item, message_id
            for i, why in made.failed.items():
                row, line, excerpt = where(i)
                batch.rejects.append(Reject(row, line, why.column, why.code, why.message, excerpt))
        batch.items = items if is_whole else [item for item in items if item is not None]
        batch.message_ids = message_ids if is_whole else [one for one in message_ids if one is not None]

    def checkpoint(self, end: Place, counted: int) -> Checkpoint:
        """Where reading can start again behind a block."""
        return Checkpoint(end, counted)

    def finish(self) -> Batch:
        """What is left at the end of the file."""
        return Batch()
