"""Uplift: found where the law has it, denied where it has none; outcomes are no features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from relance.errors import InvalidInput
from relance.predictions.uplift.evaluate import NO_DIFFERENCE, evaluate_uplift
from relance.predictions.uplift.qini import qini, qini_curve, qini_intervals
from relance.predictions.uplift.table import read_experiment


def made_experiment(people: int = 1_500, *, moved: float, seed: int = 5) -> dict[str, list[Any]]:
    """Half are treated. Those with a high `a` act more by it, those with a low one less; `b` is who acts anyway."""
    random = np.random.default_rng(seed)
    a, b = random.normal(size=people), random.normal(size=people)
    treated = random.random(people) < 0.5
    acts = random.random(people) < np.clip(0.3 + 0.12 * b + moved * np.sign(a) * treated, 0, 1)
    spend = acts * random.gamma(2, 10, people)
    columns = {"a": a, "b": b, "noise": random.normal(size=people), "treated": treated * 1, "acted": acts * 1, "paid": spend}
    return {name: column.tolist() for name, column in columns.items()}


def test_a_perfect_order_has_a_coefficient_and_a_random_one_has_none() -> None:
    treated = np.tile([True, False], 500)
    outcome = np.where(np.arange(1_000) < 500, treated * 1.0, 0.0)  # the first half is moved, the second not
    score = -np.arange(1_000.0)

    assert 125 == pytest.approx(qini(score, treated, outcome), abs=2)  # a triangle of 1/2 x 1/2 x 1/2
    assert 0 == pytest.approx(qini(np.zeros(1_000), treated, outcome))
    assert 0.5 == pytest.approx(qini_curve(score, treated, outcome)[1][-1])


def test_the_interval_of_the_best_allows_for_the_choice() -> None:
    random = np.random.default_rng(1)
    treated, outcome = random.random(800) < 0.5, np.asarray(random.random(800) < 0.3, np.float64)
    orders = {f"order {i}": random.random(800) for i in range(8)}

    alone = qini_intervals({"order 0": orders["order 0"]}, treated, outcome, np.random.default_rng(2), resamples=100)
    among = qini_intervals(orders, treated, outcome, np.random.default_rng(2), resamples=100)

    low, high = alone["order 0"]
    assert low < qini(orders["order 0"], treated, outcome) < high
    assert among["order 0"][0] < low
    assert all(low < 0 < high for low, high in among.values())


def test_who_is_moved_is_found() -> None:
    table = made_experiment(moved=0.25)
    read = read_experiment(table, treatment="treated", outcome="acted", treated=None, control=None, ignore=["paid"])

    done = evaluate_uplift(read, repeats=1)

    assert done.report["detectable"]
    assert done.report["interval"][0] > 0
    assert done.report["learners"][done.report["chosen"]]["qini_x1000"] > done.report["learners"]["by likelihood"]["qini_x1000"]
    up = np.asarray(table["a"]) > 0
    assert done.score[up].mean() > done.score[~up].mean()


def test_where_nobody_is_moved_it_says_so() -> None:
    read = read_experiment(
        made_experiment(moved=0.0), treatment="treated", outcome="acted", treated=None, control=None, ignore=["paid"]
    )

    done = evaluate_uplift(read, repeats=1)

    assert NO_DIFFERENCE == done.report["verdict"]
    assert done.report["chosen"] is None
    assert not done.score.any()


def test_another_outcome_is_left_out_by_itself() -> None:
    read = read_experiment(made_experiment(moved=0.1), treatment="treated", outcome="acted", treated=None, control=None)

    assert ("a", "b", "noise") == read.names
    assert "paid" in read.notes[0]


def test_a_column_named_as_an_outcome_is_left_out() -> None:
    table = made_experiment(moved=0.1)
    table["spend"] = table.pop("noise")
    read = read_experiment(table, treatment="treated", outcome="acted", treated=None, control=None, ignore=["paid"])

    assert ("a", "b") == read.names


def test_a_column_that_the_treatment_moved_is_left_out() -> None:
    table = made_experiment(moved=0.1)
    table["seen"] = [t * 0.5 + n for t, n in zip(table["treated"], table["noise"], strict=True)]
    read = read_experiment(table, treatment="treated", outcome="acted", treated=None, control=None, ignore=["paid"])

    assert "seen" not in read.names
    assert read.drawn


def test_who_chose_for_themselves_were_not_drawn() -> None:
    table = made_experiment(moved=0.1)
    wanted = np.asarray(table["a"]) + np.asarray(table["b"]) + np.asarray(table["noise"]) > 0
    table["treated"] = (wanted * 1).tolist()

    assert not read_experiment(table, treatment="treated", outcome="acted", treated=None, control=None, ignore=["paid"]).drawn


def test_arms_are_named_where_there_are_three() -> None:
    table = made_experiment(moved=0.1)
    table["arm"] = [["none", "mail", "call"][i % 3] for i in range(len(table["a"]))]
    table.pop("treated")

    with pytest.raises(InvalidInput, match="'call', 'mail', 'none'"):
        read_experiment(table, treatment="arm", outcome="acted", treated=None, control=None)

    read = read_experiment(table, treatment="arm", outcome="acted", treated="mail", control="none")
    assert 2 / 3 == pytest.approx(len(read.rows) / len(table["a"]), abs=0.01)
    assert [1, 2] == read.rows[:2].tolist()
    assert 4 == read.rows[2]


def test_missing_columns_are_all_told() -> None:
    with pytest.raises(InvalidInput) as told:
        read_experiment({"a": [1]}, treatment="t", outcome="y", treated=None, control=None)

    assert 2 == len(told.value.problems)
