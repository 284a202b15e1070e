"""From the bytes of a request to a chunk for the log."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from relance.errors import NotAllowed, UserError
from relance.eventlog import GroupCommitter, NewChunk
from relance.events import outline_request

if TYPE_CHECKING:
    from relance.ingest.keys import KeyLookup, Source

MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_MEMBERS = 16  # of a gzip body; clients send one
_KEY = re.compile(r"[A-Za-z0-9_-]{24,200}")  # nothing shorter is a key of ours, or safe to blank wherever it stands
MAX_ITEMS = 20_000  # the clients at hand send 100 at a time; a body of nothing but braces would hold a million


class UnknownWriteKey(NotAllowed):
    """This write key is unknown or revoked."""

    code = "unknown_write_key"


class BodyTooLarge(UserError):
    """The body is too large; send smaller batches."""

    code = "body_too_large"


class TooManyItems(BodyTooLarge):
    """The batch has too many items; send smaller batches."""

    code = "too_many_items"


class UnreadableBody(UserError, ValueError):
    """The body can not be unpacked."""

    code = "not_gzip"


class Door:
    """Takes requests in: finds whose they are, looks what is in them, and hands them to the log.

    Args:
        committer: the log's one writer.
        keys: finds the source of a write key.
        max_body_bytes: of the unpacked body.
    """

    def __init__(self, committer: GroupCommitter, keys: KeyLookup[Source], *, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self.committer = committer
        self.keys = keys
        self.max_body_bytes = max_body_bytes

    def read(self, body: bytes, call: str, *, sent_at: int | None = None) -> tuple[NewChunk, str | None]:
        """A request as a chunk whose source is still to be filled in, and the write key that its body names.

        A key in the body is blanked before the body is kept: secrets are nowhere at rest.

        Raises:
            NotJSON: the body is no JSON text.
            TooManyItems: it has more items than one request may.
        """
        outline = outline_request(body, call)
        if len(outline.message_ids) > MAX_ITEMS:
            msg = f"the batch has {len(outline.message_ids)} items; send at most {MAX_ITEMS} at a time"
            raise TooManyItems(msg)
        told = outline.write_key
        if told and _KEY.fullmatch(told):
            body = body.replace(told.encode("utf-8", "surrogatepass"), b"")
        return NewChunk(source="", body=body, message_ids=outline.message_ids, call=call, sent_at=sent_at), told

    async def accept(self, chunk: NewChunk, source: Source) -> int:
        """Write a request of a source into the log and answer how many of its items are new, once they are on the disk.

        Raises:
            LogUnavailable, LogOverloaded, LogBroken: it was not written.
        """
        if not chunk.message_ids:
            return 0
        chunk.source, chunk.trusted, chunk.correct_skew = source.source, source.trusted, source.correct_skew
        return await self.committer.commit(chunk)


def inflate(body: bytes, limit: int) -> bytes:
    """Unpack a gzip (or zlib) body, never to more than the limit.

    Raises:
        BodyTooLarge: it unpacks to more.
        UnreadableBody: it is not packed so, or is cut off.
    """
    unpacked = bytearray()
    rest = body
    n_members = 0
    try:
        while rest:  # a gzip file may have several members
            n_members += 1
            if n_members > MAX_MEMBERS:
                msg = f"the packed body has more than {MAX_MEMBERS} parts"
                raise UnreadableBody(msg)
            unpacker = zlib.decompressobj(wbits=47)
            unpacked += unpacker.decompress(rest, limit + 1 - len(unpacked))
            if len(unpacked) > limit:
                msg = f"the body unpacks to more than {limit} bytes; send smaller batches"
                raise BodyTooLarge(msg)
            if not unpacker.eof:
                msg = "the packed body is cut off"
                raise UnreadableBody(msg)
            rest = unpacker.unused_data
    except zlib.error as e:
        msg = f"the body is not packed as its Content-Encoding says: {e}"
        raise UnreadableBody(msg) from e
    return bytes(unpacked)
