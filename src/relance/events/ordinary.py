"""The short way for what nearly all clients send: a whole request decoded at once, into items of the shape that they have.

Everything that is out of the ordinary (a key that nobody knows, a number as an id, more than a few levels of nesting, any fault) is left
to `parse`, which says what is wrong with it. What is read here is read exactly as there: the tests compare the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from relance.events.decode import BATCH
from relance.events.limits import EARLIEST, MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, read_instant
from relance.events.model import Event
from relance.events.names import PAGE_VIEWED, SCREEN_VIEWED

if TYPE_CHECKING:
    from relance.events.limits import Origin
    from relance.events.model import LoggedChunk

# Levels of nesting as types: the decoder counts them, at no cost. The limit for all items (`limits.MAX_DEPTH`) is far above.
if TYPE_CHECKING:
    _Value = Any
    _Object = dict[str, Any] | None
else:
    _Scalar = bool | int | float | str | None
    _Value = _Scalar
    for _ in range(6):
        _Value = _Scalar | list[_Value] | dict[str, _Value]
    _Object = dict[str, _Value] | None


class OrdinaryItem(msgspec.Struct, gc=False, forbid_unknown_fields=True, rename="camel"):
    """An item as clients send it. What nobody reads is here too: it is decoded, so that nothing unsound passes."""

    type: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    message_id: str | None = None
    event: str | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    properties: _Object = None
    traits: _Object = None
    context: _Object = None
    name: _Value = None
    category: _Value = None
    integrations: _Value = None
    received_at: _Value = None
    write_key: _Value = None
    version: _Value = None
    channel: _Value = None
    metadata: _Value = msgspec.field(default=None, name="_metadata")


class OrdinaryRequest(msgspec.Struct):
    """A request of such items."""

    batch: list[OrdinaryItem]
    context: Any = None
    sent_at: Any = msgspec.field(default=None, name="sentAt")


_decode_request = msgspec.json.Decoder(OrdinaryRequest).decode
_decode_item = msgspec.json.Decoder(OrdinaryItem).decode


def decode_ordinary(chunk: LoggedChunk) -> OrdinaryRequest | None:
    """A request whose items all have the usual shape; None for every other."""
    try:
        return _decode_request(chunk.body) if chunk.call == BATCH else OrdinaryRequest([_decode_item(chunk.body)])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def read_ordinary(item: OrdinaryItem, position: int, origin: Origin) -> Event | None:
    """The event that an item is; None when it is to be looked at patiently."""
    kind = item.type or origin.default_type
    properties, traits, context = item.properties or {}, {}, item.context or {}
    if origin.batch_context:
        context = {**origin.batch_context, **context}
    if kind == "track":
        name = item.event
        if not name or len(name) > MAX_NAME_CHARACTERS:
            return None
    elif kind == "identify":
        name, traits = None, item.traits or {}
        told = context.get("traits")
        if told is not None:
            if told.__class__ is not dict:
                return None
            traits = {**told, **traits}
    elif kind in ("page", "screen"):
        name = PAGE_VIEWED if kind == "page" else SCREEN_VIEWED
        properties = with_page_name(item.category, item.name, properties)
    else:
        return None
    user_id, anonymous_id, message_id = item.user_id or None, item.anonymous_id or None, item.message_id or None
    if user_id is None and anonymous_id is None and origin.require_identity:
        return None
    for text in (user_id, anonymous_id, message_id):
        if text is not None and (len(text) > MAX_ID_CHARACTERS or not text.isprintable()):
            return None
    # As `parse` reads times, which says why.
    at = received_at = origin.received_at
    stated = item.timestamp or item.original_timestamp
    if origin.from_file:
        told_at = read_instant(item.timestamp)
        if told_at is None or told_at < EARLIEST or item.original_timestamp or item.received_at is not None:
            return None
        at = received_at = told_at
    elif stated:
        told_at = read_instant(stated)
        if told_at is None or told_at < EARLIEST:
            return None
        at = told_at
        if item.timestamp and item.original_timestamp:
            original = read_instant(item.original_timestamp)
            if original is None or original < EARLIEST:
                return None
        elif origin.correct_skew:
            sent_at = read_instant(item.sent_at) if origin.sent_at is None and item.sent_at else origin.sent_at
            if sent_at is not None:
                at += received_at - sent_at
                if at < EARLIEST:
                    return None
        at = min(at, received_at)
    return Event(
        position=position,
        source=origin.source,
        type=kind,
        name=name,
        user_id=user_id,
        anonymous_id=anonymous_id,
        previous_id=None,
        at=at,
        received_at=received_at,
        properties=properties,
        traits=traits,
        context=context,
        message_id=message_id or f"relance-{position}",
        trusted=origin.trusted,
        history=origin.history,
    )


def with_page_name(category: object, name: object, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties of a page, with what the call says beside them; a property `category` stays as it is."""
    told = {}
    if category.__class__ is str and "category" not in properties:
        told["category"] = category
    if name.__class__ is str:
        told["name"] = name
    return {**properties, **told} if told else properties
