"""Take items out of a request, or ids out of items, and leave the bytes of all others as they came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from relance.events.decode import BATCH, NotJSON, take_apart_wholly

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet

NOTHING = b"{}"  # what stands in place of an item
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def blank_all(call: str, n: int) -> bytes:
    """A request of which nothing is left: what it said about all of its items goes too."""
    return NOTHING if call != BATCH else b'{"batch":[' + b",".join([NOTHING] * n) + b"]}"


def blank_items(body: bytes, call: str, blank: AbstractSet[int], without: Mapping[int, Collection[str]]) -> bytes:
    """A request without some of its items, and with some ids less in others.

    Args:
        body: of the request.
        call: its call, "batch" or the type of the one item that it is.
        blank: indexes of the items that go: an empty object stands in their place.
        without: by the index of another item, the keys that are taken out of it.
    """
    if call != BATCH:
        return NOTHING if blank else _strip(body, without.get(0, ()))
    try:
        outer = _decode_object(body)
        items = _decode_list(outer["batch"])
    except (*_UNREADABLE, KeyError):
        return _blank_patiently(body, blank, without)
    kept = [
        NOTHING if n in blank else _strip(bytes(item), without[n]) if n in without else bytes(item)
        for n, item in enumerate(items)
    ]
    outer["batch"] = msgspec.Raw(b"[" + b",".join(kept) + b"]")
    return msgspec.json.encode(outer)


def _strip(item: bytes, keys: Collection[str]) -> bytes:
    if not keys:
        return item
    try:
        members = _decode_object(item)
    except _UNREADABLE:
        return NOTHING  # it can not be told what else names them
    return msgspec.json.encode({name: value for name, value in members.items() if name not in keys})


def _blank_patiently(body: bytes, blank: AbstractSet[int], without: Mapping[int, Collection[str]]) -> bytes:
    """The same of a body that hurts: damaged numbers and texts stay as they are."""
    try:
        request, outer = take_apart_wholly(body)
    except NotJSON:
        return NOTHING
    if not (isinstance(outer, dict) and "batch" in outer) and len(request.items) == 1:
        return NOTHING if blank else body
    kept = []
    for n, item in enumerate(request.items):
        if n in blank:
            kept.append(NOTHING.decode())
        elif n in without and isinstance(item, dict):
            kept.append(_as_text({name: value for name, value in item.items() if name not in without[n]}))
        else:
            kept.append(_as_text(item))
    members = [f"{json.dumps(k)}:{_as_text(v)}" for k, v in outer.items() if k != "batch"] if isinstance(outer, dict) else []
    text = "{" + ",".join([*members, '"batch":[' + ",".join(kept) + "]"]) + "}"
    return text.encode("utf-8", "surrogateescape")


def _as_text(value: Any) -> str:
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode("utf-8", "surrogateescape")
    return json.dumps(value)
