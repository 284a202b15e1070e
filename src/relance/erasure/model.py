"""A wish that somebody be erased, and what tells their calls from those of others."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from relance.ids import position_of_seq

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.events.model import LoggedChunk

MOST_NEEDLES = 100
ERASED_REASON = "erased"  # how open passages end, and why waiting messages are blocked


@dataclass(frozen=True, slots=True)
class Erasure:
    """One wish."""

    erasure_id: int
    profiles: tuple[int, ...]  # one person, or many who were made up
    at: int
    suppress: bool  # whether later calls of the ids are refused
    made: bool = False  # whether they were made up: then nothing is kept of them


class Owner:
    """Whose a call is: the ids of one person, each from one place of the log to another."""

    def __init__(self, profiles: Iterable[int], aliases: Sequence[tuple[str, int, int]]) -> None:
        """Args: the numbers of the person, merged ones too; of each of their ids all profiles it ever led to: id, since when, profile."""
        self.profiles = frozenset(profiles)
        since: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for alias, seq, profile_id in sorted(aliases, key=lambda row: row[1]):
            since[alias].append((seq, profile_id))
        self._since = dict(since)
        self.ids = frozenset(self._since)
        # What is theirs now, and nobody else's.
        self.own_ids = frozenset(a for a, rows in since.items() if rows[-1][1] in self.profiles)
        first: dict[int, int] = {}
        for rows in since.values():
            for seq, profile_id in rows:
                if profile_id in self.profiles:
                    first[profile_id] = min(seq, first.get(profile_id, seq))
        self.numbers = sorted((position_of_seq(seq), profile_id) for profile_id, seq in first.items())
        plain = [a for a in self._since if a.isascii() and a.isprintable() and not set(a) & set('"\\/')]
        # To look for thousands in each request takes longer than to read it.
        is_short = len(plain) == len(self._since) <= MOST_NEEDLES
        self._needles = [a.encode() for a in plain] if is_short else None

    def owns(self, alias: str | None, seq: int) -> bool:
        """Whether an id led to the person at a place in the order of events."""
        rows = self._since.get(alias) if alias is not None else None
        if not rows:
            return False
        place = bisect_right(rows, seq, key=lambda row: row[0])
        return place > 0 and rows[place - 1][1] in self.profiles

    def is_same(self, other: Owner) -> bool:
        """Whether both tell the same calls."""
        return self.profiles == other.profiles and self._since == other._since

    def may_concern(self, chunk: LoggedChunk) -> bool:
        """Whether a request may name the person: whoever writes ids plainly is told by their bytes."""
        if self._needles is None or b"\\u" in chunk.body:
            return True
        return any(needle in chunk.body for needle in self._needles)


class Ids(msgspec.Struct):
    """What an item that is no event says of whom it is."""

    user_id: str | int | float | None = msgspec.field(default=None, name="userId")
    anonymous_id: str | int | float | None = msgspec.field(default=None, name="anonymousId")
    previous_id: str | int | float | None = msgspec.field(default=None, name="previousId")
