"""A file opened with the mapping that fits it: the one given, or the one its own columns tell."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from relance.errors import InvalidInput
from relance.imports.batch import Checkpoint
from relance.imports.mapping import Clause, Column, ColumnValue, CsvOptions, EventRule, Mapping
from relance.imports.readers import open_rows
from relance.imports.readers.base import file_problem
from relance.imports.readers.choose import format_of
from relance.imports.reading import FileReading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Fields
    from relance.imports.readers import RowSource
    from relance.problems import Problem

_NAMES = {
    "user_id": ("userId", "user_id"),
    "anonymous_id": ("anonymousId", "anonymous_id"),
    "timestamp": ("timestamp", "originalTimestamp", "original_timestamp"),
    "event": ("event",),
    "message_id": ("messageId", "message_id"),
    "type": ("type",),
}


@contextmanager
def open_reading(
    path: Path, mapping: Mapping | None, default_at: str, start: Checkpoint | None = None
) -> Iterator[tuple[RowSource, FileReading]]:
    """Open a file for reading from a place on.

    Raises:
        InvalidInput: the file is missing, empty, of another format, or lacks columns; all problems are listed.
    """
    form = mapping.format if mapping else None
    source = open_rows(path, form, mapping.csv if mapping else CsvOptions())
    try:
        if mapping is None and (form or format_of(path)) != "jsonl":
            mapping = mapping_of_columns(getattr(source, "columns", []), path)
        yield source, FileReading(source, mapping, start or Checkpoint(), default_at)
    finally:
        source.close()


def check_files(files: Sequence[Path], mapping: Mapping | None) -> None:
    """Open each file once, before anything is written.

    Raises:
        InvalidInput: some can not be imported; the problems of all of them are listed.
    """
    problems: list[Problem] = []
    for path in files:
        try:
            with open_reading(path, mapping, ""):
                pass
        except InvalidInput as e:
            problems += e.problems
    if problems:
        msg = "; ".join(p.message for p in problems)
        raise InvalidInput(msg, problems=problems)


def mapping_of_columns(columns: Sequence[str], path: Path) -> Mapping:
    """The mapping of a file whose columns are named as Segment names the parts of an event.

    Raises:
        InvalidInput: they are not.
    """
    found = {part: name for part, names in _NAMES.items() for name in names if name in columns}
    value = {part: ColumnValue(name) for part, name in found.items()}
    if not value.keys() & {"user_id", "anonymous_id"} or ("event" in value and "timestamp" not in value):
        message = (
            "its columns do not tell what they are; name them userId or anonymousId, event, timestamp, messageId, properties.NAME, "
            "traits.NAME, or write a mapping and name it with --mapping"
        )
        raise file_problem(path, "mapping_needed", message)
    ids = {
        "user_id": value.get("user_id"),
        "anonymous_id": value.get("anonymous_id"),
        "timestamp": value.get("timestamp"),
        "message_id": (found["message_id"],) if "message_id" in found else (),
    }
    kinds = Column("type")
    track = EventRule("track", "track", event=value.get("event"), properties=_prefixed(columns, "properties."), **ids)  # type: ignore[arg-type]
    identify = EventRule("identify", "identify", traits=_prefixed(columns, "traits."), **ids)  # type: ignore[arg-type]
    rules: tuple[EventRule, ...] = (track,) if "event" in value else (identify,)
    if "type" in found and "event" in value:
        rules = tuple(
            EventRule(**{**rule.__dict__, "when": (Clause(found["type"], "eq", rule.type),)}) for rule in (identify, track)
        )
    typed = {found["timestamp"]: Column(found["timestamp"], "datetime")} if "timestamp" in found else {}
    return Mapping(rules, "columns", columns={**typed, "type": kinds})


def _prefixed(columns: Sequence[str], prefix: str) -> Fields:
    return tuple((name.removeprefix(prefix), ColumnValue(name)) for name in columns if name.startswith(prefix))
