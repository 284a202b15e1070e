"""What reading a part of a file gave, and where it can start again behind it."""

from __future__ import annotations

from binascii import b2a_base64
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.imports.readers import Place
    from relance.imports.rejects import Reject

ITEMS_A_BODY = 1_000  # of a request in the log
BODY_BYTES = 4 * 1024 * 1024
_encoder = msgspec.json.Encoder()


class Checkpoint(NamedTuple):
    """Where reading can start again, and what was counted before."""

    place: Place | None = None
    counted_row: int = 0  # rows up to here were counted; those behind `place` are read twice
    left: dict[str, int] = {}  # noqa: RUF012 - groups that left, with lines behind `place`; never changed


@dataclass
class Batch:
    """Items for the log, and what happened to the rows between them."""

    items: list[Any] = field(default_factory=list)  # what JSON is made of
    message_ids: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    n_rows: int = 0
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    last: bool = False  # the file ends here; its checkpoint is no place to start again

    def bodies(self) -> Iterator[tuple[bytes, list[str]]]:
        """The items as the bodies of requests, each with its message ids."""
        for start in range(0, len(self.items), ITEMS_A_BODY):
            end = start + ITEMS_A_BODY
            yield from _bodies(self.items[start:end], self.message_ids[start:end])

    def lines(self) -> bytes:
        """The items as JSON Lines."""
        return _encoder.encode_lines(self.items)


def _bodies(items: list[Any], message_ids: list[str]) -> Iterator[tuple[bytes, list[str]]]:
    body = body_of(items)
    if len(body) <= BODY_BYTES or len(items) == 1:
        yield body, message_ids
        return
    half = len(items) // 2
    yield from _bodies(items[:half], message_ids[:half])
    yield from _bodies(items[half:], message_ids[half:])


def body_of(items: list[Any]) -> bytes:
    """The body of a request that holds the items."""
    return _encoder.encode({"batch": items})


def identity_of(content: bytes, row: int = 0) -> str:
    """The id of a row that names none: its content and its number, so that importing a file twice changes nothing.

    Not in hexadecimal: a long run of digits would look like a number too large for a JSON reader (`events.parse`).
    """
    return b2a_base64(blake2b(content, digest_size=15, salt=row.to_bytes(16, "little")).digest(), newline=False).decode()
