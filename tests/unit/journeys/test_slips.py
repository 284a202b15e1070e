"""What hardly anybody means: told where it is sure, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from relance.definitions.check import check_definitions
from relance.definitions.load import load_text, load_values
from relance.journeys.slips import check_slips

MAIL = {"type": "message", "channel": "email", "template": "t"}
BOUGHT = {"event": "Order Completed"}


def journey(steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "kind": "journey", "id": "j", "entry": {"type": "event", "event": "A"}, "start": next(iter(steps)), "steps": steps, **more,
    }  # fmt: skip


def told(steps: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(p.code, p.path) for p in check_slips(journey(steps, **more))]


@pytest.mark.parametrize(
    ("exits", "listeners", "expected"),
    [
        ([BOUGHT], [BOUGHT], ["/steps/l/for/0"]),
        ([BOUGHT], [{**BOUGHT, "where": [{"path": "total", "op": "gt", "value": 9}]}], ["/steps/l/for/0"]),  # all orders exit
        ([{**BOUGHT, "where": [{"path": "total", "op": "gt", "value": 9}]}], [BOUGHT], []),  # small ones do not
        ([{"segment_entered": "vip"}], [{"segment_entered": "vip"}], ["/steps/l/for/0"]),
        ([{"segment_entered": "vip"}], [{"segment_left": "vip"}, BOUGHT], []),
        ([], [BOUGHT, {"event": "Other"}, BOUGHT], ["/steps/l/for/2"]),
        ([], [{**BOUGHT, "message": "m"}, BOUGHT], []),
    ],
)
def test_listeners_that_never_hear(exits: list[Any], listeners: list[Any], expected: list[str]) -> None:
    steps = {"m": {**MAIL, "next": "l"}, "l": {"type": "listen", "for": listeners, "since": "step"}}

    assert [("listener_never_hears", path) for path in expected] == told(steps, exit_on=exits)


@pytest.mark.parametrize(
    ("listen", "wait", "expected"),
    [
        ({"for": [BOUGHT]}, True, True),
        ({"for": [BOUGHT], "since": "step"}, True, False),  # they said so
        ({"for": [BOUGHT], "since": "enrollment"}, True, False),
        ({"for": [{"event": "Email Opened", "message": "m"}]}, True, False),  # since the message by itself
        ({"for": [{"event": "Email Opened", "message": "m"}, BOUGHT]}, True, True),
        ({"for": [BOUGHT]}, False, False),
    ],
)
def test_events_that_may_come_before_their_listener(listen: dict[str, Any], *, wait: bool, expected: bool) -> None:
    steps = {
        "m": {**MAIL, "next": "w" if wait else "l"},
        **({"w": {"type": "wait", "for": "1d", "next": "l"}} if wait else {}),
        "l": {"type": "listen", **listen},
    }

    assert ([("event_before_listener", "/steps/l")] if expected else []) == told(steps)


def test_where_one_way_leads_to_a_listener_at_once_nothing_is_said() -> None:
    steps = {
        "b": {"type": "branch", "when": [{"where": {"type": "did", "event": "X"}, "next": "m"}], "otherwise": "l"},
        "m": {**MAIL, "next": "w"},
        "w": {"type": "wait", "for": "1d", "next": "l"},
        "l": {"type": "listen", "for": [BOUGHT]},
    }

    assert [] == told(steps)


def test_ways_that_nobody_takes() -> None:
    did = {"type": "did", "event": "X"}
    steps = {
        "b": {
            "type": "branch",
            "when": [
                {"where": did, "next": "s"}, {"where": dict(reversed(did.items())), "next": "s"},
                {"where": {"type": "any", "of": []}, "next": "s"}, {"where": {"type": "all", "of": []}, "next": "s"},
                {"where": {"type": "did", "event": "Y"}, "next": "s"},
            ],
            "otherwise": "s",
        },
        "s": {"type": "split", "paths": [{"percent": 100, "next": "end"}, {"percent": 0, "next": "end"}]},
    }  # fmt: skip

    assert [
        ("branch_never_taken", "/steps/b/when/1"),
        ("branch_never_taken", "/steps/b/when/2"),
        ("branch_never_taken", "/steps/b/when/4"),
        ("path_of_nobody", "/steps/s/paths/1/percent"),
    ] == told(steps)


@pytest.mark.parametrize(
    ("channel", "to", "wrong"),
    [
        ("sms", "profile.email", True), ("sms", "profile.traits.email", True), ("email", "profile.phone", True),
        ("email", "profile.email", False), ("sms", "profile.mobile", False), ("webhook", "profile.email", False),
        ("sms", "event.properties.email", False),
    ],
)  # fmt: skip
def test_addresses_of_other_channels(channel: str, to: str, *, wrong: bool) -> None:
    steps = {"m": {"type": "message", "channel": channel, "template": "t", "to": to}}

    assert ([("address_of_other_channel", "/steps/m/to")] if wrong else []) == told(steps)


def test_goals_that_never_fire() -> None:
    of_this = [{"path": "journey", "op": "eq", "value": "j"}]
    goals = [
        {"event": "SMS Link Clicked", "where": of_this}, {"event": "Email Opened", "where": of_this}, {"event": "SMS Link Clicked"},
        {"event": "SMS Replied", "where": [{"path": "journey", "op": "eq", "value": "other"}]}, BOUGHT,
    ]  # fmt: skip

    assert [("goal_never_fires", "/goal/0/event")] == told({"m": MAIL}, goal=goals)
    assert [("goal_never_fires", "/goal/event")] == told({"m": MAIL}, goal=goals[0])


@pytest.mark.parametrize(
    "broken",
    [{}, {"steps": [1]}, {"steps": {"a": None, "b": {"type": "listen", "for": [1, {}]}}}, {"exit_on": [1]}, {"goal": "x"}],
)
def test_what_is_of_a_wrong_shape_is_passed_over(broken: dict[str, Any]) -> None:
    assert [] == check_slips({"kind": "journey", "id": "j", **broken})


def test_predictions_that_can_not_be_targeted_and_events_that_are_drafts() -> None:
    def check(mode: str, status: str) -> list[tuple[str, str, str]]:
        text = f"""
        [{{kind: prediction, id: p, target: {{event: A}}, window: 30d, mode: {mode}}},
         {{kind: event, id: e, name: Derived, status: {status}, rule: {{event: "*", where: []}}}},
         {{kind: segment, id: s, where: {{type: predicted, prediction: p, score: {{gte: 60}}}}}},
         {{kind: journey, id: j, entry: {{type: event, event: Derived}}, start: w, steps: {{w: {{type: wait, for: 1d}}}}}}]
        """
        problems = check_definitions(load_text(text).require())
        return [
            (p.code, p.path, p.severity) for p in problems if p.code in {"prediction_not_targetable", "event_not_published"}
        ]

    assert [] == check("active", "published")
    assert [("prediction_not_targetable", "/where/prediction", "error")] == check("preview", "published")
    assert [("prediction_not_targetable", "/where/prediction", "error")] == check("demo", "published")
    assert [("event_not_published", "/entry/event", "warning")] == check("active", "draft")


def test_the_check_of_definitions_tells_them() -> None:
    body = journey({"m": {"type": "message", "channel": "sms", "template": "t", "to": "profile.email"}})

    found = check_definitions(load_values(body).require())

    assert "address_of_other_channel" in {p.code for p in found}
