"""Keys as texts, and what events match."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from relance.journeys.model import read_version
from relance.journeys.rules import Rulebook, key_text
from relance.localtime import UTC_ZONE


def test_equal_keys_are_one_text_and_different_keys_are_two() -> None:
    values: list[Any] = [1, "1", True, "true", 1.5, "", "a", "A", "é", "e\u0301", [1], {"a": 1}, 10**20, -0.5, "null", False, 0]

    assert all(key_text(a) != key_text(b) for a, b in combinations(values, 2))
    assert all(key_text(a) for a in values)
    assert "" == key_text(None)


@pytest.mark.parametrize(("a", "b"), [(1, 1.0), (0, -0.0), (10**15, 1e15), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_one_value_has_one_text(a: object, b: object) -> None:
    assert key_text(a) == key_text(b)


def journey(**more: Any) -> dict[str, Any]:
    listen = {"type": "listen", "for": [{"event": "Email Opened", "next": "end"}], "timeout": "1d", "on_timeout": "end"}
    return {"id": "j", "entry": {"type": "event", "event": "A"}, "start": "hear", "steps": {"hear": listen}, **more}


def match(body: dict[str, Any], name: str, **properties: Any) -> list[tuple[str, str]]:
    version = read_version(1, "journey", body, {})
    roles = {r.rule_id: r.role for r in version.rules}
    return [(roles[rule], key) for rule, key in Rulebook([version], [1]).match(name, properties, 0, UTC_ZONE)]


def test_one_event_may_be_everything_at_once() -> None:
    body = journey(exit_on=[{"event": "A"}], goal={"event": "A"}, key="properties.cart")

    assert [("entry", "7"), ("exit", "7"), ("goal", "7")] == match(body, "A", cart=7)
    assert [("entry", ""), ("exit", ""), ("goal", "")] == match(body, "A")


def test_versions_that_are_no_longer_current_start_nobody_but_go_on() -> None:
    version = read_version(1, "journey", journey(exit_on=[{"event": "A"}]), {})
    roles = {r.rule_id: r.role for r in version.rules}

    assert ["exit"] == [roles[rule] for rule, _ in Rulebook([version], []).match("A", {}, 0, UTC_ZONE)]


@pytest.mark.parametrize(("machine", "n"), [(True, 0), (False, 1), (None, 1), ("yes", 1)])
def test_listeners_do_not_hear_machines(machine: object, n: int) -> None:
    assert n == len(match(journey(), "Email Opened", machine=machine))


def test_goals_and_exits_count_what_machines_do() -> None:
    """They measure and remove; only listeners and engagement conditions are about a person's attention."""
    assert [("exit", "")] == match(journey(exit_on=[{"event": "Email Opened"}]), "Email Opened", machine=True)
