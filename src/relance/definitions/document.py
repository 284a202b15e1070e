"""One definition as it was written, and where in its file everything stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Place = tuple[int, int]  # line and column, both from 1

MAX_BYTES = 8 * 1024 * 1024  # of a file, and of what its aliases may unfold to
MAX_DEPTH = 200
MAX_VALUES = 1_000_000


class SourceText:
    """The text of one file, asked for places only when there is something to complain about."""

    def __init__(self, file: str | None, text: str, locate: Callable[[str], Mapping[str, Place]]) -> None:
        self.file = file
        self.text = text
        self._locate = locate

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where each value begins, by JSON pointer; the first name of a pointer is the number of the document."""
        return self._locate(self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """One definition: its body, and its place in a file."""

    body: Mapping[str, Any]
    source: SourceText | None = field(default=None, repr=False, compare=False)
    root: str = ""  # JSON pointer of the document inside its source

    @property
    def kind(self) -> str | None:
        kind = self.body.get("kind")
        return kind if isinstance(kind, str) else None

    @property
    def id(self) -> str | None:
        """The id, when it is a text; settings have none."""
        found = self.body.get("id")
        return found if isinstance(found, str) else None

    @property
    def file(self) -> str | None:
        return self.source.file if self.source else None

    def place(self, path: str = "") -> Place | None:
        """Line and column of what a JSON pointer names, or of the nearest thing around it."""
        if self.source is None:
            return None
        path = self.root + path
        while path:
            found = self.source.places.get(path)
            if found:
                return found
            path = path.rpartition("/")[0]
        return None

    def problem(self, problem: Problem) -> Problem:
        """A problem with the kind, id and place of this document on it."""
        line, column = self.place(problem.path) or (None, None)
        return Problem(
            code=problem.code,
            message=problem.message,
            path=problem.path,
            severity=problem.severity,
            kind=self.kind,
            id=self.id,
            file=self.file,
            line=line,
            column=column,
        )


def problem_at(code: str, message: str, place: Place | None = None) -> Problem:
    """A problem of a text, before its definitions are known."""
    line, column = place or (None, None)
    return Problem(code, message, line=line, column=column)


class Unreadable(Exception):
    """A text that can not be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Parsed:
    """The values of one text, and what was wrong while reading them."""

    values: list[Any]
    problems: list[Problem] = field(default_factory=list)


def child(path: str, name: str | int) -> str:
    """The pointer of a value inside another."""
    return path + pointer(name)
