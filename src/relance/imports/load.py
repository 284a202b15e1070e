"""Files → the log, a batch at a time; killed at any moment, an import continues where it stopped.

The log takes a batch, then the store notes the place behind it. What a crash between the two repeats has the same
message ids, so the log drops it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from relance.clock import SECOND, Clock, SystemClock, format_instant
from relance.errors import InvalidInput
from relance.imports import records
from relance.imports.committing import Committing
from relance.imports.opening import check_files, open_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from relance.eventlog import EventLog
    from relance.events import ChunkKind
    from relance.imports.mapping import Mapping
    from relance.imports.records import ImportRecord
    from relance.imports.rejects import Reject
    from relance.store import Database

COMMIT_AFTER = 5 * SECOND  # at the latest
TOLD_AFTER = SECOND // 5
_SAMPLE_BYTES = 262_144


@dataclass(frozen=True)
class ImportOptions:
    """How files are imported."""

    source: str | None = None  # default: what the mapping says
    live: bool = False  # events may start journeys; else they are history
    again: bool = False  # import a file once more that was imported to its end


@dataclass
class ImportReport:
    """What became of one file."""

    file: str
    import_id: int = 0
    resumed_at_row: int = 0  # 0: from the beginning
    already_done: bool = False
    n_rows: int = 0
    n_events: int = 0
    n_known: int = 0
    n_rejected: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    n_rejects_kept: int = 0  # in the store, where `all_rejects_of` finds them
    rejects: list[Reject] = field(default_factory=list)  # the first 1,000
    started_at: int = 0
    seconds: float = 0.0

    @property
    def n_skipped(self) -> int:
        return sum(self.skipped.values())


def import_files(
    files: Sequence[Path],
    mapping: Mapping | None,
    log: EventLog,
    database: Database,
    options: ImportOptions | None = None,
    *,
    clock: Clock | None = None,
    on_progress: Callable[[Path, int, int, ImportReport], None] | None = None,
) -> list[ImportReport]:
    """Import files, one after another.

    Effects: chunks of kind `history` (or `live`) in the log; `imports`, `import_rejects`.

    Raises:
        InvalidInput: a file can not be read (on); what stands before is in the log, and a repaired file adds the rest.
    """
    options, clock = options or ImportOptions(), clock or SystemClock()
    check_files(files, mapping)
    imports = [FileImport(path, mapping, log, database, options, clock) for path in files]
    return [one.run(one.begin(), on_progress) for one in imports]


class FileImport:
    """The import of one file."""

    def __init__(
        self, path: Path, mapping: Mapping | None, log: EventLog, database: Database, options: ImportOptions, clock: Clock
    ) -> None:
        """`mapping`: None where the file tells by itself what its rows are."""
        self._path, self._mapping, self._log, self._database, self._clock = path, mapping, log, database, clock
        self._source = options.source or (mapping.source if mapping else "import")
        self._kind: ChunkKind = "live" if options.live else "history"
        self._again = options.again

    def begin(self) -> ImportRecord:
        """How far the file was imported before; a new import where it never was, or is to be once more.

        Effects: may add to `imports`.
        """
        key = {
            "fingerprint": fingerprint_of(self._path),
            "mapping": self._mapping.digest if self._mapping else "",
            "source": self._source,
            "kind": self._kind,
        }
        with self._database.reading() as connection:
            record = records.find_import(connection, key)
        if record is None or (record.state == "done" and self._again):
            with self._database.writing() as connection:
                record = records.start_import(connection, key, self._path.name, self._clock.now())
        return record

    def run(
        self,
        record: ImportRecord,
        on_progress: Callable[[Path, int, int, ImportReport], None] | None = None,
        goes_on: Callable[[], bool] = lambda: True,
    ) -> ImportReport:
        """Read on from where the import has come to.

        Args:
            record: what `begin` answered.
            on_progress: is told the file, how much of it was read, of how much, and what came of it so far.
            goes_on: False ends it after the batch at hand; it can go on later.

        Raises:
            InvalidInput: the file can not be read (on).
        """
        began = self._clock.now()
        if record.state == "done":
            return self._with_rejects(self._report(record, began, already_done=True))
        resumed_at = record.checkpoint.place.row if record.checkpoint.place else 0
        default_at = format_instant(record.started_at) or ""
        with (
            open_reading(self._path, self._mapping, default_at, record.checkpoint) as (source, reading),
            Committing(self._log, self._database, self._clock, record, self._source, self._kind) as committing,
        ):
            try:
                last_commit = last_told = self._clock.now()
                for batch in reading.batches():
                    committing.add(batch)
                    now = self._clock.now()
                    if committing.is_full or now - last_commit >= COMMIT_AFTER:
                        committing.commit()
                        last_commit = now
                    if on_progress is not None and now - last_told >= TOLD_AFTER:
                        on_progress(self._path, source.done(), source.size, self._report(committing.settled, began))
                        last_told = now
                    if not goes_on():
                        break
                committing.commit()
                committing.wait()
            except InvalidInput as e:
                committing.commit()
                committing.wait()
                with self._database.writing() as connection:
                    records.fail_import(connection, record.import_id, e.message, self._clock.now())
                raise
            record = committing.settled
            if on_progress is not None:
                done = source.size if record.state == "done" else source.done()
                on_progress(self._path, done, source.size, self._report(record, began))
        report = self._report(record, began)
        report.resumed_at_row = resumed_at
        return self._with_rejects(report)

    def _with_rejects(self, report: ImportReport) -> ImportReport:
        if report.n_rejected:
            with self._database.reading() as connection:
                report.rejects = records.rejects_of(connection, report.import_id)
                report.n_rejects_kept = records.count_rejects(connection, report.import_id)
        return report

    def _report(self, record: ImportRecord, began: int, *, already_done: bool = False) -> ImportReport:
        return ImportReport(
            file=self._path.name,
            import_id=record.import_id,
            already_done=already_done,
            n_rows=record.n_rows,
            n_events=record.n_events,
            n_known=record.n_known,
            n_rejected=record.n_rejected,
            skipped=Counter(record.skipped),
            started_at=record.started_at,
            seconds=(self._clock.now() - began) / SECOND,
        )


def fingerprint_of(path: Path) -> str:
    """What tells a file from others, wherever it lies: its size, its beginning, its end."""
    size = path.stat().st_size
    digest = blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as file:
        digest.update(file.read(_SAMPLE_BYTES))
        file.seek(max(size - _SAMPLE_BYTES, 0))
        digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
