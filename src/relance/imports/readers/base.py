"""What every reader answers, and where it can start again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from relance.errors import InvalidInput
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping
    from relance.imports.rejects import Reject


class Place(NamedTuple):
    """The beginning of a row: its number, its line, and the bytes before it (after unpacking)."""

    row: int = 0
    line: int = 0
    offset: int = 0


@dataclass
class Block:
    """Rows that were read together; those that could not be read stand in `faults` instead.

    Shape: `rows`, `lines` and `offsets` have an item for each row; so has each of `columns`, of which there is one for each column asked
    for. `contents` and `excerpt` tell the bytes that a row is recognised by, and its beginning for people.
    """

    rows: Sequence[int]
    lines: Sequence[int]
    offsets: Sequence[int]
    columns: list[Sequence[Any]]
    contents: Callable[[], Sequence[bytes]]
    excerpt: Callable[[int], str]
    end: Place  # where the next row begins
    faults: list[Reject] = field(default_factory=list)


class RowSource(Protocol):
    """An open file."""

    size: int  # of the file, in bytes (of Parquet: in rows)

    def ask(self, mapping: Mapping, names: Sequence[str]) -> None:
        """Choose the columns of the blocks.

        Raises:
            InvalidInput: the file lacks some of them; all are listed.
        """
        ...

    def blocks(self, start: Place | None = None) -> Iterator[Block]:
        """The rows from a place on, or from the first.

        Raises:
            InvalidInput: the file is damaged; what stands before was given.
        """
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


def check_columns(path: Path, names: Sequence[str], there: Sequence[str]) -> None:
    """Look that a file has each column exactly once.

    Raises:
        InvalidInput: it does not; all problems are listed.
    """
    missing = [name for name in names if name not in there]
    if missing:
        raise missing_columns(path, missing, there)
    twice = [
        f"{path.name} has {list(there).count(name)} columns named {name!r}" for name in names if list(there).count(name) > 1
    ]
    if twice:
        raise InvalidInput("; ".join(twice), problems=[Problem("doubled_column", message) for message in twice])
