"""An event, an item that is none, and the request they came in as it stands in the log."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

# live: came in over HTTP · history: imported, starts nothing · own: what relance itself did · simulated: a file that is
# played. In history and simulated chunks each item says itself when it was received.
ChunkKind = Literal["live", "history", "own", "simulated"]

FILE_KINDS: frozenset[str] = frozenset({"history", "simulated"})


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, read from one accepted item."""

    position: int  # its place in the log
    source: str  # the id of the source it came from
    type: str  # track identify page screen group alias
    name: str | None  # "Page Viewed" and "Screen Viewed" for page and screen; None for identify, group and alias
    user_id: str | None
    anonymous_id: str | None
    previous_id: str | None  # alias only
    at: int  # when it happened, corrected for the client's clock; microseconds
    received_at: int  # when it arrived; never before `at`
    properties: dict[str, Any]
    traits: dict[str, Any]  # identify only: `context.traits`, then `traits`
    context: dict[str, Any]
    message_id: str  # the client's, or `relance-POSITION`
    trusted: bool  # may grant consent and merge into a known profile
    history: bool  # starts nothing


class RejectedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is no event, with what is wrong with it and how to mend it."""

    position: int
    source: str
    received_at: int
    code: str
    pointer: str  # JSON pointer into the item
    message: str
    raw: bytes  # the item as it came, as JSON where it is JSON


class LoggedChunk(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it stands in the log. Its items have the positions `first_position` + index."""

    first_position: int
    n: int
    source: str
    received_at: int
    kind: ChunkKind
    call: str  # "batch", or the type of the single item that the body is
    body: bytes
    sent_at: int | None = None  # told outside of the body
    trusted: bool = False
    correct_skew: bool = True
    duplicates: frozenset[int] = frozenset()  # indexes of items that were received before: not events

    @property
    def last_position(self) -> int:
        return self.first_position + self.n - 1
