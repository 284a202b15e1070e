"""Rows on their way into an engine: JSON as text, and from when to when each is in force."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from relance.warehouse.base import Person

_LOWEST, _HIGHEST = -(1 << 63), (1 << 64) - 1
_MANY_DIGITS = re.compile(r"\d{20}", re.ASCII)
# A run of 20 digits in a batch of texts is found so in a tenth of the time that the pattern takes text by text.
_DIGITS_ONLY = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_TWENTY_DIGITS = b"0" * 20


def encode_json(value: Any) -> str:
    """A JSON object as text, in a form that every engine reads alike: integers beyond 64 bits are floating-point numbers."""
    try:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    except (OverflowError, UnicodeEncodeError, msgspec.MsgspecError):
        return msgspec.json.encode(_tamed(value)).decode()
    if _MANY_DIGITS.search(text):
        return msgspec.json.encode(_tamed(json.loads(text))).decode()
    return text


def encode_objects(values: Sequence[Any]) -> list[str]:
    """`encode_json` of each of many."""
    if all(value.__class__ is str for value in values):
        joined = "\n".join(values).encode("utf-8", "replace")
        if _TWENTY_DIGITS not in joined.translate(_DIGITS_ONLY):
            return list(values)
    return list(map(encode_json, values))


def _tamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_tamed(key): _tamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tamed(item) for item in value]
    if isinstance(value, int) and not _LOWEST <= value <= _HIGHEST:
        largest = int(sys.float_info.max)
        return float(max(-largest, min(largest, value)))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def ends(rows: Sequence[Any], key: Callable[[Any], Hashable]) -> list[int]:
    """For each row, the `seq` of the next one with the same key, or `FAR_SEQ`."""
    following: dict[Hashable, int] = {}
    until = []
    for row in reversed(rows):
        name = key(row)
        until.append(following.get(name, FAR_SEQ))
        following[name] = row.seq
    return until[::-1]


def columns_of(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows as columns."""
    return list(zip(*rows, strict=True))


def addresses_of(people: Iterable[Person]) -> list[str]:
    """Every address that some people ever had."""
    return sorted({a for p in people for s in p.states for a in (s.email, s.phone, s.push_token, s.user_id) if a})
