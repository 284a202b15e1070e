from __future__ import annotations

from typing import Any

import pytest

from relance.errors import InvalidInput
from relance.imports import parse_mapping
from relance.imports.mapping import ColumnValue, ConstantValue, SumValue, TemplateValue

SMALL: dict[str, Any] = {"events": [{"event": "Bought", "user_id": "who", "timestamp": "when"}]}


def problems_of(obj: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        parse_mapping(obj)
    return {p.path: p.message for p in caught.value.problems}


def test_a_small_mapping_is_enough() -> None:
    rule = parse_mapping(SMALL).events[0]

    assert (rule.type, rule.event, rule.user_id) == ("track", ConstantValue("Bought"), ColumnValue("who"))


def test_every_value_shape_is_read() -> None:
    properties = {
        "a": "col",
        "b": {"column": "col"},
        "c": {"value": [1]},
        "d": {"template": "{x}-{y}"},
        "e": {"sum": ["q", "p"], "digits": 2, "negate": True},
        "f": {"count": True},
        "g": {"rows": {"sku": "s"}, "when": [{"column": "q", "op": "gt", "value": 0}]},
    }
    mapping = parse_mapping({"group": {"by": "col"}, "events": [{**SMALL["events"][0], "properties": properties}]})

    found = dict(mapping.events[0].properties)
    assert found["d"] == TemplateValue("{x}-{y}", ("x", "y"))
    assert found["e"] == SumValue(("q", "p"), (), 2, negate=True)
    assert mapping.columns_used() == ["col", "who", "when", "x", "y", "q", "p", "s"]


def test_every_problem_is_listed_with_its_place() -> None:
    found = problems_of(
        {
            "formatt": "csv",
            "format": "xls",
            "time_zone": "Europe/Londn",
            "null": 5,
            "csv": {"delimiter": ";;", "encoding": "utf-16", "header": []},
            "columns": {
                "a/b": "nomber",
                "q": {"type": "integer", "format": "iso"},
                "d": {"type": "datetime", "format": "dd.mm."},
            },
            "skip_when": [
                {"column": "q", "op": "bigger"},
                {"column": "q", "op": "in", "value": 3},
                {"op": "is_set", "value": 1},
            ],
            "group": {"by": 3, "within_rows": 0},
            "events": [
                {"type": "tracked", "properties": {"x": {"sum": "a", "value": 1}, "y": {"template": "t", "digits": 2}}},
                {"event": "E", "user_id": "u", "timestamp": "t", "when": [{"column": "c", "op": "matches", "value": "("}]},
                {"type": "identify", "traits": [], "user_id": {"colum": "x"}, "id": "1"},
                {"type": "track", "event": "X", "user_id": "u", "timestamp": "t", "traits": {}},
            ],
        }
    )

    assert set(found) >= {
        "/formatt", "/format", "/time_zone", "/null", "/csv/delimiter", "/csv/encoding", "/csv/header", "/columns/a~1b",
        "/columns/q/format", "/columns/d/format", "/skip_when/0/op", "/skip_when/1/value", "/skip_when/2/column",
        "/skip_when/2/value", "/group/by", "/group/within_rows", "/events/0", "/events/0/type", "/events/0/properties/x",
        "/events/0/properties/y/digits", "/events/1/when/0/value", "/events/2/traits", "/events/2/user_id",
        "/events/2/user_id/colum", "/events/2/id", "/events/3/traits",
    }  # fmt: skip
    assert "Europe/London" in found["/time_zone"]


@pytest.mark.parametrize("obj", [None, [], "x", {}, {"events": []}, {"events": "E"}, {"events": [None]}, {"events": [{}]}])
def test_a_shapeless_mapping_is_refused(obj: object) -> None:
    assert problems_of(obj)


def test_the_digest_follows_the_meaning() -> None:
    again = {"events": [dict(reversed(SMALL["events"][0].items()))]}

    assert parse_mapping(SMALL).digest == parse_mapping(again).digest
    assert parse_mapping(SMALL).digest != parse_mapping({**SMALL, "source": "s"}).digest


def test_the_reason_of_a_skip_is_told_where_none_is_given() -> None:
    mapping = parse_mapping({**SMALL, "skip_when": [{"column": "price", "op": "lte", "value": 0}]})

    assert mapping.skip_when[0].reason == "price lte 0"


def test_a_time_is_a_time() -> None:
    def mapped(timestamp: Any, **more: Any) -> dict[str, Any]:
        return {**more, "events": [{"event": "Bought", "user_id": "who", "timestamp": timestamp}]}

    assert parse_mapping(mapped("when", time_zone="Europe/Paris")).column("when").type == "datetime"
    assert parse_mapping(mapped("when", time_zone="Europe/Paris")).column("when").time_zone == "Europe/Paris"
    assert parse_mapping(mapped({"value": "2026-03-01T09:00:00Z"})).events[0].timestamp == ConstantValue("2026-03-01T09:00:00Z")
    for wrong in (mapped("when", columns={"when": "text"}), mapped({"value": "yesterday"}), mapped({"count": True})):
        assert list(problems_of(wrong)) == ["/events/0/timestamp"]


def test_no_field_stands_within_a_value() -> None:
    found = problems_of({"events": [{**SMALL["events"][0], "properties": {"a": "x", "a.b": "y", "c..d": "z", "ab": "x"}}]})

    assert sorted(found) == ["/events/0/properties/a.b", "/events/0/properties/c..d"]
