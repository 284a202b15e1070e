"""The port of the log: append durably, read after a position."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import DAY, Clock
from relance.errors import StoreError, StoreUnavailable
from relance.events.model import ChunkKind, LoggedChunk

if TYPE_CHECKING:
    from collections.abc import Iterable

DEDUPE_WINDOW = 30 * DAY
MAX_BATCH_BYTES = 32 * 1024 * 1024  # what one read takes at most, beyond its first chunk
KEY_BYTES = 16
COLUMNS = "first_position, n, source, received_at, sent_at, kind, call, flags, duplicates, body"


class LogUnavailable(StoreUnavailable):
    """The log can not take anything now (disk full, database gone); nothing was written. Try again."""

    code = "log_unavailable"


class LogOverloaded(LogUnavailable):
    """More is waiting to be written than the log can take. Try again."""

    code = "overloaded"


class LogBroken(StoreError):
    """The disk failed while the log was written: nothing is acknowledged any more. Restart after looking at the disk."""

    code = "log_broken"


class NewChunk(msgspec.Struct, kw_only=True):
    """A request on its way into the log."""

    source: str
    body: bytes
    message_ids: Sequence[str | None]  # one for each item; without one it is never a duplicate
    call: str = "batch"
    received_at: int | None = None  # None: when it is written; the log's order and this one never disagree
    sent_at: int | None = None
    kind: ChunkKind = "live"
    trusted: bool = False
    correct_skew: bool = True


class RewrittenChunk(msgspec.Struct, frozen=True):
    """A request of which something was erased."""

    first_position: int
    body: bytes
    duplicates: Sequence[int]  # the indexes of items that are no events, with those that were erased


class LogBatch(msgspec.Struct, frozen=True):
    """What a reader gets next."""

    chunks: list[LoggedChunk]
    last_position: int  # of the last chunk, or the one asked for
    complete_until: int  # everything received before this instant is at or before `last_position`


class EventLog(ABC):
    """A durable, ordered list of requests, without duplicates by source and message id inside a window."""

    def __init__(self, clock: Clock, window: int) -> None:
        self.clock = clock
        self.window = window
        self._grown = threading.Condition()
        self._known_last = 0

    @abstractmethod
    def append(self, chunks: Sequence[NewChunk]) -> list[int]:
        """Write requests in one durable commit and answer how many items of each are new.

        Raises:
            LogUnavailable: nothing was written; it may be tried again.
            LogBroken: the disk failed; the log takes nothing more until it is opened anew.
        """

    def claim(self) -> None:  # noqa: B027 - most have nothing to claim
        """Become the one process that writes this log, where there can be only one.

        Raises:
            LogUnavailable: another process is.
        """

    @abstractmethod
    def read_after(self, position: int, limit: int) -> LogBatch:
        """The whole chunks after a position that ended a batch, until they hold `limit` items or more."""

    @abstractmethod
    def chunk_at(self, position: int) -> LoggedChunk | None:
        """The chunk that holds a position."""

    @abstractmethod
    def rewrite(self, chunks: Sequence[RewrittenChunk], numbers: Sequence[tuple[int, int]] = ()) -> None:
        """Put emptied requests in place of what they were, in one durable commit: the one exception to a log that is only added to.

        Message ids that were taken stay known for as long as they would have.

        Args:
            chunks: what is left of them.
            numbers: positions that are erased, and which profile began there: a rebuild counts it.
        """

    @abstractmethod
    def numbers_given(self) -> list[tuple[int, int]]:
        """Erased positions at which profiles began, with their numbers, in order."""

    def scrub(self) -> bool:
        """Free the file of what was rewritten, as far as the engine can. False when it must be tried again."""
        return True

    @abstractmethod
    def last_position(self) -> int:
        """The last position that was given; 0 when there is none."""

    @abstractmethod
    def tend(self) -> bool:
        """Do one short step of housekeeping; False when there is no more to do now."""

    def needs_tending(self) -> bool:
        """Whether housekeeping can not wait for a quiet moment."""
        return False

    @abstractmethod
    def probe(self) -> None:
        """Write something durably, to see whether the log can be written again.

        Raises:
            LogUnavailable: not yet.
        """

    @abstractmethod
    def close(self) -> None: ...

    def wait_after(self, position: int, seconds: float) -> bool:
        """Wait until something may stand after a position; False when the time ran out."""
        with self._grown:
            return self._grown.wait_for(lambda: self._known_last > position, seconds)

    def _tell_grown(self, last_position: int) -> None:
        with self._grown:
            self._known_last = last_position
            self._grown.notify_all()


def keys_of(source: str, message_ids: Iterable[str | None]) -> list[bytes | None]:
    """What stands for each message id in the index: 128 bits, so that two ids never meet.

    The index of the texts would be three times as large.
    """
    prefix = blake2b(source.encode() + b"\0", digest_size=KEY_BYTES)
    keys: list[bytes | None] = []
    for message_id in message_ids:
        if not message_id:
            keys.append(None)
        else:
            one = prefix.copy()
            one.update(message_id.encode("utf-8", "surrogatepass"))
            keys.append(one.digest())
    return keys


# How a chunk's flags are kept in one number.
TRUSTED = 1
UNCORRECTED = 2


def flags_of(chunk: NewChunk) -> int:
    """The flags of a chunk as one number."""
    return (TRUSTED if chunk.trusted else 0) | (0 if chunk.correct_skew else UNCORRECTED)


def chunk_from_row(row: Sequence[Any]) -> LoggedChunk:
    """A row of `log_chunks`, with its columns in the order of `COLUMNS`."""
    first_position, n, source, received_at, sent_at, kind, call, flags, duplicates, body = row
    return LoggedChunk(
        first_position=first_position,
        n=n,
        source=source,
        received_at=received_at,
        sent_at=sent_at,
        kind=kind,
        call=call,
        trusted=bool(flags & TRUSTED),
        correct_skew=not flags & UNCORRECTED,
        duplicates=frozenset(msgspec.json.decode(duplicates)) if duplicates else frozenset(),
        body=bytes(body),
    )
