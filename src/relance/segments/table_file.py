"""A table of people as a file: CSV for spreadsheets, Parquet for machines. Memory: one batch of rows."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
ROWS_A_GROUP = 50_000  # of Parquet

# What a spreadsheet takes for the beginning of a formula; the wide forms count in East Asian settings.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - these very letters
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)  # phone numbers among them


def write_table(
    batches: Iterable[list[list[Any]]], columns: Sequence[str], out: IO[bytes], *, form: Format, bom: bool = False
) -> None:
    """Write rows to a file.

    Args:
        batches: the rows, a list of values each.
        columns: their names.
        out: takes bytes; need not seek.
        form: `csv` or `parquet`.
        bom: begin a CSV file with the mark by which Excel knows UTF-8.
    """
    if form == "csv":
        _write_csv(batches, columns, out, bom=bom)
    else:
        _write_parquet(batches, columns, out)


def as_text(value: Any) -> str | None:
    """A value as text: texts as they are, all else as JSON; nothing for what is missing."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_cell(value: Any) -> str:
    """A value in a CSV cell. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = as_text(value)
    if not text:
        return ""
    is_formula = isinstance(value, str) and (text[0] in _FORMULA or text.lstrip()[:1] in _FORMULA)
    return f"'{text}" if is_formula and not _NUMBER.fullmatch(text) else text


def _write_csv(batches: Iterable[list[list[Any]]], columns: Sequence[str], out: IO[bytes], *, bom: bool) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)  # else a separator of another country's would split a cell
    out.write(b"\xef\xbb\xbf" if bom else b"")
    writer.writerow(map(as_cell, columns))
    for batch in batches:
        writer.writerows([map(as_cell, row) for row in batch])
        _drain(buffer, out)
    _drain(buffer, out)


def _drain(buffer: io.StringIO, out: IO[bytes]) -> None:
    out.write(buffer.getvalue().encode("utf-8", "replace"))
    buffer.seek(0)
    buffer.truncate()


def _write_parquet(batches: Iterable[list[list[Any]]], columns: Sequence[str], out: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, pa.string()) for column in columns])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _grouped(batches):
            cells = ([_plain(as_text(value)) for value in column] for column in zip(*rows, strict=True))
            writer.write_table(pa.table([pa.array(column, pa.string()) for column in cells], schema=schema))


def _grouped(batches: Iterable[list[list[Any]]]) -> Iterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    for batch in batches:
        rows += batch
        if len(rows) >= ROWS_A_GROUP:
            yield rows
            rows = []
    if rows:
        yield rows


def _plain(text: str | None) -> str | None:
    """What can be written as UTF-8."""
    return None if text is None else text.encode("utf-8", "replace").decode()
