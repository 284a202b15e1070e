"""Members as a file. Memory: eight bytes a member, and one batch of people."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from relance.conditions.clauses import look_up
from relance.errors import InvalidInput
from relance.segments.table_file import FORMATS, MEDIA_TYPES, Format, as_cell, as_text, write_table

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import ProfileRow, ReadableWarehouse

__all__ = ["FORMATS", "MEDIA_TYPES", "Format", "as_cell", "as_text", "columns_of", "read_traits", "write_members"]

OF_EVERYBODY = ("user_id", "email", "phone")  # columns that every export has
PEOPLE_AT_ONCE = 10_000
MOST_TRAITS = 200


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
    write_table(rows, columns_of(traits), out, form=form, bom=bom)


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
