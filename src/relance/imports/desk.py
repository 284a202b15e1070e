"""Imports in a running server: files are received, looked at, and imported one after the other behind everything else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import structlog

from relance.clock import format_instant
from relance.errors import InvalidInput, RelanceError
from relance.imports import records
from relance.imports.guess import guess_mapping
from relance.imports.load import FileImport, ImportOptions
from relance.imports.mapping_file import parse_mapping
from relance.imports.opening import check_files, open_reading
from relance.imports.uploads import Order, Uploads

if TYPE_CHECKING:
    from pathlib import Path

    from relance.clock import Clock
    from relance.eventlog import EventLog
    from relance.imports.load import ImportReport
    from relance.imports.rejects import Reject
    from relance.imports.uploads import Arriving, Upload
    from relance.store import Database

log = structlog.get_logger(__name__)

SHOWN_EVENTS = 5
SHOWN_REJECTS = 20
Answer = dict[str, Any]


class ImportDesk:
    """Takes files and imports them in a thread of its own. A server that starts again goes on where it stopped."""

    def __init__(self, database: Database, event_log: EventLog, clock: Clock, folder: Path) -> None:
        """`folder` keeps the files until they are imported."""
        self._database, self._log, self._clock = database, event_log, clock
        self._uploads = Uploads(folder)
        self._waiting: list[Upload] = []
        self._turn = threading.Condition()
        self._stopping = False
        self._given_up: set[int] = set()  # imports that were taken back
        self._progress: dict[int, tuple[int, int]] = {}  # of those that run or wait: how much was read, of how much
        self._thread = threading.Thread(target=self._work, name="imports", daemon=True)

    def start(self) -> None:
        """Go on with what the last run left."""
        self._uploads.tidy(self._clock.now())
        self._waiting = self._uploads.ordered()
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand; it goes on with the next start."""
        with self._turn:
            self._stopping = True
            self._turn.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    # ------------------------------------------------------------------------------------------ what is asked

    def receive(self, name: str) -> Arriving:
        """Begin to receive a file.

        Raises:
            InvalidInput: its name does not tell what it is.
        """
        return self._uploads.receive(name)

    def look(self, upload_id: str, mapping: Any = None) -> Answer:
        """What a file is, and what its first rows would become; nothing is imported.

        Args:
            upload_id: the file.
            mapping: which columns make which parts of an event; None: what the columns tell, else a guess.

        Returns:
            `columns`, `rows` (the first, as texts), `mapping` (the one that was used, None where none is needed), whether it
            was `guessed`, `events`, `rejects` and `problems`.
        """
        upload = self._uploads.find(upload_id)
        answer: Answer = {"id": upload.id, "file": upload.path.name, "bytes": upload.path.stat().st_size}
        answer |= {"columns": [], "rows": [], "mapping": mapping, "guessed": False, "events": [], "rejects": [], "problems": []}
        try:
            guess = guess_mapping(upload.path)
            answer["columns"], answer["rows"] = guess.columns, guess.rows
            if mapping is None and guess.mapping is not None:
                answer["mapping"], answer["guessed"] = guess.mapping, True
            known = None if answer["mapping"] is None else parse_mapping(answer["mapping"])
            now = format_instant(self._clock.now()) or ""
            with open_reading(upload.path, known, now) as (_, reading):
                for batch in reading.batches():
                    answer["events"] += batch.items[: SHOWN_EVENTS - len(answer["events"])]
                    answer["rejects"] += [_reject(r) for r in batch.rejects[: SHOWN_REJECTS - len(answer["rejects"])]]
                    if len(answer["events"]) >= SHOWN_EVENTS:
                        break
        except InvalidInput as e:
            answer["problems"] = [p.as_json() if hasattr(p, "as_json") else {"message": str(p)} for p in e.problems]
        return answer

    def ask(
        self, upload_id: str, *, mapping: Any = None, source: str | None = None, live: bool = False, again: bool = False
    ) -> Answer:
        """Import a file, once those before it are done. Answers the import as it waits.

        Raises:
            NotFound: there is no such file.
            InvalidInput: the mapping has problems, or does not fit the file; all are listed.
        """
        upload = self._uploads.find(upload_id)
        known = None if mapping is None else parse_mapping(mapping)
        check_files([upload.path], known)
        order = upload.order
        if order is None:
            asked = self._import_of(upload, Order(0, mapping, source, live, again))
            record = asked.begin()
            order = Order(record.import_id, mapping, source, live, again)
            if record.state == "done":  # it was imported before
                self._uploads.drop(upload)
                return self.read(order.import_id) | {"already_done": True}
            upload.keep_order(order)
            with self._turn:
                self._progress[order.import_id] = (0, upload.path.stat().st_size)
                self._given_up.discard(order.import_id)
                self._waiting.append(upload)
                self._turn.notify_all()
        return self.read(order.import_id)

    def read(self, import_id: int) -> Answer:
        """One import.

        Raises:
            NotFound: there is none of that number.
        """
        with self._database.reading() as connection:
            return self._with_progress(records.read_import(connection, import_id))

    def list_all(self, *, before: int | None = None, limit: int = 100) -> list[Answer]:
        """The newest imports."""
        with self._database.reading() as connection:
            return [self._with_progress(one) for one in records.list_imports(connection, before=before, limit=limit)]

    def rejects(self, import_id: int, *, start: int = 0, limit: int = 1_000) -> list[Answer]:
        """The faulty rows of an import that were kept, from one on.

        Raises:
            NotFound: there is none of that number.
        """
        with self._database.reading() as connection:
            records.read_import(connection, import_id)
            return [_reject(r) for r in records.rejects_of(connection, import_id, start=start, limit=limit)]

    def cancel(self, import_id: int) -> Answer:
        """Take an import back. What stands in the log stays there; the same file, sent again, goes on behind it.

        Raises:
            NotFound: there is none of that number.
        """
        self.read(import_id)
        with self._turn:
            self._given_up.add(import_id)
        with self._database.writing() as connection:
            records.stop_import(connection, import_id, self._clock.now())
        return self.read(import_id)

    # ------------------------------------------------------------------------------------------ the thread

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._stopping or self._waiting)
                if self._stopping:
                    return
                upload = self._waiting[0]
            try:
                self._run(upload)
            except InvalidInput as e:  # the import says so itself
                log.warning("import_failed", file=upload.path.name, message=e.message)
                self._uploads.drop(upload)
            except (RelanceError, OSError) as e:  # a full disk, a lost database: the next start goes on
                log.warning("import_interrupted", file=upload.path.name, message=str(e))
            with self._turn:
                self._waiting.remove(upload)

    def _run(self, upload: Upload) -> None:
        order = upload.order
        if order is None:
            return
        number = order.import_id

        def note(_: Path, done: int, size: int, __: ImportReport) -> None:
            self._progress[number] = (done, size)

        asked = self._import_of(upload, order)
        report = asked.run(asked.begin(), note, lambda: not (self._stopping or number in self._given_up))
        log.info("imported", file=report.file, rows=report.n_rows, events=report.n_events, rejected=report.n_rejected)
        if number in self._given_up:
            with self._database.writing() as connection:
                records.stop_import(connection, number, self._clock.now())
        if number in self._given_up or not self._stopping:
            self._uploads.drop(upload)
            self._progress.pop(number, None)

    def _import_of(self, upload: Upload, order: Order) -> FileImport:
        mapping = None if order.mapping is None else parse_mapping(order.mapping)
        # What was begun is gone on with, also where it was to be imported once more: `begin` finds it.
        again = order.again and order.import_id == 0
        options = ImportOptions(order.source, live=order.live, again=again)
        return FileImport(upload.path, mapping, self._log, self._database, options, self._clock)

    def _with_progress(self, one: Answer) -> Answer:
        done, size = self._progress.get(one["id"], (0, 0))
        share = 1.0 if one["state"] == "done" else done / size if size else 0.0
        waits = one["state"] == "running" and any(u.order and u.order.import_id == one["id"] for u in self._waiting[1:])
        return one | {"progress": round(share, 4), "waiting": waits}


def _reject(reject: Reject) -> Answer:
    return {
        "row": reject.row, "line": reject.line, "column": reject.column or None, "code": reject.code,
        "message": reject.message, "excerpt": reject.excerpt,
    }  # fmt: skip
