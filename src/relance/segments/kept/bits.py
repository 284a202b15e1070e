"""Who is in which segments now: one bit for each profile and segment, in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def pack(answers: Array) -> Array:
    """Truth values, `(segments, moments)`, as bits: `(moments, bytes)`."""
    return np.packbits(answers.T, axis=1)


def _no_bits(n_profiles: int, n_bytes: int) -> Array:
    """Bits of some segments stand together: who is in one is asked of everybody, who is in all of them of a few."""
    return np.zeros((n_profiles, n_bytes), dtype=np.uint8, order="F")


class Bits:
    """Bits of profiles, whose numbers are dense: 100 segments take 13 bytes a profile."""

    def __init__(self, n_segments: int) -> None:
        self.n_segments = n_segments
        self._bits = _no_bits(1024, max((n_segments + 7) // 8, 1))

    def reserve(self, profile_ids: Array) -> None:
        """Have room for some profiles."""
        needed = int(profile_ids.max(initial=0)) + 1
        if needed > len(self._bits):
            grown = _no_bits(max(needed, len(self._bits) * 3 // 2), self._bits.shape[1])
            grown[: len(self._bits)] = self._bits
            self._bits = grown

    def get(self, profile_ids: Array) -> Array:
        """The bits of some profiles."""
        self.reserve(profile_ids)
        found: Array = self._bits[profile_ids]
        return found

    def put(self, profile_ids: Array, bits: Array) -> None:
        """Set all bits of some profiles."""
        self.reserve(profile_ids)
        self._bits[profile_ids] = bits

    def members(self, place: int) -> Array:
        """The profiles that are in a segment, by its place, in order."""
        return np.flatnonzero(self._bits[:, place // 8] & self._mask(place))

    def set_members(self, place: int, profile_ids: Array) -> None:
        """Put some profiles into a segment, and all others out of it."""
        self.reserve(profile_ids)
        self._bits[:, place // 8] &= ~self._mask(place)
        self._bits[profile_ids, place // 8] |= self._mask(place)

    def only(self, places: list[int]) -> Bits:
        """The bits of some segments, in their new order."""
        made = Bits(len(places))
        for new, old in enumerate(places):
            made.set_members(new, self.members(old))
        return made

    def _mask(self, place: int) -> np.uint8:
        return np.uint8(128 >> (place % 8))  # as `packbits` orders them


def changes_between(before: Array, after: Array, n_segments: int) -> tuple[Array, Array, Array]:
    """Where bits differ.

    Shape:
        three arrays, one element a change: the row, the place of the segment, and whether it is entered.
    """
    rows = np.flatnonzero((before != after).any(axis=1))
    there, then = after[rows], before[rows]
    of, places = np.nonzero(np.unpackbits(np.bitwise_xor(there, then), axis=1, count=n_segments))
    entered = np.unpackbits(there, axis=1, count=n_segments)[of, places].astype(bool)
    return rows[of], places, entered


def differences(before: Array, after: Array) -> list[tuple[Array, bool]]:
    """Who is new among some profiles (True), and who is gone (False); numbers in order, each once."""
    if not len(before):
        return [(after, True)]
    size = max(int(before.max(initial=-1)), int(after.max(initial=-1))) + 1
    was, now = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    was[before], now[after] = True, True
    return [(np.flatnonzero(now & ~was), True), (np.flatnonzero(was & ~now), False)]
