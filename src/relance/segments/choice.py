"""Which members stand for all of them: by a hash of their ids, so that the same people are shown while the same are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from array import array


def choose(profile_ids: array[int], n: int) -> list[int]:
    """`n` of some profiles, or all when there are fewer, in the order of their hashes.

    Whoever comes or goes changes nothing about the choice among the others.

    Source: Steele, Lea and Flood (2014), the mixing function of SplitMix64.
    """
    ids = np.frombuffer(profile_ids, dtype=np.int64)
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    first = np.argpartition(z, n)[:n] if n < len(z) else np.arange(len(z))
    chosen: list[int] = ids[first[np.argsort(z[first])]].tolist()
    return chosen
