"""The model of repeat purchases: its fit finds the law that made the data, its chances are the exact ones."""

from __future__ import annotations

import numpy as np
import pytest

from relance.predictions.bgnbd import BgNbd, fit_bgnbd

LAW = BgNbd(0.8, 6.0, 1.2, 3.0, 0.0)


def play(people: int, weeks: float, further: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Customers by the law: repeats, the last one, the age, and whether they bought in the further weeks."""
    random = np.random.default_rng(seed)
    x, last, again = np.zeros(people), np.zeros(people), np.zeros(people, bool)
    for i, (rate, leaves) in enumerate(
        zip(random.gamma(LAW.r, 1 / LAW.alpha, people), random.beta(LAW.a, LAW.b, people), strict=True)
    ):
        at = 0.0
        while True:
            at += random.exponential(1 / rate)
            if at > weeks + further:
                break
            if at > weeks:
                again[i] = True
                break
            x[i], last[i] = x[i] + 1, at
            if random.random() < leaves:
                break
    return x, last, np.full(people, weeks), again


def test_the_fit_finds_the_law_that_made_the_data() -> None:
    x, last, age, _ = play(3_000, 52, 0)

    found = fit_bgnbd(x, last, age)

    assert LAW.r == pytest.approx(found.r, rel=0.25)
    assert LAW.alpha == pytest.approx(found.alpha, rel=0.3)
    assert LAW.a / (LAW.a + LAW.b) == pytest.approx(found.a / (found.a + found.b), rel=0.3)


def test_the_chance_of_at_least_one_is_the_share_that_came_back() -> None:
    x, last, age, again = play(6_000, 52, 8)

    told = LAW.at_least_one(x, last, age, 8)

    assert again.mean() == pytest.approx(told.mean(), abs=0.012)
    likely = told > np.quantile(told, 0.8)
    assert again[likely].mean() == pytest.approx(told[likely].mean(), abs=0.03)


def test_expected_purchases_grow_with_the_span() -> None:
    x, last, age = np.array([0.0, 3.0, 3.0]), np.array([0.0, 20.0, 50.0]), np.full(3, 52.0)

    short, long = LAW.expected(x, last, age, 4), LAW.expected(x, last, age, 26)

    assert (long > short).all()
    assert short[2] > short[1] > 0  # who came lately comes sooner than who was long away


def test_too_few_customers_are_not_fitted() -> None:
    assert fit_bgnbd(np.ones(10), np.ones(10), np.full(10, 5.0)) is None
