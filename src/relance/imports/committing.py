"""Batches → the log, then the place behind them → the store; in a thread of its own, while the next batches are read.

What a crash between the two repeats has the same message ids, so the log drops it.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from relance.eventlog import NewChunk
from relance.imports import records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.clock import Clock
    from relance.eventlog import EventLog
    from relance.events import ChunkKind
    from relance.imports.batch import Batch
    from relance.imports.records import ImportRecord
    from relance.imports.rejects import Reject
    from relance.store import Database

KEPT_REJECTS = 100_000  # of one import; the rest is counted
# One commit takes so much. Large ones are cheap: the ids of one fill a whole run of the log's index.
ITEMS_A_COMMIT = 50_000
BYTES_A_COMMIT = 16 * 1024 * 1024


class Committing:
    """Writes what the import of one file reads.

    Args:
        log: where the events go.
        database: where the import's place is kept.
        clock: tells when it was written.
        record: how far the import has come.
        source: the source that the events are counted under.
        kind: history or live.
    """

    def __init__(
        self, log: EventLog, database: Database, clock: Clock, record: ImportRecord, source: str, kind: ChunkKind
    ) -> None:
        self.settled = record  # how far the import has come for good
        self._log, self._database, self._clock = log, database, clock
        self._source, self._kind = source, kind
        with database.reading() as connection:
            self._n_kept = records.count_rejects(connection, record.import_id)
        self._batches: list[Batch] = []
        self._chunks: list[NewChunk] = []
        self._n_items = self._n_bytes = 0
        self._thread = ThreadPoolExecutor(1, "import-commit")
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def add(self, batch: Batch) -> None:
        """Take a batch for the next commit."""
        for body, message_ids in batch.bodies():
            self._chunks.append(
                NewChunk(source=self._source, body=body, message_ids=message_ids, kind=self._kind, trusted=True)
            )
            self._n_items += len(message_ids)
            self._n_bytes += len(body)
        batch.items, batch.message_ids = [], []
        self._batches.append(batch)

    @property
    def is_full(self) -> bool:
        """Whether it is time for a commit."""
        return self._n_items >= ITEMS_A_COMMIT or self._n_bytes >= BYTES_A_COMMIT

    def commit(self) -> None:
        """Begin to write what was taken, once the commit before it is done."""
        self.wait()
        batches, chunks = self._batches, self._chunks
        self._batches, self._chunks, self._n_items, self._n_bytes = [], [], 0, 0
        if batches:
            self._writing = self._thread.submit(self._write, batches, chunks)

    def wait(self) -> None:
        """Wait until what was taken for commit is on the disk.

        Raises:
            LogUnavailable, LogBroken, StoreError: it is not.
        """
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write(self, batches: Sequence[Batch], chunks: Sequence[NewChunk]) -> None:
        n_events = sum(len(chunk.message_ids) for chunk in chunks)
        n_new = sum(self._log.append(chunks)) if chunks else 0
        before, last = self.settled, batches[-1]
        record = replace(
            before,
            checkpoint=last.checkpoint,
            state="done" if last.last else "running",
            n_rows=before.n_rows + sum(batch.n_rows for batch in batches),
            n_events=before.n_events + n_events,
            n_known=before.n_known + n_events - n_new,
            n_rejected=before.n_rejected + sum(len(batch.rejects) for batch in batches),
            skipped=sum((batch.skipped for batch in batches), before.skipped),
        )
        rejects: list[Reject] = [reject for batch in batches for reject in batch.rejects]
        rejects = rejects[: max(KEPT_REJECTS - self._n_kept, 0)]
        with self._database.writing() as connection:
            records.advance_import(connection, record, rejects, self._n_kept, self._clock.now())
        self._n_kept += len(rejects)
        self.settled = record
        while chunks and self._log.tend():  # the more runs of ids there are, the longer a look-up takes
            pass
