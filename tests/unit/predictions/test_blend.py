"""How much each family counts, by what happened at later cut-offs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from relance.predictions.blend import mixed, probability_of, weigh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sample = tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]


def a_sample(people: int, seed: int, level: float = 0.0) -> Sample:
    """One family knows the chances, one says half of it, one guesses, one says the opposite."""
    draw = np.random.default_rng(seed)
    truth = draw.normal(-1.0, 1.5, people)
    happened = draw.random(people) < probability_of(truth + level)
    return {"knows": truth, "shy": truth / 2, "guesses": draw.normal(-1.0, 1.5, people), "opposite": -truth}, happened


def test_who_knows_counts_and_who_says_the_opposite_does_not() -> None:
    weights, slope = weigh([a_sample(4000, 1), a_sample(4000, 2)], ("opposite", "guesses", "knows"))

    assert weights["knows"] > 0.75
    assert "opposite" not in weights
    assert pytest.approx(1.0) == sum(weights.values())
    assert pytest.approx(1.0, abs=0.15) == slope


def test_few_people_leave_all_counting_alike() -> None:
    weights, _ = weigh([a_sample(30, 3)], ("guesses", "knows", "shy"))

    assert all(abs(w - 1 / 3) < 0.1 for w in weights.values())


def test_who_is_too_shy_is_made_bolder() -> None:
    _, slope = weigh([a_sample(30_000, 4)], ("shy",))

    assert 1.8 < slope < 2.1


def test_how_many_acted_is_no_fault_of_the_families() -> None:
    few, many = a_sample(4000, 5, level=-1.0), a_sample(4000, 6, level=1.0)
    raised = ({f: odds + 2.0 for f, odds in many[0].items()}, many[1])

    plain, slope = weigh([few, many], ("guesses", "knows"))
    again, same = weigh([few, raised], ("guesses", "knows"))

    assert plain["knows"] > 0.75
    assert pytest.approx(plain["knows"], abs=0.01) == again["knows"]
    assert pytest.approx(slope, abs=0.01) == same


def test_nothing_tried_is_the_plain_mean() -> None:
    weights, slope = weigh([], ("a", "b"))

    assert ({"a": 0.5, "b": 0.5}, 1.0) == (weights, slope)
    assert mixed({"a": np.ones(2), "b": np.zeros(2)}, ("a", "b"), (0.5, 0.5)).tolist() == [0.5, 0.5]
    assert mixed({"a": np.ones(2), "b": np.zeros(2)}, ("a", "b")).tolist() == [0.5, 0.5]
