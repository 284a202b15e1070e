"""What uses a segment, directly and by a detour, and what it uses."""

from __future__ import annotations

from typing import Any

import pytest

from relance.definitions.check import check_definitions
from relance.definitions.document import Document
from relance.definitions.uses import describe_dependencies, find_uses
from relance.errors import NotFound


def inside(segment: str) -> dict[str, Any]:
    return {"type": "in_segment", "segment": segment}


def segment(segment_id: str, where: dict[str, Any], **more: Any) -> Document:
    return Document({"kind": "segment", "id": segment_id, "where": where, **more})


VIP = segment("vip", {"type": "all", "of": [{"type": "in_list", "list": "best"}, {"type": "did", "event": "Order Completed"}]})
WIDE = segment("wide", {"type": "any", "of": [inside("vip"), {"type": "message", "source": "campaign:news"}]}, name="Wide ones")
WIDER = segment("wider", {"type": "not", "of": inside("wide")})
JOURNEY = Document(
    {
        "kind": "journey",
        "id": "hello",
        "entry": {"type": "segment_entered", "segment": "vip"},
        "exit_on": [{"segment_left": "vip"}],
        "start": "which",
        "steps": {"which": {"type": "branch", "when": [{"where": inside("wide"), "next": "end"}], "else": "end"}},
    }
)
CAMPAIGN = Document(
    {
        "kind": "campaign",
        "id": "news",
        "audience": inside("wider"),
        "schedule": {"api": True},
        "message": {"channel": "email", "template": "t"},
    }
)
PREDICTION = Document({"kind": "prediction", "id": "buys", "audience": inside("vip"), "target": {"event": "Order Completed"}})
DOCUMENTS = [VIP, WIDE, WIDER, JOURNEY, CAMPAIGN, PREDICTION]


def test_direct_uses_come_first_then_those_through_other_segments() -> None:
    told = [(use.kind, use.id, use.path, use.through) for use in find_uses(DOCUMENTS, "vip")]

    assert [
        ("segment", "wide", "/where/of/0/segment", ()),
        ("journey", "hello", "/entry/segment", ()),
        ("journey", "hello", "/exit_on/0/segment_left", ()),
        ("prediction", "buys", "/audience/segment", ()),
        ("segment", "wider", "/where/of/segment", ("wide",)),
        ("journey", "hello", "/steps/which/when/0/where/segment", ("wide",)),
        ("campaign", "news", "/audience/segment", ("wide", "wider")),
    ] == told
    assert [] == find_uses(DOCUMENTS[:2], "wide")


def test_what_it_uses_itself() -> None:
    told = describe_dependencies(DOCUMENTS, "wide")

    assert "Wide ones" == find_uses(DOCUMENTS, "vip")[0].name
    assert [("segment", "vip", "/where/of/0/segment"), ("campaign", "news", "/where/of/1/source")] == [
        (use["kind"], use["id"], use["path"]) for use in told["uses"]
    ]
    assert {("list", "best"), ("event", "Order Completed")} == {
        (use["kind"], use["id"]) for use in describe_dependencies(DOCUMENTS, "vip")["uses"]
    }
    with pytest.raises(NotFound, match="no segment 'nothing'"):
        find_uses(DOCUMENTS, "nothing")


def test_segments_in_a_circle_are_an_error_that_names_the_circle() -> None:
    circle = [segment("a", inside("b")), segment("b", {"type": "not", "of": inside("c")}), segment("c", inside("a"))]
    problems = check_definitions(circle)

    assert ["segment_cycle"] == [p.code for p in problems]
    assert "a → b → c → a" in problems[0].message
    assert ("segment", "c", "/where/segment") == (problems[0].kind, problems[0].id, problems[0].path)
    assert 3 == len(find_uses(circle, "a"))  # and the view ends
