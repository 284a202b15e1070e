"""The figures, by cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from relance.predictions.measures import (
    auc,
    auc_interval,
    average_precision,
    calibration_error,
    categories_of,
    category_rates,
    lift_by_decile,
    quality_of,
    scores_of,
)

DID = np.array([True, False, True, False])


def test_auc_counts_pairs_and_half_of_ties() -> None:
    assert 1.0 == auc(DID, np.array([0.9, 0.1, 0.8, 0.2]))
    assert 0.5 == auc(DID, np.full(4, 0.3))
    assert 0.75 == auc(DID, np.array([0.9, 0.5, 0.2, 0.1]))
    assert auc(np.ones(3, bool), np.arange(3.0)) is None


def test_average_precision_takes_ties_in_one_step() -> None:
    assert (1 + 2 / 3) / 2 == pytest.approx(average_precision(DID, np.array([0.9, 0.5, 0.2, 0.1])))
    assert 0.5 == average_precision(DID, np.full(4, 0.3))


def test_calibration_error_is_the_mean_distance_over_bins_of_equal_size() -> None:
    happened, p = np.array([True] * 10 + [False] * 10), np.array([0.8] * 10 + [0.1] * 10)

    assert 0.15 == pytest.approx(calibration_error(happened, p, bins=2))


def test_lift_begins_with_the_highest_scores() -> None:
    happened = np.arange(100) >= 90

    assert 10.0 == lift_by_decile(happened, np.arange(100.0))[0]


def test_a_score_of_50_is_average_odds_and_75_three_times_them() -> None:
    base = 0.2
    three_times = 3 * (base / (1 - base))

    assert [50.0, 75.0] == pytest.approx(scores_of(np.array([base, three_times / (1 + three_times)]), base).tolist())


def test_categories_meet_at_50_and_75() -> None:
    assert ["low", "low", "medium", "medium", "high", "high"] == categories_of(np.array([0, 49.99, 50, 74.99, 75, 100]))


def test_rates_of_an_empty_category_are_missing() -> None:
    rates = category_rates(np.array([False, True]), np.array([0.1, 0.1]), 0.5)

    assert {"n": 2, "predicted": 0.1, "observed": 0.5} == rates["low"]
    assert {"n": 0, "predicted": None, "observed": None} == rates["high"]


@pytest.mark.parametrize(("ranking", "word"), [(0.4, "poor"), (0.6, "fair"), (0.75, "good"), (0.8, "excellent")])
def test_quality_has_a_word(ranking: float, word: str) -> None:
    assert word == quality_of(ranking)[1]


def test_the_interval_is_wider_with_fewer_people() -> None:
    few, many = auc_interval(0.8, 30, 100), auc_interval(0.8, 300, 1000)

    assert few[0] < many[0] < 0.8 < many[1] < few[1]
