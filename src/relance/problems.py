"""What is wrong with something a person wrote: found all at once, each with a sentence that says how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or at least suspicious.

    `code` is stable: docs/reference/problems.md lists every one.
    """

    code: str
    message: str  # says how to mend it
    path: str = ""  # JSON pointer inside the definition
    severity: Severity = "error"
    kind: str | None = None  # of the definition
    id: str | None = None  # of the definition
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def under(self, prefix: str) -> Problem:
        """The same problem, seen from further out."""
        return replace(self, path=prefix + self.path)

    def as_json(self) -> dict[str, Any]:
        """The problem as the command line and the HTTP interface show it; what is not known is left out."""
        shown = {
            "code": self.code,
            "severity": self.severity,
            "kind": self.kind,
            "id": self.id,
            "path": self.path,
            "message": self.message,
        }
        place = {"file": self.file, "line": self.line, "column": self.column}
        return shown | {name: value for name, value in place.items() if value is not None}


def has_errors(problems: Iterable[Problem]) -> bool:
    """True when one of the problems is more than a warning."""
    return any(p.severity == "error" for p in problems)


def pointer(*names: str | int) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)
