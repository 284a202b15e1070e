"""What people spend who act, learnt from those who did."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from relance.clock import DAY
from relance.predictions.features import History, Outcomes, Snapshot
from relance.predictions.tickets import Tickets, fit_tickets

if TYPE_CHECKING:
    from relance.predictions.study import Study

PEOPLE = 300
YEAR = 36  # steps of ten days


@dataclass
class Shop:
    """People who spend what they always spend, times what the season makes of it."""

    n_lessons: int
    seasonal: bool = False
    shares_with_amount: float = 1.0
    step: int = 10 * DAY

    def level(self, index: int) -> float:
        return 0.5 * math.cos(2 * math.pi * index / YEAR) if self.seasonal else 0.0

    def means(self) -> np.ndarray:
        return np.random.default_rng(1).gamma(4, 10, PEOPLE) + 5

    def lessons(self, asked: int) -> list[int]:
        return list(range(asked + 3, asked + 3 + self.n_lessons))

    def snapshot(self, index: int) -> Snapshot:
        once = np.full(PEOPLE, 4.0)
        history = History(once, once * 5, once * 50, 4 * self.means(), once * 60)
        return Snapshot(index, np.arange(PEOPLE), np.column_stack([self.means(), once]), history)

    def outcomes(self, index: int) -> Outcomes:
        random = np.random.default_rng(100 + index)
        acts = random.random(PEOPLE) < 0.3
        spent = self.means() * math.exp(self.level(index)) * random.gamma(20, 1 / 20, PEOPLE)
        return Outcomes(acts, np.where(acts & (random.random(PEOPLE) < self.shares_with_amount), spent, 0.0))


def fitted(shop: Shop) -> Tickets:
    found = fit_tickets(cast("Study", shop), 0)
    assert found is not None
    return found


def test_people_are_expected_to_spend_what_they_do() -> None:
    shop = Shop(n_lessons=9)

    told = fitted(shop).amounts(shop.snapshot(0))

    assert pytest.approx(shop.means().sum(), rel=0.05) == told.sum()
    assert np.corrcoef(told, shop.means())[0, 1] > 0.9


def test_a_season_of_amounts_is_foretold_from_a_year_ago() -> None:
    shop = Shop(n_lessons=60, seasonal=True)

    tickets = fitted(shop)

    assert "season" == tickets.level.way
    assert pytest.approx(shop.means().sum() * math.exp(0.5), rel=0.15) == tickets.amounts(shop.snapshot(0)).sum()


def test_who_acts_without_an_amount_takes_from_what_is_expected() -> None:
    shop = Shop(n_lessons=9, shares_with_amount=0.5)

    assert pytest.approx(shop.means().sum() / 2, rel=0.1) == fitted(shop).amounts(shop.snapshot(0)).sum()


def test_what_is_kept_as_text_tells_the_same_to_the_bit() -> None:
    shop = Shop(n_lessons=9)
    tickets = fitted(shop)

    again = Tickets.from_json(json.loads(json.dumps(tickets.as_json())))

    assert tickets.amounts(shop.snapshot(0)).tolist() == again.amounts(shop.snapshot(0)).tolist()
    assert tickets.as_json() == fitted(shop).as_json()


def test_too_few_amounts_teach_nothing() -> None:
    assert fit_tickets(cast("Study", Shop(n_lessons=0)), 0) is None
    assert fit_tickets(cast("Study", Shop(n_lessons=2, shares_with_amount=0.1)), 0) is None
