"""What can be wrong with a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reject:
    """A row that was left out because it is faulty, with the column and the reason."""

    row: int  # as a spreadsheet counts: the header is row 1
    line: int  # as an editor counts; another number where texts hold line breaks
    column: str
    code: str
    message: str
    excerpt: str = ""


def excerpt_of(cells: object) -> str:
    """The beginning of a row, for people to recognise it by."""
    text = ",".join(map(str, cells)) if isinstance(cells, list | tuple) else str(cells)
    return text if len(text) <= 300 else f"{text[:299]}…"
