"""The figures of a prediction's page, and what is due when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from relance.clock import DAY, HOUR, parse_instant
from relance.errors import InvalidInput
from relance.localtime import UTC_ZONE
from relance.predictions.live.definition import parse_prediction
from relance.predictions.live.outcomes import SHIFTED, probability_of_scores
from relance.predictions.live.page import Curve, parse_selection
from relance.predictions.live.places import place_among, places_of
from relance.predictions.live.registry import Current, Run
from relance.predictions.live.schedule import what_is_due
from relance.predictions.live.spread import as_json, choose_edges, count_spread, find_moved, stability_index
from relance.predictions.measures import scores_of
from relance.predictions.target import Rule

RANDOM = np.random.default_rng(3)
PROBABILITY = RANDOM.beta(1, 3, 500)
SCORES = np.round(RANDOM.uniform(0, 100, 500))
CURVE = Curve.of(SCORES, PROBABILITY)
PERCENTILE = np.array([100 * int((SCORES < score).sum()) / 500 for score in SCORES])
NOON = parse_instant("2026-03-10T12:00:00Z") or 0


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        ({"score": {"gte": 60}}, SCORES >= 60),
        ({"score": {"gt": 60, "lte": 90}}, (SCORES > 60) & (SCORES <= 90)),
        ({"score": {"gte": 20, "lt": 21}}, (SCORES >= 20) & (SCORES < 21)),
        ({"category": ["low", "high"]}, (SCORES < 50) | (SCORES >= 75)),
        ({"category": "medium"}, (SCORES >= 50) & (SCORES < 75)),
        ({"score": {"gte": 0, "lte": 100}}, SCORES >= 0),
        ({"percentile": {"gte": 90}}, PERCENTILE >= 90),
        ({"percentile": {"gt": 20, "lte": 60}}, (PERCENTILE > 20) & (PERCENTILE <= 60)),
        ({"percentile": {"lt": 5}}, PERCENTILE < 5),
        ({"top": 1000}, SCORES >= 0),
    ],
)
def test_a_panel_adds_up_what_it_selects(selection: dict[str, Any], selected: Any) -> None:
    panel = CURVE.panel_of(parse_selection(selection))

    assert int(selected.sum()) == panel["selected"]
    assert pytest.approx(PROBABILITY[selected].sum()) == panel["expected_performers"]
    assert pytest.approx((1 - PROBABILITY)[selected].sum() / (1 - PROBABILITY).sum()) == panel["expected_non_performers_share"]


@pytest.mark.parametrize(("low", "high"), [(0, 100), (60, 90), (75, 75), (100, 100)])
def test_steps_tell_what_a_panel_tells(low: int, high: int) -> None:
    steps, panel = CURVE.steps(), CURVE.panel_of(parse_selection({"score": {"gte": low, "lte": high}}))

    assert panel["selected"] == steps["people_up_to"][high] - steps["people_below"][low]
    assert pytest.approx(panel["expected_performers"]) == steps["expected_up_to"][high] - steps["expected_below"][low]


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        ({}, "by one of `score`"),
        ({"score": {"gte": 1}, "category": ["low"]}, "by one of `score`"),
        ({"top": 0}, "no whole number"),
        ({"percentile": {"eq": 5}}, "no bound 'eq' of a percentile"),
        ({"value": {"gte": -1}}, "no number of at least 0"),
        ({"value": {"gt": 60, "lte": 60}}, "no value lies between"),
        ({"score": {"from": 1}}, "no bound 'from'"),
        ({"score": {"gte": 101}}, "no number from 0 to 100"),
        ({"score": {"gte": True}}, "no number from 0 to 100"),
        ({"score": {"gt": 60, "lt": 60}}, "no score lies between"),
        ({"category": ["best"]}, "no category 'best'"),
        ({"category": []}, "at least one category"),
    ],
)
def test_a_selection_that_is_none_is_refused(selection: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        parse_selection(selection)


def test_a_panel_of_amounts() -> None:
    value = np.round(RANDOM.gamma(1, 80, 500))
    curve = Curve.of(SCORES, PROBABILITY, value)
    some = (value >= 200) & (value < 450)
    panel = curve.panel_of(parse_selection({"value": {"gte": 200, "lt": 450}}))

    assert int(some.sum()) == panel["selected"] > 0
    assert pytest.approx(value[some].sum()) == panel["expected_value"]
    assert pytest.approx(PROBABILITY[some].sum()) == panel["expected_performers"]
    assert pytest.approx(value[SCORES >= 60].sum()) == curve.panel_of({"score": {"gte": 60}})["expected_value"]
    assert "expected_value" not in CURVE.panel_of({"top": 3})
    with pytest.raises(InvalidInput, match="foretells no amounts"):
        CURVE.panel_of(parse_selection({"value": {"gte": 200}}))


def test_places_and_percentiles() -> None:
    ids = RANDOM.permutation(500)
    place, percentile = places_of(SCORES, ids)

    assert PERCENTILE.tolist() == percentile.tolist()
    assert list(range(1, 501)) == sorted(place.tolist())
    order = np.argsort(place)
    assert sorted(zip((-SCORES).tolist(), ids.tolist(), strict=True)) == list(
        zip((-SCORES[order]).tolist(), ids[order].tolist(), strict=True)
    )
    panel = CURVE.panel_of({"top": 40})
    assert (40, pytest.approx(40 - panel["expected_performers"])) == (panel["selected"], panel["expected_non_performers"])


def test_the_feature_that_moved_is_told() -> None:
    names = ("times", "age", "unused")
    then = np.column_stack([RANDOM.poisson(2, 4000), RANDOM.normal(40, 9, 4000), RANDOM.normal(0, 1, 4000)]).astype(float)
    now = np.column_stack([RANDOM.poisson(2, 4000), RANDOM.normal(40, 9, 4000), RANDOM.normal(5, 1, 4000)]).astype(float)
    now[:1000, 1] = np.nan  # a quarter has no age any more
    edges = choose_edges(names, then, {"times": 3.0, "age": 9.0})
    before, after = (as_json(edges, count_spread(edges, names, matrix)) for matrix in (then, now))

    assert ["age", "times"] == list(edges)
    assert 9 == len(edges["age"]) > len(edges["times"]) == len(set(edges["times"]))
    assert {4000} == {sum(one["people"]) for one in before.values()} == {sum(one["people"]) for one in after.values()}
    assert 1000 == after["age"]["people"][-1]
    moved = find_moved(before, after)
    assert ["age", "times"] == [one["feature"] for one in moved]
    assert moved[0]["index"] > SHIFTED > 0.02 > moved[1]["index"] >= 0
    assert pytest.approx(0.25) == moved[0]["now"][-1]
    assert [] == find_moved({}, after)


def test_one_more_score_takes_its_place_among_the_others() -> None:
    scores = np.array([10.0, 20.0, 20.0, 30.0])

    assert (2, 60.0) == place_among(scores, None, 25.0)
    assert (1, 75.0) == place_among(scores, 20.0, 40.0)
    assert (2, 25.0) == place_among(scores, 20.0, 20.0)
    assert (1, 0.0) == place_among(np.zeros(0), None, 5.0)


def test_histogram_lift_and_profit() -> None:
    histogram = CURVE.histogram()

    assert [int(((low <= SCORES) & (SCORES < low + (5 if low < 95 else 6))).sum()) for low in range(0, 100, 5)] == [
        bucket["people"] for bucket in histogram["buckets"]
    ]
    assert 500 == sum(c["people"] for c in histogram["categories"].values())
    assert pytest.approx(1.0) == CURVE.lift()[-1]["gain"]
    sure = Curve.of(np.array([90.0, 10.0, 80.0]), np.array([0.9, 0.1, 0.8]))
    best = sure.profit(margin=10, cost=5)["best"]
    assert (2, pytest.approx(7.0), 80.0) == (best["people"], best["profit"], best["from_score"])
    nobody = Curve.of(np.zeros(0), np.zeros(0))
    assert (0, None) == (nobody.panel([(0, 101)])["selected"], nobody.panel([(0, 101)])["selected_share"])


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        (Rule(), [False, True, False, True]),
        (Rule(done=1, undone=2), [False, True, False, False]),
        (Rule(done=1, undone=2, every=False), [True, True, False, True]),
        (Rule(done=0, undone=3), [True, False, False, False]),
        (Rule(done=3, undone=0, every=False), [False, True, True, True]),
    ],
)
def test_rules_of_what_is_done_and_not(rule: Rule, met: list[bool]) -> None:
    assert met == rule.of(np.array([0, 1, 2, 3])).tolist()


def prediction(mode: str = "active", **more: Any) -> Any:
    body = {
        "id": "p",
        "target": {"event": "A"},
        "window": "30d",
        "mode": mode,
        "rescore": {"every": "day", "at": "03:00"},
        **more,
    }
    return parse_prediction(body)


def current(as_of: int, trained: int | None = None, digest: str = "") -> Current:
    return Current(1, as_of, as_of, 0.1, 10, {}, digest or prediction().digest, trained or as_of, {})


def run(state: str, ended_at: int, kind: str = "build") -> Run:
    return Run(1, "p", kind, state, "", 0, prediction().digest, ended_at, ended_at, ended_at, "", "")


@pytest.mark.parametrize(
    ("asked", "serves", "last", "due"),
    [
        (prediction("draft"), None, None, None),
        (prediction("archived"), current(NOON - 9 * DAY), None, None),
        (prediction(), None, None, "build"),
        (prediction("preview"), None, None, "build"),
        (prediction("preview"), current(NOON - 40 * DAY), None, None),
        (prediction(), None, run("running", NOON), None),
        (prediction(), current(NOON - HOUR), None, None),
        (prediction(), current(NOON - 10 * HOUR), None, "rescore"),  # 03:00 has passed
        (prediction(), current(NOON - 5 * DAY), None, "rescore"),  # five were missed: one
        (prediction(), current(NOON - HOUR, NOON - 15 * DAY), None, "build"),
        (prediction(retrain_after="20d"), current(NOON - HOUR, NOON - 15 * DAY), None, None),
        (prediction(), current(NOON - HOUR, digest="another"), None, "build"),
        (prediction(rescore=None), current(NOON - 9 * DAY), None, None),
        (prediction(), None, run("failed", NOON - HOUR), None),
        (prediction(), None, run("failed", NOON - 7 * HOUR), "build"),
        (prediction("preview"), None, run("failed", NOON - 9 * DAY), None),
        (prediction(), current(NOON - 10 * HOUR), run("cancelled", NOON - HOUR, "rescore"), None),
        (prediction(), current(NOON - 10 * HOUR), run("cancelled", NOON - 10 * HOUR, "rescore"), "rescore"),
    ],
)
def test_what_is_due(asked: Any, serves: Current | None, last: Run | None, due: str | None) -> None:
    assert due == what_is_due(asked, serves, last, NOON, UTC_ZONE)


def test_scores_stand_for_their_probabilities() -> None:
    assert pytest.approx(PROBABILITY) == probability_of_scores(scores_of(PROBABILITY, 0.2), 0.2)


@pytest.mark.parametrize(("after", "is_shifted"), [([5, 90, 5], False), ([4, 92, 4], False), ([60, 30, 10], True)])
def test_a_shift_of_scores_is_seen(after: list[int], *, is_shifted: bool) -> None:
    assert is_shifted == (stability_index([5, 90, 5], after) > SHIFTED)


def test_drift_brings_the_next_build_forward() -> None:
    asked, serves = prediction(), current(NOON - 10 * HOUR, NOON - 2 * DAY)

    assert "build" == what_is_due(asked, serves, None, NOON, UTC_ZONE, drifted=True)
    assert what_is_due(asked, current(NOON - HOUR, NOON - 2 * DAY), None, NOON, UTC_ZONE, drifted=True) is None
