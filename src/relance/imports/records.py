"""What the store remembers of imports: one typed function per statement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import format_instant
from relance.errors import NotFound
from relance.imports.batch import Checkpoint
from relance.imports.readers.base import Place
from relance.imports.rejects import Reject
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.store import Connection, Database

_SQL = load_queries("relance.imports")
_PAGE = 5_000
_REJECT_COLUMNS = ("import_id", "reject_id", "row_number", "line", "column_name", "code", "message", "excerpt")


@dataclass
class ImportRecord:
    """How far the import of one file has come."""

    import_id: int
    state: str = "running"
    started_at: int = 0
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    n_rows: int = 0
    n_events: int = 0  # events the rows made
    n_known: int = 0  # of these, those the log had already
    n_rejected: int = 0  # faults; a row may have several
    skipped: Counter[str] = field(default_factory=Counter)


def find_import(connection: Connection, file_key: dict[str, Any]) -> ImportRecord | None:
    """The newest import of a file."""
    row = connection.row(_SQL["imports_find"], file_key)
    if row is None:
        return None
    import_id, state, started_at, row_number, line, offset, counted, left, n_rows, n_events, n_known, n_rejected, skipped = row
    place = Place(row_number, line, offset) if row_number else None
    checkpoint = Checkpoint(place, counted, msgspec.json.decode(left))
    reasons = Counter(msgspec.json.decode(skipped, type=dict[str, int]))
    return ImportRecord(import_id, state, started_at, checkpoint, n_rows, n_events, n_known, n_rejected, reasons)


def start_import(connection: Connection, file_key: dict[str, Any], file: str, now: int) -> ImportRecord:
    """A new import."""
    return ImportRecord(connection.value(_SQL["imports_start"], {**file_key, "file": file, "now": now}), started_at=now)


def advance_import(connection: Connection, record: ImportRecord, rejects: Sequence[Reject], kept: int, now: int) -> None:
    """Write how far an import has come, and its new rejects behind the ones kept before."""
    place = record.checkpoint.place or Place()
    connection.execute(
        _SQL["imports_advance"],
        {
            "import_id": record.import_id, "state": record.state, "now": now, "row_number": place.row, "line": place.line,
            "byte_offset": place.offset, "counted_row": record.checkpoint.counted_row,
            "left_groups": msgspec.json.encode(record.checkpoint.left).decode(), "n_rows": record.n_rows,
            "n_events": record.n_events, "n_known": record.n_known, "n_rejected": record.n_rejected,
            "skipped": msgspec.json.encode(dict(record.skipped)).decode(),
        },
    )  # fmt: skip
    if rejects:
        rows = [
            (record.import_id, kept + i, r.row, r.line, _plain(r.column), r.code, _plain(r.message), _plain(r.excerpt))
            for i, r in enumerate(rejects)
        ]
        connection.insert_rows("import_rejects", _REJECT_COLUMNS, rows)


def fail_import(connection: Connection, import_id: int, error: str, now: int) -> None:
    """Note why an import stopped."""
    connection.execute(_SQL["imports_fail"], {"import_id": import_id, "error": _plain(error), "now": now})


def stop_import(connection: Connection, import_id: int, now: int) -> None:
    """Note that an import was taken back; given again, it goes on where it stopped."""
    connection.execute(_SQL["imports_stop"], {"import_id": import_id, "now": now})


def list_imports(connection: Connection, *, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """The newest imports, as JSON; `before`: the number of one, and only older ones are told."""
    asked = {"before": (1 << 62) if before is None else before, "n": limit}
    return [_as_json(row) for row in connection.rows(_SQL["imports_list"], asked)]


def read_import(connection: Connection, import_id: int) -> dict[str, Any]:
    """One import, as JSON.

    Raises:
        NotFound: there is none of that number.
    """
    row = connection.row(_SQL["imports_read"], {"import_id": import_id})
    if row is None:
        msg = f"there is no import {import_id}"
        raise NotFound(msg)
    return _as_json(row)


def _as_json(row: Sequence[Any]) -> dict[str, Any]:
    import_id, file, source, kind, state, error, started_at, updated_at, n_rows, n_events, n_known, n_rejected, skipped = row
    return {
        "id": import_id, "file": file, "source": source, "live": kind == "live", "state": state, "error": error,
        "started_at": format_instant(started_at), "updated_at": format_instant(updated_at), "rows": n_rows, "events": n_events,
        "already_there": n_known, "rejected": n_rejected, "skipped": msgspec.json.decode(skipped),
    }  # fmt: skip


def count_rejects(connection: Connection, import_id: int) -> int:
    """How many rejects were kept."""
    return int(connection.value(_SQL["rejects_count"], {"import_id": import_id}) or 0)


def rejects_of(connection: Connection, import_id: int, *, start: int = 0, limit: int = 1_000) -> list[Reject]:
    """The rejects that were kept, in the order of the file, from one on."""
    rows = connection.rows(_SQL["rejects_of"], {"import_id": import_id, "start": start, "n": limit})
    return [Reject(*row) for row in rows]


def all_rejects_of(database: Database, import_id: int) -> Iterator[Reject]:
    """All rejects that were kept, some thousand in memory at a time."""
    start = 0
    while True:
        with database.reading() as connection:
            page = rejects_of(connection, import_id, start=start, limit=_PAGE)
        yield from page
        start += len(page)
        if len(page) < _PAGE:
            return


def _plain(text: str) -> str:
    """What PostgreSQL can keep as text."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
