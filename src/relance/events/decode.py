"""What a request body holds: the fast way for what clients send, a patient way for what hurts.

The patient way lets a damaged item stand among sound ones: numbers that are not finite, half surrogates, bytes that
are no UTF-8, nesting deeper than a parser dares. Only a body that is no JSON at all is refused.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from relance.errors import UserError

BATCH = "batch"


class NotJSON(UserError, ValueError):
    """The body is not JSON."""

    code = "not_json"


class RequestOutline(msgspec.Struct, frozen=True):
    """What ingest needs to know of a request: how many items, which message ids, which key."""

    message_ids: list[str | None]  # None or empty for an item without one
    write_key: str | None


class RequestItems(msgspec.Struct, frozen=True):
    """A request taken apart. An item is `Raw` bytes when it is still to be decoded, else an object."""

    items: list[Any]
    context: Any
    sent_at: Any


# Ids of another type than text make the fast way fail and are read by the patient one.
class _OutlineItem(msgspec.Struct, gc=False):
    message_id: str | None = msgspec.field(default=None, name="messageId")


class _Outline(msgspec.Struct):
    batch: list[_OutlineItem] | None = None
    write_key: str | None = msgspec.field(default=None, name="writeKey")


class _SingleOutline(_OutlineItem):
    write_key: str | None = msgspec.field(default=None, name="writeKey")


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw]
    context: Any = None
    sent_at: Any = msgspec.field(default=None, name="sentAt")


_decode_outline = msgspec.json.Decoder(_Outline).decode
_decode_single = msgspec.json.Decoder(_SingleOutline).decode
_decode_batch = msgspec.json.Decoder(_Batch).decode
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# One part of a JSON text: a string, or a run of brackets.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]+|[\]}]+|[,:]', re.DOTALL)
MAX_DIGITS = 400  # an integer with more digits is beyond every number type


def outline_request(body: bytes, call: str) -> RequestOutline:
    """Read how many items a request has and their message ids.

    Raises:
        NotJSON: the body is no JSON text.
    """
    try:
        if call == BATCH:
            outline = _decode_outline(body)
            if outline.batch is not None:
                return RequestOutline([item.message_id for item in outline.batch], outline.write_key)
        else:
            single = _decode_single(body)
            return RequestOutline([single.message_id], single.write_key)
    except _UNREADABLE:
        pass
    request, outer = _take_apart_patiently(body, call)
    ids = [as_text(item.get("messageId")) if isinstance(item, dict) else None for item in request.items]
    return RequestOutline(ids, as_text(outer.get("writeKey")) if isinstance(outer, dict) else None)


def take_apart(body: bytes, call: str) -> RequestItems:
    """Split a request into its items. The number of items is that of `outline_request`.

    Raises:
        NotJSON: the body is no JSON text.
    """
    if call != BATCH:
        return RequestItems([msgspec.Raw(body)], None, None)
    try:
        batch = _decode_batch(body)
    except _UNREADABLE:
        return _take_apart_patiently(body, call)[0]
    return RequestItems(batch.batch, batch.context, batch.sent_at)


def take_apart_wholly(body: bytes) -> tuple[RequestItems, Any]:
    """A batch that hurts, taken apart, and the whole of it as an object as far as it can be decoded.

    Raises:
        NotJSON: the body is no JSON text.
    """
    return _take_apart_patiently(body, BATCH)


def decode_patiently(body: bytes) -> Any:
    """Decode one JSON text with whatever is in it; half surrogates and numbers that are not finite stay for the caller to find.

    Raises:
        NotJSON: it is no JSON text.
        RecursionError: it is nested too deep to be decoded.
    """
    text = body.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    try:
        return json.loads(text, parse_int=_parse_int)
    except ValueError as e:
        msg = f"the body is not JSON: {e}"
        raise NotJSON(msg) from e


def as_text(value: object) -> str | None:
    """An id as text: numbers count, the empty text does not; None for everything else."""
    if value.__class__ is str:
        return value or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def _parse_int(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


def _take_apart_patiently(body: bytes, call: str) -> tuple[RequestItems, Any]:
    """The request, and the whole of it as an object where it can be decoded."""
    try:
        outer = decode_patiently(body)
    except RecursionError:
        return _take_apart_deep(body, call)
    items = outer.get("batch") if isinstance(outer, dict) and call == BATCH else None
    if isinstance(items, list):
        return RequestItems(items, outer.get("context"), outer.get("sentAt")), outer
    return RequestItems([outer], None, None), outer


def _take_apart_deep(body: bytes, call: str) -> tuple[RequestItems, Any]:
    """Take apart what is nested too deep to be decoded: find the items by their brackets alone.

    Raises:
        NotJSON: the brackets do not match up.
    """
    text = body.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    members = _split_level(text, 1)
    if members is None:
        msg = "the body is not JSON: its brackets do not match up"
        raise NotJSON(msg)
    outer: dict[str, Any] = {}
    batch = None
    for member in members:
        found = _PART.match(member.lstrip())
        key, value = (found[0], member.lstrip()[found.end() :].lstrip(": \t\r\n")) if found else ("", member)
        if key == '"batch"' and value.startswith("[") and call == BATCH:
            batch = _split_level(value, 1)
        elif len(value) < 10_000:
            try:
                outer[json.loads(key)] = json.loads(value)
            except (ValueError, RecursionError):
                continue
    if batch is None:
        return RequestItems([msgspec.Raw(body)], None, None), outer
    items: list[Any] = []
    for part in batch:
        raw = part.encode("utf-8", "surrogateescape")
        try:
            items.append(decode_patiently(raw))
        except RecursionError:
            items.append(msgspec.Raw(raw))
    return RequestItems(items, outer.get("context"), outer.get("sentAt")), outer


def _split_level(text: str, level: int) -> list[str] | None:
    """The members of the bracket that is `level` deep, as texts; None when the brackets do not match up."""
    depth, start, parts = 0, 0, []
    for found in _PART.finditer(text):
        token = found[0]
        first = token[0]
        if first in "[{":
            if depth < level <= depth + len(token):
                start = found.start() + level - depth
            depth += len(token)
        elif first in "]}":
            if depth >= level > depth - len(token):
                parts.append(text[start : found.start() + depth - level])
            depth -= len(token)
            if depth < 0:
                return None
        elif first == "," and depth == level:
            parts.append(text[start : found.start()])
            start = found.end()
    return [p for p in parts if p.strip()] if depth == 0 and parts else None
