"""Columns that a warehouse answers with. Texts come as codes: whatever is asked of a text is asked once for each distinct one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts.

    Shape:
        codes: one a row, the place of its text in `values`; -1 where there is none.
    """

    codes: np.ndarray[Any, np.dtype[np.int32]]
    values: list[str]

    def tested(self, test: Callable[[str | None], bool]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether a test holds, row by row; it is asked once for each distinct text, and for None."""
        answers = np.fromiter((test(value) for value in (*self.values, None)), dtype=bool, count=len(self.values) + 1)
        return answers[self.codes]  # the last one is at -1

    def take(self, rows: np.ndarray[Any, Any]) -> Coded:
        """Some rows."""
        return Coded(self.codes[rows], self.values)


Columns = dict[str, Any]  # by name: an array, or `Coded` for texts


def read_columns(table: pa.Table) -> Columns:
    """The columns of an Arrow table: integers, numbers and truth values without gaps, and texts."""
    return {name: _read(table.column(name)) for name in table.column_names}


def _read(column: pa.ChunkedArray) -> Any:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_binary(column.type):
        texts = pa.chunked_array([column.cast(pa.string())]) if not pa.types.is_string(column.type) else column
        coded = texts.combine_chunks().dictionary_encode()
        if isinstance(coded, pa.ChunkedArray):
            coded = coded.combine_chunks()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        return Coded(codes, coded.dictionary.to_pylist())
    return column.to_numpy()


def join(parts: Sequence[Columns]) -> Columns:
    """The rows of some answers with the same columns, one after the other; of arrays alone."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def ordered(columns: Mapping[str, Any], order: np.ndarray[Any, Any]) -> Columns:
    """The same columns with their rows in another order, or some of them."""
    return {name: column.take(order) if isinstance(column, Coded) else column[order] for name, column in columns.items()}
