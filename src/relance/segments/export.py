"""Members as a file: CSV for spreadsheets, Parquet for machines. Memory: eight bytes a member, and one batch of people."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

from relance.conditions.clauses import look_up
from relance.errors import InvalidInput

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import ProfileRow, ReadableWarehouse

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}

OF_EVERYBODY = ("user_id", "email", "phone")  # columns that every export has
PEOPLE_AT_ONCE = 10_000
ROWS_A_GROUP = 50_000  # of Parquet
MOST_TRAITS = 200

# What a spreadsheet takes for the beginning of a formula; the wide forms count in East Asian settings.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - these very letters
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)  # phone numbers among them


def read_traits(text: str) -> list[str]:
    """The paths of traits in `plan,address.city`.

    Raises:
        InvalidInput: one is empty, or there are too many.
    """
    paths = [path.strip() for path in text.split(",")] if text.strip() else []
    wrong = [
        f"`{path}` is no path of a trait: write names with dots between them" for path in paths if not all(path.split("."))
    ]
    if len(paths) > MOST_TRAITS:
        wrong.append(f"an export has at most {MOST_TRAITS} traits")
    if wrong:
        raise InvalidInput(wrong[0], problems=wrong)
    return list(dict.fromkeys(paths))


def columns_of(traits: Sequence[str]) -> list[str]:
    """The names of the columns; a trait of the name of another column stands as `traits.NAME`."""
    return [*OF_EVERYBODY, *(f"traits.{path}" if path in OF_EVERYBODY else path for path in traits)]


def write_members(
    warehouse: ReadableWarehouse,
    profile_ids: array[int],
    seq: int | None,
    out: IO[bytes],
    *,
    form: Format,
    traits: Sequence[str],
    bom: bool = False,
    asking: Asking | None = None,
) -> None:
    """Write people to a file, in the order of their ids.

    Args:
        warehouse: where their traits are.
        profile_ids: whom.
        seq: as far as known then.
        out: takes bytes; need not seek.
        form: `csv` or `parquet`.
        traits: the paths of traits, a column each.
        bom: begin a CSV file with the mark by which Excel knows UTF-8.
        asking: what may stop it between two batches.
    """
    rows = _rows(warehouse, profile_ids, seq, traits, asking)
    if form == "csv":
        _write_csv(rows, columns_of(traits), out, bom=bom)
    else:
        _write_parquet(rows, columns_of(traits), out)


def _rows(
    warehouse: ReadableWarehouse, profile_ids: array[int], seq: int | None, traits: Sequence[str], asking: Asking | None
) -> Iterator[list[list[Any]]]:
    paths = [path.split(".") for path in traits]
    for first in range(0, len(profile_ids), PEOPLE_AT_ONCE):
        if asking is not None:
            asking.require()
        yield [_row(state, paths) for state in warehouse.states(profile_ids[first : first + PEOPLE_AT_ONCE].tolist(), seq)]


def _row(state: ProfileRow, paths: Sequence[Sequence[str]]) -> list[Any]:
    known = (json.loads(state.traits) if isinstance(state.traits, str) else state.traits) if paths else {}
    found = (look_up(known, path) for path in paths)
    return [state.user_id, state.email, state.phone, *(values[0] if len(values) == 1 else values or None for values in found)]


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
