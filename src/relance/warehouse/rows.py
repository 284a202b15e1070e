"""Rows on their way into an engine: JSON as text, and from when to when each is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from relance.warehouse.base import Person

_LOWEST, _HIGHEST = -(1 << 63), (1 << 64) - 1


def encode_json(value: Any) -> str:
    """A JSON object as text, the way every engine reads alike: integers beyond 64 bits are floating-point numbers."""
    if isinstance(value, str):
        return value
    try:
        return msgspec.json.encode(value).decode()
    except (OverflowError, UnicodeEncodeError, msgspec.MsgspecError):
        return msgspec.json.encode(_tamed(value)).decode()


def _tamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_tamed(key): _tamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tamed(item) for item in value]
    if isinstance(value, int) and not _LOWEST <= value <= _HIGHEST:
        return float(value) if abs(value) < 1 << 1023 else None
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


class Loaded(NamedTuple):
    """What one tick brought so far."""

    tick: int
    position: int


def addresses_of(people: Iterable[Person]) -> list[str]:
    """Every address that some people ever had."""
    return sorted({a for p in people for s in p.states for a in (s.email, s.phone, s.push_token, s.user_id) if a})
