"""Shares of people, with the interval in which the truth lies, and the difference between two of them.

Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998), method 10,
over Wilson's score interval (method 3 of its companion on single proportions); the ratio's interval by Katz et al., Biometrics 34 (1978).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

CONFIDENCE = 0.95
_DIGITS = 6

Verdict = Literal["more", "fewer", "no_detectable_difference"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and between what the truth lies."""

    value: float
    low: float
    high: float

    def as_json(self, times: float = 1.0) -> dict[str, float]:
        return {name: round(getattr(self, name) * times, _DIGITS) for name in ("value", "low", "high")}


@dataclass(frozen=True, slots=True)
class Group:
    """Some people, and how many of them did something."""

    n: int
    hits: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            msg = f"{self.hits} of {self.n} is no share"
            raise ValueError(msg)

    def share(self, confidence: float = CONFIDENCE) -> Estimate | None:
        """Wilson's score interval; None where there is nobody."""
        if not self.n:
            return None
        z, p, n = _z(confidence), self.hits / self.n, self.n
        middle = p + z * z / (2 * n)
        spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        whole = 1 + z * z / n
        # at the edges rounding must not leave the edge out
        low = 0.0 if self.hits == 0 else (middle - spread) / whole
        high = 1.0 if self.hits == n else (middle + spread) / whole
        return Estimate(p, low, high)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Those who were treated beside those who were not."""

    difference: Estimate  # of the shares: treated - held out
    lift: Estimate | None  # the same, as a part of the share of those held out; None where nobody on either side did it
    verdict: Verdict


def compare(treated: Group, held: Group, confidence: float = CONFIDENCE) -> Comparison | None:
    """Whether the treated do it more often; None where one side is empty."""
    one, other = treated.share(confidence), held.share(confidence)
    if one is None or other is None:
        return None
    value = one.value - other.value
    low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    verdict: Verdict = "more" if low > 0 else "fewer" if high < 0 else "no_detectable_difference"
    return Comparison(Estimate(value, low, high), _lift(treated, held, confidence), verdict)


def _lift(treated: Group, held: Group, confidence: float) -> Estimate | None:
    if not treated.hits or not held.hits:
        return None
    ratio = (treated.hits / treated.n) / (held.hits / held.n)
    spread = _z(confidence) * sqrt(1 / treated.hits - 1 / treated.n + 1 / held.hits - 1 / held.n)
    return Estimate(ratio - 1, exp(log(ratio) - spread) - 1, exp(log(ratio) + spread) - 1)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
