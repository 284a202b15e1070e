"""Conditions are read strictly: everything that is wrong is listed at once, with its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from relance.clock import DAY, HOUR, parse_instant
from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.read import parse_condition
from relance.errors import InvalidInput


def read(source: Any) -> Any:
    """What a condition is read as; of any kind, as far as the type checker knows."""
    return parse_condition(source)


def problems(source: Any, path: str = "/where") -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        parse_condition(source, path)
    return [(p.code, p.path) for p in caught.value.problems]


def test_defaults() -> None:
    assert model.Did("A") == read({"type": "did", "event": "A"})
    assert model.Subscribed(None, "news") == read({"type": "subscribed", "group": "news"})
    assert model.CanReceive("sms") == read({"type": "can_receive", "channel": "sms"})
    assert model.EVERYONE == read({"type": "all", "of": []})
    assert model.NOBODY == read({"type": "any", "of": []})


def test_time_limits() -> None:
    march, april = parse_instant("2026-03-01T00:00:00Z"), parse_instant("2026-04-01T00:00:00Z")

    def window(**given: Any) -> model.Window:
        return read({"type": "did", "event": "A", **given}).window

    assert model.Window(72 * HOUR) == window(within="72h")
    assert model.Window(None, march, april) == window(between=["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"])
    assert model.Window(DAY, date(2026, 3, 1)) == window(within="1d", since="2026-03-01")


def test_an_aggregate_needs_no_times() -> None:
    found = read({"type": "did", "event": "A", "aggregate": {"fn": "sum", "path": "total", "gte": 100, "lt": 200}})

    assert ((), model.Aggregate("sum", ("total",), (model.Limit("gte", 100), model.Limit("lt", 200)))) == (
        found.times,
        found.aggregate,
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("city", ("city",)),
        ("profile.traits.address.city", ("address", "city")),
        ("profile.city", ("city",)),
        ("profile", ("profile",)),
        ("traits", ("traits",)),
    ],
)
def test_paths_of_traits(path: str, expected: tuple[str, ...]) -> None:
    assert expected == read({"type": "trait", "path": path, "op": "is_set"}).clause.path


def test_paths_of_properties() -> None:
    where = [{"path": "event.properties.total", "op": "gt", "value": 1}, {"path": "profile.total", "op": "is_set"}]
    found = read({"type": "did", "event": "A", "where": where})

    assert [("total",), ("profile", "total")] == [clause.path for clause in found.where]


def test_ids_that_yaml_reads_as_other_types() -> None:
    assert model.InSegment("2026") == read({"type": "in_segment", "segment": 2026})
    assert model.InSegment("true") == read({"type": "in_segment", "segment": True})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"type": "in_list", "list": "beta"}, model.InList("beta")),
        ({"type": "predicted", "prediction": "p", "score": {"gte": 60}}, model.Predicted("p", (model.Limit("gte", 60),))),
        ({"type": "predicted", "prediction": "p", "category": ["high"]}, model.Predicted("p", (), ("high",))),
        (
            {"type": "predicted", "prediction": "p", "percentile": {"gte": 90}, "within": "1d"},
            model.Predicted("p", percentile=(model.Limit("gte", 90),), within=DAY),
        ),
        ({"type": "predicted", "prediction": "p", "top": 10}, model.Predicted("p", top=10)),
        ({"type": "predicted", "prediction": "p", "value": {"lt": 5}}, model.Predicted("p", value=(model.Limit("lt", 5),))),
        ({"type": "message", "source": "campaign:c"}, model.Message("campaign:c")),
        (
            {"type": "message", "source": "journey:j", "step": "one", "status": ["sent", "opened"], "within": "1d"},
            model.Message("journey:j", "one", ("sent", "opened"), model.Window(DAY)),
        ),
        ({"type": "message", "source": "journey:j", "status": "clicked"}, model.Message("journey:j", None, ("clicked",))),
        ({"type": "journey", "journey": "j"}, model.Journey("j")),
        ({"type": "journey", "journey": "j", "state": "exited", "step": "one"}, model.Journey("j", "exited", "one")),
    ],
)
def test_what_relance_itself_knows(source: dict[str, Any], expected: model.Condition) -> None:
    assert expected == read(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"type": "in_list"}, ("missing_field", "/where/list")),
        ({"type": "predicted", "prediction": "p"}, ("missing_field", "/where")),
        ({"type": "predicted", "prediction": "p", "category": ["top"]}, ("invalid_value", "/where/category")),
        ({"type": "predicted", "prediction": "p", "category": ["low"], "score": {"gt": 1}}, ("missing_field", "/where")),
        ({"type": "predicted", "prediction": "p", "top": 3, "percentile": {"gt": 1}}, ("missing_field", "/where")),
        ({"type": "predicted", "prediction": "p", "top": 0}, ("invalid_value", "/where/top")),
        ({"type": "predicted", "prediction": "p", "top": 1.5}, ("invalid_value", "/where/top")),
        ({"type": "predicted", "prediction": "p", "percentile": 90}, ("wrong_type", "/where/percentile")),
        ({"type": "predicted", "prediction": "p", "top": 3, "within": "0d"}, ("invalid_value", "/where/within")),
        ({"type": "message", "source": "j"}, ("invalid_value", "/where/source")),
        ({"type": "message", "source": "journey:j", "status": []}, ("invalid_value", "/where/status")),
        ({"type": "message", "source": "journey:j", "step": ["a"]}, ("wrong_type", "/where/step")),
        ({"type": "journey", "journey": "j", "state": "inside"}, ("invalid_value", "/where/state")),
    ],
)
def test_what_is_wrong_with_what_relance_itself_knows(source: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in problems(source)


def test_what_machines_do_counts_only_when_it_is_asked_for() -> None:
    machine = [{"path": "machine", "op": "is_true"}]

    assert (BY_PEOPLE,) == read({"type": "did", "event": "Email Opened"}).where
    assert (BY_PEOPLE,) == read({"type": "sequence", "steps": [{"event": "SMS Link Clicked"}]}).steps[0].where
    assert ["is_true"] == [clause.op for clause in read({"type": "did", "event": "Email Opened", "where": machine}).where]
    assert () == read({"type": "did", "event": "Order Completed"}).where


def test_all_problems_at_once() -> None:
    source = {
        "type": "all",
        "of": [
            {"type": "did", "event": "A", "x/y": 1, "times": {"gte": "1"}, "within": "soon"},
            {"type": "trait", "path": "a..b", "op": "matches", "value": "("},
            {"type": "foo"},
            {"type": "message"},
            3,
            {"type": "did", "event": "A", "aggregate": {"fn": "sum", "path": "x"}},
            {"type": "not"},
            {"type": "any", "of": {}},
        ],
    }

    assert [
        ("invalid_value", "/where/of/0/within"),
        ("wrong_type", "/where/of/0/times/gte"),
        ("unknown_field", "/where/of/0/x~1y"),
        ("invalid_value", "/where/of/1/path"),
        ("invalid_pattern", "/where/of/1/value"),
        ("unknown_type", "/where/of/2/type"),
        ("missing_field", "/where/of/3/source"),
        ("wrong_type", "/where/of/4"),
        ("missing_field", "/where/of/5/aggregate"),
        ("missing_field", "/where/of/6/of"),
        ("wrong_type", "/where/of/7/of"),
    ] == problems(source)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ({"op": "eq"}, ("missing_field", "/value")),
        ({"op": "eq", "value": None}, ("missing_field", "/value")),
        ({"op": "eq", "value": [1]}, ("invalid_value", "/value")),
        ({"op": "in", "value": 1}, ("invalid_value", "/value")),
        ({"op": "in", "value": [None]}, ("invalid_value", "/value")),
        ({"op": "gt", "value": True}, ("invalid_value", "/value")),
        ({"op": "between", "value": [1, "2"]}, ("invalid_value", "/value")),
        ({"op": "starts_with", "value": 1}, ("invalid_value", "/value")),
        ({"op": "is_set", "value": 1}, ("unknown_field", "/value")),
        ({"op": "before", "value": "soon"}, ("invalid_value", "/value")),
        ({"op": "within_last", "value": "-1d"}, ("invalid_value", "/value")),
        ({"op": "like", "value": "x"}, ("invalid_value", "/op")),
        ({"op": "eq", "value": 1, "ignore_case": "yes"}, ("wrong_type", "/ignore_case")),
        ({"op": "eq", "value": 1, "values": 1}, ("unknown_field", "/values")),
    ],
)
def test_values_that_do_not_fit_their_operator(clause: dict[str, Any], expected: tuple[str, str]) -> None:
    assert [expected] == problems({"type": "trait", "path": "x", **clause}, "")


@pytest.mark.parametrize(
    "source",
    [
        None,
        [],
        {},
        {"type": 3},
        {"type": "did"},
        {"type": "did", "event": ""},
        {"type": "did", "event": "A", "between": ["2026-03-01T00:00:00Z"]},
        {"type": "did", "event": "A", "since": "2026-03-01", "between": ["2026-03-01", "2026-03-02"]},
        {"type": "did", "event": "A", "times": {}},
        {"type": "did", "event": "A", "where": {}},
        {"type": "sequence", "steps": []},
        {"type": "sequence", "steps": [{"event": "A", "before": "2026-03-01"}]},
        {"type": "can_receive", "channel": "pigeon"},
        {"type": "subscribed", "group": ""},
        {"type": "in_segment"},
        {"type": "near", "path": "x", "lat": 91, "lon": 0, "km": 1},
        {"type": "bucket", "salt": "s", "from": 10, "to": 5},
        {"type": "bucket", "salt": "s", "from": 0, "to": 10_001},
        {"type": "trait", "path": "x", "op": "eq", "value": float("nan")},
    ],
)
def test_never_raises_anything_else(source: Any) -> None:
    assert problems(source)


def test_depth_is_bounded() -> None:
    source: dict[str, Any] = {"type": "all", "of": []}
    for _ in range(60):
        source = {"type": "not", "of": source}

    assert "too_deep" in [code for code, _ in problems(source)]
