"""How many, told from a part of the people: the figure, and between which bounds it most likely lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

EXACT_UP_TO = 50_000  # people: so many are counted in no more time than a sample of many takes
LEAST_SAMPLED = 16_384  # of them so many are asked, and less than twice as many
_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `low` and `high` are the same when it is exact, else the bounds of 95 %."""

    n: int
    low: int
    high: int

    def as_json(self) -> dict[str, Any]:
        return {"members": self.n, "low": self.low, "high": self.high}


def halvings_for(people: int) -> int:
    """How often to halve the people so that the sample is large enough, 0 when all of them are few enough."""
    return 0 if people <= EXACT_UP_TO else int(math.log2(people / LEAST_SAMPLED))


def exactly(n: int) -> Count:
    """A figure that was counted."""
    return Count(n, n, n)


def estimate(hits: int, asked: int, people: int) -> Count:
    """A figure for all people from one for some of them, chosen without regard to what was asked.

    Args:
        hits: those asked who are members.
        asked: how many were asked; as many as there are people make the figure exact.
        people: how many there are.

    Source: Wilson (1927), the score interval, narrowed for a sample without replacement.
    """
    if not 0 < asked < people:
        return exactly(hits)
    share = hits / asked
    z = _Z * math.sqrt((people - asked) / (people - 1))
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked)) / (1 + z * z / asked)
    low = max(hits, math.floor((middle - reach) * people))
    high = min(people - (asked - hits), math.ceil((middle + reach) * people))
    return Count(min(max(round(share * people), low), high), low, high)
