"""Conditions in Python read like the sentence, and are what a definition says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relance import conditions
from relance.conditions import (
    Condition,
    all_of,
    any_of,
    bucket,
    can_receive,
    did,
    did_not,
    everyone,
    from_dict,
    in_list,
    in_segment,
    journey,
    message,
    near,
    nobody,
    predicted,
    prop,
    sequence,
    subscribed,
    then,
    trait,
)
from relance.conditions.clauses import OPERATORS
from relance.conditions.model import AGGREGATES, CHANNELS, JOURNEY_STATES
from relance.conditions.read import _READERS, parse_condition
from relance.conditions.read_fields import LIMIT_OPS
from relance.errors import InvalidCondition
from relance.segments import Segment

# Each kind and each operator, in Python and in a definition.
SAME: list[tuple[Any, dict[str, Any]]] = [
    (everyone, {"type": "all", "of": []}),
    (nobody, {"type": "any", "of": []}),
    (~everyone, {"type": "not", "of": {"type": "all", "of": []}}),
    (all_of(nobody), {"type": "all", "of": [{"type": "any", "of": []}]}),
    (any_of(everyone), {"type": "any", "of": [{"type": "all", "of": []}]}),
    (trait("a.b") == "x", {"type": "trait", "path": "a.b", "op": "eq", "value": "x"}),
    (trait("a", ignore_case=True) != "x", {"type": "trait", "path": "a", "op": "ne", "value": "x", "ignore_case": True}),
    (trait("a").in_(["x", 1, True]), {"type": "trait", "path": "a", "op": "in", "value": ["x", 1, True]}),
    (trait("a").not_in([]), {"type": "trait", "path": "a", "op": "not_in", "value": []}),
    (trait("a") > 1, {"type": "trait", "path": "a", "op": "gt", "value": 1}),
    (trait("a") >= 1.5, {"type": "trait", "path": "a", "op": "gte", "value": 1.5}),
    (trait("a") < "m", {"type": "trait", "path": "a", "op": "lt", "value": "m"}),
    (10 >= trait("a"), {"type": "trait", "path": "a", "op": "lte", "value": 10}),
    (trait("a").between(1, 2), {"type": "trait", "path": "a", "op": "between", "value": [1, 2]}),
    (trait("a").contains("x"), {"type": "trait", "path": "a", "op": "contains", "value": "x"}),
    (trait("a").not_contains(1), {"type": "trait", "path": "a", "op": "not_contains", "value": 1}),
    (trait("a").starts_with("x"), {"type": "trait", "path": "a", "op": "starts_with", "value": "x"}),
    (trait("a").ends_with(""), {"type": "trait", "path": "a", "op": "ends_with", "value": ""}),
    (trait("a").matches("^x"), {"type": "trait", "path": "a", "op": "matches", "value": "^x"}),
    (trait("a").is_set(), {"type": "trait", "path": "a", "op": "is_set"}),
    (trait("a").is_not_set(), {"type": "trait", "path": "a", "op": "is_not_set"}),
    (trait("a").is_true(), {"type": "trait", "path": "a", "op": "is_true"}),
    (trait("a").is_false(), {"type": "trait", "path": "a", "op": "is_false"}),
    (trait("a").before(date(2026, 3, 1)), {"type": "trait", "path": "a", "op": "before", "value": "2026-03-01"}),
    (
        trait("a").after(datetime(2026, 3, 1, 9, tzinfo=UTC)),
        {"type": "trait", "path": "a", "op": "after", "value": "2026-03-01T09:00:00Z"},
    ),
    (trait("a").within_last("36h"), {"type": "trait", "path": "a", "op": "within_last", "value": "36h"}),
    (trait("a").within_next(timedelta(days=7)), {"type": "trait", "path": "a", "op": "within_next", "value": "1w"}),
    (trait("a").more_than_ago(timedelta(0)), {"type": "trait", "path": "a", "op": "more_than_ago", "value": "0s"}),
    (trait("a").anniversary_within("7d"), {"type": "trait", "path": "a", "op": "anniversary_within", "value": "7d"}),
    (did("A"), {"type": "did", "event": "A"}),
    (did("A", at_least=2, at_most=4), {"type": "did", "event": "A", "times": {"gte": 2, "lte": 4}}),
    (did("A", exactly=3), {"type": "did", "event": "A", "times": {"eq": 3}}),
    (did_not("A", within="3d"), {"type": "did", "event": "A", "times": {"eq": 0}, "within": "3d"}),
    ((did("A").times > 1).times < 5, {"type": "did", "event": "A", "times": {"gt": 1, "lt": 5}}),
    (did("A").times != 3, {"type": "did", "event": "A", "times": {"ne": 3}}),
    (did("A", where=prop("b") == 1), {"type": "did", "event": "A", "where": [{"path": "b", "op": "eq", "value": 1}]}),
    (
        did("A", where=(prop("b") == 1) & ~prop("c").contains("x")),
        {
            "type": "did",
            "event": "A",
            "where": [{"path": "b", "op": "eq", "value": 1}, {"path": "c", "op": "not_contains", "value": "x"}],
        },
    ),
    (
        did("A", where={"b": "x", "c": [1, 2]}),
        {
            "type": "did",
            "event": "A",
            "where": [{"path": "b", "op": "eq", "value": "x"}, {"path": "c", "op": "in", "value": [1, 2]}],
        },
    ),
    (did("A").sum("b") >= 250, {"type": "did", "event": "A", "aggregate": {"fn": "sum", "path": "b", "gte": 250}}),
    (did("A").avg("b") > 1, {"type": "did", "event": "A", "aggregate": {"fn": "avg", "path": "b", "gt": 1}}),
    (did("A").min("b") < 1, {"type": "did", "event": "A", "aggregate": {"fn": "min", "path": "b", "lt": 1}}),
    (did("A").max("b") <= 1, {"type": "did", "event": "A", "aggregate": {"fn": "max", "path": "b", "lte": 1}}),
    (
        did("A", at_least=2).count_distinct("b").between(1, 3),
        {
            "type": "did",
            "event": "A",
            "times": {"gte": 2},
            "aggregate": {"fn": "count_distinct", "path": "b", "gte": 1, "lte": 3},
        },
    ),
    (did("A").first("b") == "x", {"type": "did", "event": "A", "aggregate": {"fn": "first", "path": "b", "eq": "x"}}),
    (
        did("A").last("b").meets(ne=True, gt="a"),
        {"type": "did", "event": "A", "aggregate": {"fn": "last", "path": "b", "ne": True, "gt": "a"}},
    ),
    (
        did("A", between=(date(2026, 1, 1), "2026-02-01T00:00:00Z")),
        {"type": "did", "event": "A", "between": ["2026-01-01", "2026-02-01T00:00:00Z"]},
    ),
    (
        did("A", within="7d", since="2026-01-01", before="2027-01-01"),
        {"type": "did", "event": "A", "within": "7d", "since": "2026-01-01", "before": "2027-01-01"},
    ),
    (
        sequence(did("A", where=prop("b").is_set()), "B", then("C", where=prop("d") == 1, within="1d"), within="30d"),
        {
            "type": "sequence",
            "steps": [
                {"event": "A", "where": [{"path": "b", "op": "is_set"}]},
                {"event": "B"},
                {"event": "C", "where": [{"path": "d", "op": "eq", "value": 1}], "within": "1d"},
            ],
            "within": "30d",
        },
    ),
    (can_receive("email", because="subscribed"), {"type": "can_receive", "channel": "email", "because": "subscribed"}),
    (can_receive("in_app"), {"type": "can_receive", "channel": "in_app"}),
    (subscribed("news"), {"type": "subscribed", "group": "news"}),
    (subscribed(channel="sms"), {"type": "subscribed", "channel": "sms"}),
    (subscribed("news", channel="push"), {"type": "subscribed", "group": "news", "channel": "push"}),
    (in_segment("vip"), {"type": "in_segment", "segment": "vip"}),
    (in_segment(Segment("vip", where=everyone)), {"type": "in_segment", "segment": "vip"}),
    (in_list("beta"), {"type": "in_list", "list": "beta"}),
    (predicted("p").score.between(60, 100), {"type": "predicted", "prediction": "p", "score": {"gte": 60, "lte": 100}}),
    (predicted("p").percentile >= 90, {"type": "predicted", "prediction": "p", "percentile": {"gte": 90}}),
    (predicted("p", within="7d").top(1000), {"type": "predicted", "prediction": "p", "top": 1000, "within": "7d"}),
    (predicted("p").value > 50, {"type": "predicted", "prediction": "p", "value": {"gt": 50}}),
    (predicted("p").category == "high", {"type": "predicted", "prediction": "p", "category": ["high"]}),
    (
        predicted("p").category.in_(["low", "medium"]),
        {"type": "predicted", "prediction": "p", "category": ["low", "medium"]},
    ),
    (message("journey:j"), {"type": "message", "source": "journey:j"}),
    (
        message("campaign:c", step="message", status=["opened", "clicked"], within="7d"),
        {"type": "message", "source": "campaign:c", "step": "message", "status": ["opened", "clicked"], "within": "7d"},
    ),
    (journey("j"), {"type": "journey", "journey": "j"}),
    (journey("j", state="exited", step="s"), {"type": "journey", "journey": "j", "state": "exited", "step": "s"}),
    (near("l", lat=48.85, lon=2.35, km=10), {"type": "near", "path": "l", "lat": 48.85, "lon": 2.35, "km": 10}),
    (bucket("s", 0, 1000), {"type": "bucket", "salt": "s", "from": 0, "to": 1000}),
]


@pytest.mark.parametrize(("made", "written"), SAME, ids=[str(written) for _, written in SAME])
def test_the_same_as_the_definition(made: Condition, written: dict[str, Any]) -> None:
    assert written == made.to_dict()
    assert parse_condition(written) == made.tree
    assert made == from_dict(written)
    assert made == eval(repr(made), vars(conditions) | {name: getattr(conditions, name) for name in conditions.__all__})


def test_every_kind_and_operator_can_be_written() -> None:
    """What the reader of definitions learns must be sayable in Python: add a line to SAME."""
    written = [definition for _, definition in SAME]
    kinds = {definition["type"] for definition in written}
    operators = {definition["op"] for definition in written if "op" in definition}
    figures = {definition["aggregate"]["fn"] for definition in written if "aggregate" in definition}
    figure_limits = {op for definition in written for op in definition.get("aggregate", {}) if op in LIMIT_OPS}
    limits = {op for definition in written for op in definition.get("times", {})} | figure_limits

    assert {"all", "any", "not", *_READERS} == kinds
    assert set(OPERATORS) == operators
    assert set(AGGREGATES) == figures
    assert set(LIMIT_OPS) == limits


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel(channel: Any) -> None:
    assert {"type": "can_receive", "channel": channel} == can_receive(channel).to_dict()


@pytest.mark.parametrize("state", JOURNEY_STATES)
def test_every_state_of_a_journey(state: Any) -> None:
    assert state == journey("j", state=state).to_dict()["state"]


def test_operators_make_one_group_of_many() -> None:
    a, b, c = did("A"), did("B"), did("C")

    assert all_of(a, b, c) == a & b & c == a & (b & c)
    assert any_of(a, b, c) == a | b | c
    assert any_of(all_of(a, b), c) == a & b | c
    assert all_of(a, all_of(b, c)) != a & b & c


def test_the_espresso_shot_reads_like_its_sentence() -> None:
    interested = did("Email Opened", within="72h") | did("Email Link Clicked", within="72h")
    shot = can_receive("email", because="subscribed") & interested & did_not("Order Completed", within="72h")

    assert {
        "type": "all",
        "of": [
            {"type": "can_receive", "channel": "email", "because": "subscribed"},
            {
                "type": "any",
                "of": [
                    {"type": "did", "event": "Email Opened", "within": "72h"},
                    {"type": "did", "event": "Email Link Clicked", "within": "72h"},
                ],
            },
            {"type": "did", "event": "Order Completed", "times": {"eq": 0}, "within": "72h"},
        ],
    } == shot.to_dict()


def test_a_condition_is_a_value() -> None:
    one, other = trait("a") == 1, trait("a") == True  # noqa: E712 - that is the question

    assert one != other  # though 1 == True in Python
    assert {one, other, trait("a") == 1} == {one, other}
    one.to_dict()["value"] = 2
    assert 1 == one.to_dict()["value"]


def test_what_stands_in_brackets_says_so_in_its_text() -> None:
    made = (trait("age") >= 18) & ~(predicted("p").score > 60) & (did("A") | (did("B").sum("c") < 3))

    assert "(trait('age') >= 18) & ~(predicted('p').score > 60) & (did('A') | (did('B').sum('c') < 3))" == repr(made)


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: did(""), "name of an event must not be empty"),
    (lambda: did("A", within="3 days"), "length of time"),
    (lambda: did("A", within="0s"), "longer than none"),
    (lambda: did("A", within="101000d"), "hundred years"),
    (lambda: did("A", within=timedelta(-1)), "length of time"),
    (lambda: did("A", at_least=-1), "whole number of at least 0"),
    (lambda: did("A", at_least=1.5), "whole number"),  # type: ignore[arg-type]
    (lambda: did("A", between=("2026-01-01", "x")), "instant such as"),
    (lambda: did("A", between="2026-01-01"), "two instants"),  # type: ignore[arg-type]
    (lambda: did("A", between=("2026-01-01", "2026-02-01"), since="2026-01-01"), "leave within, since and before out"),
    (lambda: did("A", since=datetime(2026, 1, 1)), "no time zone"),  # noqa: DTZ001 - that is the mistake
    (lambda: did("A", where=trait("b") == 1), "not a condition on the person"),  # type: ignore[arg-type]
    (lambda: did("A", where=prop("b")), "only a place: compare it"),  # type: ignore[arg-type]
    (lambda: did("A", where=[prop("b")]), "only a place: compare it"),  # type: ignore[list-item]
    (lambda: did("A", where=(prop("b") == 1) | (prop("c") == 1)), "must all hold"),
    (lambda: ~(prop("b") > 1), "no opposite"),
    (lambda: prop("b") == 1 & prop("c"), "put brackets around each comparison"),
    (lambda: did("A").sum("b") >= "x", "is a number"),
    (lambda: (did("A").sum("b") >= 1).avg("b") > 1, "one figure"),
    (lambda: did("A").times.meets(above=1), "takes some of eq, ne"),
    (did("A").times.meets, "takes some of eq, ne"),
    (lambda: everyone & did("A").times, "only a figure"),
    (lambda: everyone & did("A").times >= 2, "bind tighter"),  # type: ignore[operator]
    (lambda: everyone & predicted("p"), "ask its score or category"),
    (lambda: everyone & trait("a"), "only a place"),
    (lambda: everyone & True, "no condition"),
    (lambda: trait("a") == 1 & everyone, "brackets"),
    (lambda: all_of([everyone]), "put a star"),  # type: ignore[arg-type]
    (lambda: trait("a..b"), "names with dots"),
    (lambda: trait("a") == None, "is_set"),  # noqa: E711 - that is the mistake
    (lambda: trait("a") == date(2026, 1, 1), "compare with before()"),
    (lambda: trait("a") > True, "number or a text"),
    (lambda: trait("a") == float("inf"), "finite"),
    (lambda: trait("a") == 1 << 63, "64 bits"),
    (lambda: trait("a").in_("Paris"), "is a list"),
    (lambda: trait("a").between(1, "b"), "two numbers or two texts"),
    (lambda: trait("a").matches("(?=x)"), "can not be used"),
    (lambda: trait("a") == "\ud800", "half a character"),
    (lambda: can_receive("emial"), "did you mean 'email'"),  # type: ignore[arg-type]
    (lambda: can_receive("email", because="asked"), "`because` is one of"),  # type: ignore[arg-type]
    (subscribed, "name a group"),
    (lambda: in_segment("VIP"), "no id of a segment"),
    (lambda: predicted("p").score > 101, "from 0 to 100"),
    (lambda: predicted("p").category == "highest", "did you mean 'high'"),
    (lambda: predicted("p").category != "high", "name those that are wanted"),
    (lambda: message("welcome"), "journey:ID or campaign:ID"),
    (lambda: message("journey:j", status=[]), "at least one of"),
    (lambda: journey("j", state="done"), "a state is one of"),  # type: ignore[arg-type]
    (lambda: journey("j", step="a b"), "no name of a step"),
    (lambda: near("l", lat=91, lon=0, km=1), "from -90 to 90"),
    (lambda: bucket("s", 10, 5), "below their start"),
    (sequence, "at least one event"),
    (lambda: sequence(did("A", within="1d")), "write then"),
    (lambda: Segment("a", where=trait("b")), "only a place"),  # type: ignore[arg-type]
    (lambda: Segment("A", where=everyone), "no id of a segment"),
    (lambda: from_dict({"type": "did"}), "`event` is missing"),
]


@pytest.mark.parametrize(("make", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_mistake_is_told_where_it_is_made(make: Callable[[], object], says: str) -> None:
    with pytest.raises(InvalidCondition) as caught:
        make()

    assert says in caught.value.message


def test_words_of_python_that_would_be_misunderstood() -> None:
    with pytest.raises(TypeError, match="write & for and"):
        did("A") and did("B")
    with pytest.raises(TypeError, match=r"between\(2, 5\)"):
        assert 2 <= did("A").times <= 5
    with pytest.raises(TypeError, match="only a figure"):
        assert did("A").times
    with pytest.raises(TypeError, match="write & for and"):
        bool(prop("a") == 1)


def test_conditions_nest_as_deep_as_a_definition() -> None:
    made = did("A")
    for _ in range(50):
        made = ~made  # type: ignore[assignment]

    assert made.tree == parse_condition(made.to_dict())
    with pytest.raises(InvalidCondition, match="at most 50 deep"):
        _ = ~made
    flat = everyone
    for n in range(60):
        flat &= did(f"A{n}")
    assert 60 == len(flat.to_dict()["of"])


def test_loading_is_light() -> None:
    """No engine, no array library and no YAML for who only writes conditions."""
    script = """
import sys
from relance.conditions import did
assert did("A", within="3d").tree
print(sorted({name.split(".")[0] for name in sys.modules} & {"ibis", "duckdb", "pyarrow", "numpy", "yaml", "sqlglot", "litestar"}))
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "[]" == said.stdout.strip()
