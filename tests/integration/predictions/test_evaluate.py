"""A made shop through the whole of it: nothing of the future is seen, what is said comes true, and it is the same each time."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from relance.clock import DAY, format_instant, parse_instant
from relance.errors import InvalidInput
from relance.predictions.evaluate import Evaluation, Request, evaluate, write_evaluation
from relance.predictions.target import parse_target
from relance.predictions.verdict import NothingToLearn
from tests.unit.predictions.made_shop import ORDER, as_items, day, made_shop

AS_OF = day(160)
ASKED = Request(parse_target(ORDER), 30 * DAY, AS_OF, day(200))


@pytest.fixture(scope="module")
def shop() -> list[dict[str, Any]]:
    return made_shop(people=240, days=200)


@pytest.fixture(scope="module")
def done(shop: list[dict[str, Any]]) -> Evaluation:
    return evaluate(as_items(shop), ASKED)


def is_later(event: dict[str, Any]) -> bool:
    return parse_instant(event["timestamp"]) >= AS_OF


def test_everybody_known_is_scored_and_nobody_else(shop: list[dict[str, Any]], done: Evaluation) -> None:
    known = sorted({e["userId"] for e in shop if not is_later(e)})

    assert known == done.user_ids
    assert set(done.category) <= {"low", "medium", "high"}
    assert ((done.probability > 0) & (done.probability < 1)).all()


def test_what_is_said_comes_true(done: Evaluation) -> None:
    future = done.report["future"]

    assert future["auc"] > 0.7
    assert abs(future["mean_probability"] - future["base_rate"]) < 0.08
    assert future["ece"] < 0.15  # 24 people a bin: chance alone makes 0.07 of it
    assert done.report["holdout"]["auc"] == done.report["auc"]
    assert done.report["holdout"]["at"] == format_instant(AS_OF - 30 * DAY)


def test_what_will_be_spent_is_told_as_a_whole(shop: list[dict[str, Any]]) -> None:
    asked = replace(ASKED, target=parse_target(ORDER, value="total"))
    told = evaluate(as_items(shop), asked)

    assert told.expected_value.min() >= 0
    assert 0.6 < told.report["future"]["value"]["ratio"] < 1.6
    assert {"chance_times_amount", "tweedie"} <= set(told.report["value"]["rivals"])
    assert "user_id,probability,score,category,expected_value" == told.scores_csv().splitlines()[0]
    known = evaluate(as_items([e for e in shop if not is_later(e)]), replace(asked, until=None))
    assert told.scores_csv() == known.scores_csv()  # what came later changes no amount by a bit


def test_events_after_the_instant_change_no_score_by_a_bit(shop: list[dict[str, Any]], done: Evaluation) -> None:
    before, after = [e for e in shop if not is_later(e)], [e for e in shop if is_later(e)]
    stirred = random.Random(4)
    moved = [
        {**e, "timestamp": format_instant(AS_OF + stirred.randrange(60 * DAY)), "userId": stirred.choice(after)["userId"]}
        for e in after
    ]
    stirred.shuffle(moved)
    moved += [
        {"type": "track", "userId": "u0001", "event": "Refunded", "timestamp": format_instant(AS_OF - 5 * DAY),
         "receivedAt": format_instant(AS_OF + DAY)},
        {"type": "identify", "userId": "u0002", "traits": {"city": "Nice", "vip": True}, "timestamp": format_instant(AS_OF)},
    ]  # fmt: skip

    again = evaluate(as_items(moved[:50] + before + moved[50:]), replace(ASKED, until=None))

    assert done.scores_csv() == again.scores_csv()


def test_a_trait_that_says_the_event_happened_is_not_used(shop: list[dict[str, Any]], done: Evaluation) -> None:
    planted = []
    for event in shop:
        planted.append(event)
        if event.get("event") == ORDER:
            after = format_instant((parse_instant(event["timestamp"]) or 0) + DAY // 1440)
            planted.append({"type": "identify", "userId": event["userId"], "timestamp": after, "traits": {"is_buyer": True}})

    told = evaluate(as_items(planted), replace(ASKED, until=None))

    assert any("is_buyer" in note for note in told.report["notes"])
    assert told.report["auc"] == pytest.approx(done.report["auc"], abs=0.03)


def test_a_leak_that_arrives_late_does_not_raise_the_holdout(shop: list[dict[str, Any]], done: Evaluation) -> None:
    """A flag dated two days before each order, that was received with it."""
    planted = list(shop)
    for event in shop:
        if event.get("event") == ORDER:
            at = parse_instant(event["timestamp"]) or 0
            planted.append({"type": "track", "userId": event["userId"], "event": "About To Order", "timestamp": format_instant(at - 2 * DAY),
                            "receivedAt": event["timestamp"]})  # fmt: skip

    told = evaluate(as_items(planted), replace(ASKED, until=None))

    assert told.report["auc"] == pytest.approx(done.report["auc"], abs=0.03)


def test_files_are_the_same_bytes_each_time(tmp_path: Any, done: Evaluation) -> None:
    write_evaluation(done, tmp_path)

    assert done.scores_csv() == (tmp_path / "scores.csv").read_text(encoding="utf-8")
    assert "user_id,probability,score,category" == done.scores_csv().splitlines()[0]
    assert done.report == json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def test_a_visitor_who_was_identified_is_one_with_the_person() -> None:
    events = made_shop(people=60, days=200)
    instant = day(150)
    for name, at in (("early", day(100)), ("late", day(170))):
        events.append(
            {"type": "track", "anonymousId": f"anon-{name}", "event": "Product Viewed", "timestamp": format_instant(day(90))}
        )
        events.append(
            {"type": "identify", "anonymousId": f"anon-{name}", "userId": f"known-{name}", "timestamp": format_instant(at)}
        )

    told = evaluate(as_items(events), Request(parse_target(ORDER), 20 * DAY, instant))

    assert {"known-early", "anon-late"} <= set(told.user_ids)
    assert not {"anon-early", "known-late"} & set(told.user_ids)


def test_a_name_that_nobody_did_is_bad_input(shop: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidInput, match="did you mean 'Order Completed'"):
        evaluate(as_items(shop), replace(ASKED, target=parse_target("Order Complete")))


def test_clauses_that_nobody_met_leave_one_class(shop: list[dict[str, Any]]) -> None:
    target = parse_target(ORDER, [{"path": "total", "op": "gt", "value": 1_000_000}])

    with pytest.raises(NothingToLearn, match="one class only"):
        evaluate(as_items(shop), replace(ASKED, target=target))


def test_no_history_is_told(shop: list[dict[str, Any]]) -> None:
    with pytest.raises(NothingToLearn, match="no history"):
        evaluate(as_items(shop), replace(ASKED, as_of=day(-10)))


def test_a_history_shorter_than_two_windows_is_told(shop: list[dict[str, Any]]) -> None:
    with pytest.raises(NothingToLearn, match="at least twice as much"):
        evaluate(as_items(shop), replace(ASKED, window=200 * DAY))
