"""Journeys that start each other: which circles are found, and how bad they are."""

from __future__ import annotations

from typing import Any

import pytest

from relance.journeys.loops import check_loops

BRANCH = {"type": "branch", "when": [{"where": {"type": "all", "of": []}, "next": "end"}], "otherwise": "tell"}


def journey(name: str, event: str, *, start: str = "tell", more: dict[str, Any] | None = None, **steps: Any) -> dict[str, Any]:
    return {"id": name, "entry": {"type": "event", "event": event}, "start": start, "steps": steps, **(more or {})}


def track(event: str, following: str = "end", **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "properties": properties, "next": following}


def begin(name: str) -> dict[str, Any]:
    return {"type": "start_journey", "journey": name, "next": "end"}


WAIT = {"type": "wait", "for": "1h", "next": "end"}
AT_ONCE = {"type": "wait", "for": "0s", "next": "end"}
ENDED = {"type": "event", "event": "Journey Ended", "where": [{"path": "journey", "op": "eq", "value": "a"}]}


@pytest.mark.parametrize(
    ("journeys", "expected"),
    [
        ([journey("a", "Go", tell=track("Stop"))], []),
        ([journey("a", "Go", tell=track("Go"))], [("a", "/steps/tell", "error")]),
        ([journey("a", "Go", tell=track("Go", "stay"), stay=AT_ONCE)], [("a", "/steps/tell", "error")]),
        ([journey("a", "Go", tell=track("Go", "stay"), stay=WAIT)], []),  # who is still in is not let in again
        ([journey("a", "Go", more={"reentry": "once"}, tell=track("Go"))], []),
        ([journey("a", "Go", start="ask", ask=BRANCH, tell=track("Go"))], [("a", "/steps/tell", "warning")]),
        ([journey("a", "Go", tell=track("Tell")), journey("b", "Tell", tell=track("Go"))], [("a", "/steps/tell", "error")]),
        ([journey("a", "Go", tell=begin("b")), journey("b", "Never", tell=track("Go"))], [("a", "/steps/tell", "error")]),
        ([journey("a", "Go", tell=begin("b")), journey("b", "Never", tell=begin("a"))], [("a", "/steps/tell", "warning")]),
        ([journey("a", "Go", tell=begin("a"))], [("a", "/steps/tell", "warning")]),
        ([journey("a", "Journey Ended", more={"entry": ENDED}, tell=track("Told"))], [("a", "/entry", "error")]),
        ([journey("b", "Journey Ended", more={"entry": ENDED}, tell=track("Told"))], []),
        ([{"id": "a", "entry": [], "start": 3, "steps": {"x": 1, "y": {"type": "track", "event": "a"}}}], []),
    ],
)
def test_circles(journeys: list[dict[str, Any]], expected: list[tuple[str, str, str]]) -> None:
    found = check_loops({body["id"]: body for body in journeys})

    assert expected == [(name, problem.path, problem.severity) for name, problem in found]


@pytest.mark.parametrize(("kind", "expected"), [("a", 1), ("b", 0)])
def test_the_properties_of_a_tracked_event_count(kind: str, expected: int) -> None:
    where = {"entry": {"type": "event", "event": "Go", "where": [{"path": "kind", "op": "eq", "value": "a"}]}}

    assert expected == len(list(check_loops({"a": journey("a", "Go", more=where, tell=track("Go", kind=kind))})))
