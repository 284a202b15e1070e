"""Lines that are events already, in the form of the tracking API."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from relance.events import LoggedChunk, RejectedItem, parse_chunk
from relance.events.decode import as_text
from relance.events.limits import EARLIEST, MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, read_instant
from relance.events.ordinary import OrdinaryItem
from relance.imports.batch import Batch, Checkpoint, body_of, identity_of
from relance.imports.instants import all_instants
from relance.imports.readers.jsonl_rows import explain_line
from relance.imports.rejects import Reject, excerpt_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.imports.readers import Block, Place

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_decode_ordinary = msgspec.json.Decoder(OrdinaryItem).decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode
# Only these can make an item unsafe that decoded well (as in `events.parse`).
_DIGITS_ONLY = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 19
_PARTS = attrgetter("type", "event", "message_id", "user_id", "anonymous_id", "timestamp", "original_timestamp", "received_at")
_NAMED = frozenset({"page", "screen"})


class EventLines:
    """Takes lines that the log's readers will accept as they are; what they would refuse is told now."""

    def read(self, block: Block, counted: int) -> Batch:
        """The events of a block."""
        del counted
        batch = Batch()
        texts: Sequence[bytes] = block.columns[0]
        ids = self._ordinary_ids(texts)
        odd = [i for i, told in enumerate(ids) if told is None]
        if not odd:
            batch.items = list(map(msgspec.Raw, texts))
            batch.message_ids = ids  # type: ignore[assignment]
            return batch
        lines: list[bytes] = list(texts)
        for i in odd:
            try:
                ids[i], lines[i] = _identified(block.rows[i], lines[i])
            except _UNREADABLE:
                batch.rejects.append(explain_line(block.rows[i], lines[i]))
        unsound = _refused([(i, lines[i]) for i in odd if ids[i] is not None])
        for i, item in unsound.items():
            message = f"{item.message} (at {item.pointer})" if item.pointer else item.message
            shown = excerpt_of(item.raw.decode("utf-8", "replace"))
            batch.rejects.append(Reject(block.rows[i], block.lines[i], "", item.code, message, shown))
        kept = [i for i, told in enumerate(ids) if told is not None and i not in unsound]
        batch.items = [msgspec.Raw(lines[i]) for i in kept]
        batch.message_ids = [told for i in kept if (told := ids[i]) is not None]
        return batch

    def _ordinary_ids(self, texts: Sequence[bytes]) -> list[str | None]:
        """The message ids of lines that are ordinary events; None for all others."""
        joined = b"\n".join(texts)
        if b"\\u0000" in joined or _LONG_NUMBER in joined.translate(_DIGITS_ONLY):
            return [None] * len(texts)
        if not texts:
            return []
        try:
            items = list(map(_decode_ordinary, texts))
        except _UNREADABLE:
            pass
        else:
            told = _ids_of_alike(items)
            return list(map(_ordinary_id, items)) if told is None else told
        ids: list[str | None] = []
        for text in texts:
            try:
                ids.append(_ordinary_id(_decode_ordinary(text)))
            except _UNREADABLE:
                ids.append(None)
        return ids

    def checkpoint(self, end: Place, counted: int) -> Checkpoint:
        """Where reading can start again behind a block."""
        return Checkpoint(end, counted)

    def finish(self) -> Batch:
        """What is left at the end of the file."""
        return Batch()


def _ids_of_alike(items: Sequence[OrdinaryItem]) -> list[str | None] | None:
    """The ids of items that are all ordinary, found without a call for each; None when some may not be."""
    kinds, names, ids, users, anonymous, times, originals, received = zip(*map(_PARTS, items), strict=True)
    if (
        set(kinds) != {"track"}
        or any(originals)
        or received.count(None) != len(items)
        or not (all(ids) and all(names) and all(times))
    ):
        return None
    known = users if all(users) else [user or other for user, other in zip(users, anonymous, strict=True)]
    others = [text for text in anonymous if text] if any(anonymous) else []
    if not all(known) or max(map(len, set(names))) > MAX_NAME_CHARACTERS or not all_instants(times):
        return None
    texts = [*ids, *known, *others]
    return [*ids] if max(map(len, texts)) <= MAX_ID_CHARACTERS and "".join(texts).isprintable() else None


def _ordinary_id(item: OrdinaryItem) -> str | None:
    """The id of an item of a file that `events.parse` is sure to read; None for every other (the tests compare the two)."""
    told, kind, stated = item.message_id, item.type, item.timestamp
    if not told or not stated or item.original_timestamp or item.received_at is not None:
        return None
    if kind == "track":
        if not item.event or len(item.event) > MAX_NAME_CHARACTERS:
            return None
    elif kind == "identify":
        if item.context and item.context.get("traits").__class__ not in (dict, type(None)):
            return None
    elif kind not in _NAMED:
        return None
    if not item.user_id and not item.anonymous_id:
        return None
    text = f"{told}{item.user_id}{item.anonymous_id}"
    if (len(text) > MAX_ID_CHARACTERS) or not text.isprintable():
        return None
    at = read_instant(stated)
    return None if at is None or at < EARLIEST else told


def _identified(row: int, line: bytes) -> tuple[str, bytes]:
    """The message id of a line, and the line with it.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError, RecursionError: it holds no JSON object.
    """
    item = _decode_object(line)
    told = as_text(item.get("messageId"))
    if told:
        return told, line
    told = item["messageId"] = identity_of(line, row)
    return told, _encode(item)


def _refused(lines: Sequence[tuple[int, bytes]]) -> dict[int, RejectedItem]:
    """Read lines as the log's readers will, and find the items that they would refuse."""
    body = body_of([msgspec.Raw(line) for _, line in lines])
    chunk = LoggedChunk(
        first_position=0, n=len(lines), source="", received_at=0, kind="history", call="batch", body=body, trusted=True
    )
    return {lines[item.position][0]: item for item in parse_chunk(chunk) if isinstance(item, RejectedItem)}
