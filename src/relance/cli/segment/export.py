"""Members as a file."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.cli.segment.opening import Segments


def export(
    segment_id: str,
    /,
    *,
    out: Path,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - the name of the option
    traits: str = "",
    bom: bool = False,
    at: str | None = None,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Write all members of a segment to a file: user id, email, phone and the traits that are named.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front; Parquet has every text as it is.

    Exit: 0 done; 2 there is no such segment, its data can not be read, or the file can not be written.

    Args:
        segment_id: the id of the segment.
        out: the file; `-` is standard output. It is there whole, or not at all.
        format: csv or parquet.
        traits: paths of traits, with commas between them: plan,address.city.
        bom: begin CSV with the mark by which Excel knows UTF-8.
        at: as of which instant, with what was known then. Default: now.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer

    def ask(segments: Segments) -> int:
        with whole_file(out) as file:
            found = segments.export(segment_id, file, form=format, traits=traits, at=at, bom=bom)
        if str(out) != "-":
            tell({**found, "file": str(out)}, f"wrote {found['members']} members to {out}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


@contextmanager
def whole_file(out: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when all is written."""
    if str(out) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    begun = out.with_name(f"{out.name}.part-{os.getpid()}")
    try:
        with begun.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        begun.replace(out)
    finally:
        begun.unlink(missing_ok=True)
