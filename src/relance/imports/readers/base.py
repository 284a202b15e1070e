"""What every reader answers, and where it can start again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from relance.errors import InvalidInput
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping
    from relance.imports.rejects import Reject
    from relance.imports.values import Converter


class Place(NamedTuple):
    """The beginning of a row: its number, its line, and the bytes before it (after unpacking)."""

    row: int = 0
    line: int = 0
    offset: int = 0


# row, line, offset, cells, and what is wrong when there are no cells
RawRow: TypeAlias = "tuple[int, int, int, Any, Reject | None]"


class RowSource(Protocol):
    """An open file."""

    size: int  # of the file, in bytes (of Parquet: in rows)

    def rows(self, start: Place | None = None) -> Iterator[RawRow]:
        """The rows from a place on, or from the first; a faulty one comes with its reason instead of its cells."""
        ...

    def converters(self, mapping: Mapping, names: Sequence[str]) -> list[tuple[str, Any, Converter]]:
        """For each column asked for: its name, what finds its cell in `cells`, and what makes its value.

        Raises:
            InvalidInput: the file lacks some of the columns; all are listed.
        """
        ...

    def compile_row(self, mapping: Mapping, names: Sequence[str]) -> Callable[[Any], list[Any]]:
        """What makes the values of a row, in the order of `names`; raises ValueError when one of them is faulty."""
        ...

    def identity(self, cells: Any) -> bytes:
        """The content of a row, for a stable id."""
        ...

    def done(self) -> int:
        """How much of `size` was read."""
        ...

    def close(self) -> None: ...


def file_problem(path: Path, code: str, message: str) -> InvalidInput:
    """The error for a file that can not be read as a whole."""
    return InvalidInput(f"{path.name}: {message}", problems=[Problem(code, f"{path.name}: {message}")])


def missing_columns(path: Path, names: Sequence[str], there: Sequence[str]) -> InvalidInput:
    """The error for columns that the mapping names and the file does not have."""
    from difflib import get_close_matches

    problems = []
    for name in names:
        near = get_close_matches(name, there, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(there[:40])}"
        problems.append(Problem("missing_column", f"{path.name} has no column {name!r}{hint}"))
    return InvalidInput(f"{path.name} lacks columns that the mapping asks for", problems=problems)


def compile_each(columns: Sequence[tuple[str, Any, Converter]]) -> Callable[[Any], list[Any]]:
    """A row's values by one call for each column."""
    plan = [(get, convert) for _, get, convert in columns]
    return lambda cells: [convert(get(cells)) for get, convert in plan]
