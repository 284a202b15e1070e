"""A column's cells → its values, many at a time.

Each is what `values.compile_converter` makes of the cell alone (the tests compare the two); what is gained is that a column of one kind
needs no call of Python for each of its cells, and that a text that was read before is not read again.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from relance.imports.instants import all_canonical
from relance.imports.values import INT64, SAFE_INTEGER, compile_converter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.imports.mapping import Column
    from relance.imports.values import Converter

    Fault = tuple[int, str]  # where in the column, and what is wrong

REMEMBERED_TEXTS = 16_384
REMEMBERED_CHARACTERS = 64
_NOTHING = frozenset({""})
_TEXTS = {str}
_TEXTS_AND_GAPS = {str, type(None)}


class ColumnReader:
    """Reads the cells of one column."""

    def __init__(self, column: Column) -> None:
        self.name = column.name
        self.convert_cell: Converter = compile_converter(column)
        self._type = column.type
        self._null = column.null
        self._is_iso = (
            column.type == "datetime"
            and column.format == "iso"
            and all(len(text) != len("2026-03-01T09:00:00Z") for text in column.null)
        )
        self._known = _Known(self.convert_cell).__getitem__

    def convert(self, cells: Sequence[Any]) -> Sequence[Any]:
        """The values of a column.

        Raises:
            ValueError: a cell is faulty; `faults` tells which.
        """
        kinds = set(map(type, cells))
        if kinds == _TEXTS:
            if self._type == "text":
                return self._texts(cells)
            if self._is_iso and all_canonical(cells):
                return cells
            return list(map(self._known, cells))
        if kinds == _TEXTS_AND_GAPS and self._type != "text":
            return list(map(self._known, cells))
        quick = _NATIVE.get((self._type, next(iter(kinds)))) if len(kinds) == 1 else None
        values = quick(cells) if quick is not None else None
        return list(map(self.convert_cell, cells)) if values is None else values

    def _texts(self, cells: Sequence[str]) -> Sequence[str | None]:
        null = self._null
        if null == _NOTHING:
            return [cell or None for cell in cells] if "" in cells else cells
        return [None if cell in null else cell for cell in cells]

    def faults(self, cells: Sequence[Any]) -> tuple[list[Any], list[Fault]]:
        """The values of a column that has faulty cells (None where it has), and what is wrong with each."""
        values: list[Any] = []
        faults: list[Fault] = []
        for i, cell in enumerate(cells):
            try:
                values.append(self.convert_cell(cell))
            except ValueError as e:
                values.append(None)
                faults.append((i, str(e)))
        return values, faults


class _Known(dict[Any, Any]):
    """Texts that were read a moment ago: a file repeats its numbers, days and words."""

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: Any) -> Any:
        value = self._convert(cell)
        if cell is None or len(cell) <= REMEMBERED_CHARACTERS:
            if len(self) >= REMEMBERED_TEXTS:
                self.clear()
            self[cell] = value
        return value


# --------------------------------------------------------------------------------- columns of one native kind, without gaps
def _same(cells: Sequence[Any]) -> Sequence[Any] | None:
    return cells


def _small_integers(cells: Sequence[int]) -> Sequence[int] | None:
    return cells if min(cells) > -INT64 and max(cells) < INT64 else None


def _floats(cells: Sequence[float]) -> Sequence[float] | None:
    if not all(map(isfinite, cells)):
        return None
    return [int(cell) if cell.is_integer() and -SAFE_INTEGER < cell < SAFE_INTEGER else cell for cell in cells]


_NATIVE: dict[tuple[str, type], Callable[[Any], Sequence[Any] | None]] = {
    ("number", int): _small_integers,
    ("number", float): _floats,
    ("integer", int): _small_integers,
    ("boolean", bool): _same,
    ("json", bool): _same,
    ("json", int): _same,
}
