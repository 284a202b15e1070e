"""BG/NBD: repeat purchases of customers who may leave for good, after any purchase, without a word.

Source: Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, equations 6 and 7; the chance of at least one
purchase is P(alive) x (1 - ((alpha + T) / (alpha + T + t)) ^ (r + x)), exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BgNbd:
    """A fitted model."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """P(alive) by now; certain for those without a repeat purchase."""
        more = np.maximum(x, 1)
        odds = np.log(self.a / (self.b + more - 1)) + (self.r + x) * np.log((self.alpha + age) / (self.alpha + t_x))
        found: Floats = np.where(x > 0, 1 / (1 + np.exp(np.clip(odds, -700, 700))), 1.0)
        return found

    def at_least_one(self, x: Floats, t_x: Floats, age: Floats, span: float) -> Floats:
        """The chance of at least one purchase in the next `span`."""
        still = ((self.alpha + age) / (self.alpha + age + span)) ** (self.r + x)
        found: Floats = self.alive(x, t_x, age) * (1 - still)
        return found

    def expected(self, x: Floats, t_x: Floats, age: Floats, span: float) -> Floats:
        """The expected number of purchases in the next `span`.

        Source: equation 10 of the paper.
        """
        from scipy.special import hyp2f1

        c = self.a + self.b + x - 1
        z = span / (self.alpha + age + span)
        series = hyp2f1(self.r + x, self.b + x, c, z)
        decay = ((self.alpha + age) / (self.alpha + age + span)) ** (self.r + x)
        found: Floats = (c / (self.a - 1)) * (1 - decay * series) * self.alive(x, t_x, age)
        return found


def fit_bgnbd(x: Floats, t_x: Floats, age: Floats) -> BgNbd | None:
    """Fit by maximum likelihood; None where there is too little to fit.

    Args:
        x: how many repeat purchases (occasions after the first).
        t_x: from the first to the last purchase.
        age: from the first purchase to now.
    """
    from scipy.optimize import minimize
    from scipy.special import betaln, gammaln

    if len(x) < 20 or (x > 0).sum() < 10:
        return None
    more = np.maximum(x, 1)

    def surprise(logs: Floats) -> float:
        r, alpha, a, b = np.exp(logs)
        base = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        stayed = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
        left = betaln(a + 1, b + more - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
        both = np.where(x > 0, np.logaddexp(stayed, left), stayed)
        return -float(np.mean(base + both))

    start = np.log([1.0, max(float(np.median(age)) / 4, 1e-3), 1.0, 2.0])
    bounds = [(-7.0, 7.0), (-7.0, 12.0), (-7.0, 7.0), (-7.0, 7.0)]
    found = minimize(surprise, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    if not np.isfinite(found.fun):
        return None
    r, alpha, a, b = (float(v) for v in np.exp(found.x))
    return BgNbd(r, alpha, a, b, -float(found.fun) * len(x))
