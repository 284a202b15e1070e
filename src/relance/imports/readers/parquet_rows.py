"""Rows of a Parquet file."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from relance.imports.readers.base import Place, compile_each, file_problem, missing_columns
from relance.imports.values import compile_converter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping
    from relance.imports.readers.base import RawRow
    from relance.imports.values import Converter

ROWS_AT_ONCE = 4_096


class ParquetRows:
    """A Parquet file; its cells are tuples of the columns that were asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(path, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as e:
            raise file_problem(path, "file_unreadable", f"this is no sound Parquet file: {e}") from e
        self.columns = list(self._file.schema_arrow.names)
        self.size = self._file.metadata.num_rows
        self._asked = self.columns
        self._row = 0
        if not self.size:
            raise file_problem(path, "empty_file", "the file has no rows")

    def rows(self, start: Place | None = None) -> Iterator[RawRow]:
        row = start.row if start else 1
        skip, groups = row - 1, list(range(self._file.metadata.num_row_groups))
        while groups and skip >= self._file.metadata.row_group(groups[0]).num_rows:
            skip -= self._file.metadata.row_group(groups.pop(0)).num_rows
        try:
            for batch in self._file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=self._asked):
                if skip >= batch.num_rows:
                    skip -= batch.num_rows
                    continue
                by_name = {name: _values(batch.column(name).slice(skip)) for name in self._asked}
                skip = 0
                for cells in zip(*by_name.values(), strict=True):
                    self._row = row
                    yield row, row, 0, cells, None
                    row += 1
        except (pa.ArrowException, OSError) as e:
            raise file_problem(self.path, "file_damaged", f"can not be read on from row {row}: {e}") from e

    def converters(self, mapping: Mapping, names: Sequence[str]) -> list[tuple[str, Any, Converter]]:
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise missing_columns(self.path, missing, self.columns)
        self._asked = list(names)
        return [(name, itemgetter(i), compile_converter(mapping.column(name))) for i, name in enumerate(names)]

    def compile_row(self, mapping: Mapping, names: Sequence[str]) -> Callable[[Any], list[Any]]:
        return compile_each(self.converters(mapping, names))

    def identity(self, cells: tuple[Any, ...]) -> bytes:
        return repr(cells).encode("utf-8", "surrogatepass")

    def done(self) -> int:
        return self._row

    def close(self) -> None:
        self._file.close()


def _values(column: Any) -> list[Any]:
    """The values of a column as Python has them; instants finer than a microsecond are cut, as everywhere in relance."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column.to_pylist()  # type: ignore[no-any-return]
