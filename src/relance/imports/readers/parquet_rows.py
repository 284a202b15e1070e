"""Rows of a Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from relance.imports.readers.base import Block, Place, check_columns, file_problem
from relance.imports.rejects import excerpt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping

ROWS_AT_ONCE = 4_096
BYTES_AT_ONCE = 16 * 1024 * 1024
_encode_cells = msgspec.json.Encoder(enc_hook=repr).encode
# The years that Python's datetimes have, in microseconds since 1970.
_YEARS = (-62_135_596_800_000_000, 253_402_300_800_000_000)


class ParquetRows:
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(path, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as e:
            raise file_problem(path, "file_unreadable", f"this is no sound Parquet file: {e}") from e
        self.columns = list(self._file.schema_arrow.names)
        self.size = self._file.metadata.num_rows
        self._asked = self.columns
        self._instants: set[str] = set()
        self._row = 0
        if not self.size:
            self._file.close()
            raise file_problem(path, "empty_file", "the file has no rows")

    def ask(self, mapping: Mapping, names: Sequence[str]) -> None:
        check_columns(self.path, names, self.columns)
        self._asked = list(names)
        shapes = [mapping.column(name) for name in names]
        # An instant of the file is one wherever it is read, unless it lacks an offset and is read in a zone.
        self._instants = {
            s.name
            for s in shapes
            if s.type == "datetime" and not s.null - {""} and (s.time_zone == "UTC" or self._has_zone(s.name))
        }

    def _has_zone(self, name: str) -> bool:
        kind = self._file.schema_arrow.field(name).type
        return pa.types.is_timestamp(kind) and kind.tz is not None

    def blocks(self, start: Place | None = None) -> Iterator[Block]:
        row = start.row if start else 1
        skip, groups = row - 1, list(range(self._file.metadata.num_row_groups))
        while groups and skip >= self._file.metadata.row_group(groups[0]).num_rows:
            skip -= self._file.metadata.row_group(groups.pop(0)).num_rows
        try:
            for batch in self._file.iter_batches(self._rows_at_once(), row_groups=groups, columns=self._asked):
                if skip >= batch.num_rows:
                    skip -= batch.num_rows
                    continue
                columns = [self._values(name, batch.column(name).slice(skip)) for name in self._asked]
                n, skip = batch.num_rows - skip, 0
                yield _block(row, n, columns)
                row += n
                self._row = row - 1
        except (pa.ArrowException, OSError) as e:
            raise file_problem(self.path, "file_damaged", f"can not be read on from row {row}: {e}") from e

    def _rows_at_once(self) -> int:
        """So many that they fit into memory, however large they are."""
        metadata = self._file.metadata
        largest = max(
            metadata.row_group(i).total_byte_size / max(metadata.row_group(i).num_rows, 1)
            for i in range(metadata.num_row_groups)
        )
        return int(min(max(BYTES_AT_ONCE / max(largest, 1), 16), ROWS_AT_ONCE))

    def _values(self, name: str, column: Any) -> Sequence[Any]:
        """The values of a column as Python has them; instants finer than a microsecond are cut, as everywhere in relance."""
        kind = column.type
        if pa.types.is_timestamp(kind):
            if kind.unit != "us":
                kind = pa.timestamp("us", kind.tz)
                column = column.cast(kind, safe=False)
            if name in self._instants and not column.null_count:
                texts = _instants(column.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False))
                if texts is not None:
                    return texts
        elif not column.null_count and (pa.types.is_integer(kind) or pa.types.is_floating(kind)) and kind != pa.float16():
            return column.to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]
        return column.to_pylist()  # type: ignore[no-any-return]

    def done(self) -> int:
        return self._row

    def close(self) -> None:
        self._file.close()


def _instants(column: Any) -> list[str] | None:
    """Instants of UTC as `format_instant` writes them; None when some lie outside of Python's years."""
    micros = column.astype("datetime64[us]").astype(np.int64)
    if len(micros) and not (micros.min() >= _YEARS[0] and micros.max() < _YEARS[1]):
        return None
    texts: list[str] = (np.datetime_as_string(column.astype("datetime64[s]")).astype("U19")).tolist()
    fractions = micros % 1_000_000
    if not fractions.any():
        return [f"{text}Z" for text in texts]
    return [f"{text}.{us:06d}Z" if us else f"{text}Z" for text, us in zip(texts, fractions.tolist(), strict=True)]


def _block(first: int, n: int, columns: list[Sequence[Any]]) -> Block:
    rows = range(first, first + n)
    return Block(
        rows, rows, [0] * n, columns,
        lambda: list(map(_encode_cells, zip(*columns, strict=True))) if columns else [b""] * n,
        lambda i: excerpt_of([column[i] for column in columns]),
        Place(first + n, first + n, 0),
    )  # fmt: skip
