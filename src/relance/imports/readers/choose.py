"""Which reader a file needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.imports.readers.base import file_problem

if TYPE_CHECKING:
    from pathlib import Path

    from relance.imports.mapping import CsvOptions, Format
    from relance.imports.readers.base import RowSource

_ENDINGS: dict[str, Format] = {
    ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


def format_of(path: Path) -> Format:
    """The format a file's name tells.

    Raises:
        InvalidInput: it tells none.
    """
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    for ending, known in _ENDINGS.items():
        if name.endswith(ending):
            return known
    raise file_problem(
        path, "unknown_format", "its name does not tell what it is; name `format` in the mapping: csv, jsonl or parquet"
    )


def open_rows(path: Path, form: Format | None, options: CsvOptions) -> RowSource:
    """Open a file with the reader for its format.

    Raises:
        InvalidInput: the file is missing, empty, or not what it should be.
    """
    if not path.is_file():
        raise file_problem(path, "file_missing", "there is no such file")
    match form or format_of(path):
        case "parquet":
            from relance.imports.readers.parquet_rows import ParquetRows

            return ParquetRows(path)
        case "jsonl":
            from relance.imports.readers.jsonl_rows import JsonlRows

            return JsonlRows(path)
        case _:
            from relance.imports.readers.csv_rows import CsvRows

            return CsvRows(path, options)
