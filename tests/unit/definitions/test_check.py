"""The checks of definitions: everything wrong is found at once, and what is right is left in peace."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from relance.clock import parse_instant
from relance.definitions.check import check_definitions, require_valid
from relance.definitions.document import Document
from relance.definitions.load import load_definitions, load_text
from relance.errors import InvalidInput
from relance.problems import Problem

SCENARIOS = Path(__file__).parents[2] / "acceptance" / "scenarios"
EVERYONE: dict[str, Any] = {"type": "all", "of": []}
EMAIL = {"kind": "template", "id": "email", "channel": "email", "status": "ready", "subject": "s", "body": "b"}
SMS = {"kind": "template", "id": "sms", "channel": "sms", "status": "ready", "body": "b"}
DRAFT = {"kind": "template", "id": "draft", "channel": "sms", "status": "draft", "body": "b"}
CAMPAIGN = {
    "kind": "campaign", "id": "c", "message": {"channel": "sms", "template": "sms"}, "schedule": {"at": "2026-03-01T09:00:00Z"},
    "audience": {"type": "all", "of": []},
}  # fmt: skip
VIP = {"kind": "segment", "id": "vip", "where": {"type": "trait", "path": "vip", "op": "is_true"}}


def journey(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "journey",
        "id": "j",
        "entry": {"type": "event", "event": "Order Completed"},
        "start": "hello",
        "steps": {
            "hello": {"type": "message", "channel": "email", "template": "email", "next": "heard"},
            "heard": {
                "type": "listen",
                "for": [{"event": "Email Opened", "message": "hello", "next": "end"}],
                "timeout": "1d",
                "on_timeout": "end",
            },
        },
        **changes,
    }


def steps(**named: Any) -> dict[str, Any]:
    return journey(start=next(iter(named)), steps=named)


def check(*bodies: dict[str, Any], published: tuple[dict[str, Any], ...] = (), now: str | None = None) -> list[Problem]:
    return check_definitions(
        [Document(body) for body in bodies], published=[Document(body) for body in published], now=parse_instant(now)
    )


def found(*bodies: dict[str, Any]) -> list[tuple[str, str]]:
    """Codes and places of the problems of some definitions, beside templates and a segment that are right."""
    given = {body.get("id") for body in bodies}
    return [(p.code, p.path) for p in check(*bodies, *(b for b in (EMAIL, SMS, DRAFT, VIP) if b["id"] not in given))]


@pytest.mark.parametrize("name", sorted(p.name for p in SCENARIOS.iterdir() if p.is_dir() and (p / "run.json").exists()))
def test_the_scenarios_are_clean(name: str) -> None:
    assert check_definitions(load_definitions(SCENARIOS / name / "definitions.yaml").require()) == []


def test_a_sound_journey_is_left_in_peace() -> None:
    assert found(journey()) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("unknown_kind", "")]),
        ({"kind": "segmnt", "id": "a"}, [("unknown_kind", "/kind")]),
        ({"kind": ["segment"]}, [("unknown_kind", "/kind")]),
        ({"kind": "segment", "where": EVERYONE}, [("missing_field", "")]),
        ({"kind": "segment", "id": "A b", "where": EVERYONE}, [("bad_id", "/id")]),
        ({"kind": "segment", "id": "a" * 65, "where": EVERYONE}, [("bad_id", "/id")]),
        ({"kind": "segment", "id": 7, "where": EVERYONE}, [("wrong_type", "/id")]),
        ({"kind": "segment", "id": "a", "where": None}, [("wrong_type", "/where")]),
        ({"kind": "segment", "id": "a", "where": EVERYONE, "wher": 1}, [("unknown_field", "/wher")]),
        ({"kind": "segment", "id": "a", "where": {"of": []}}, [("missing_field", "/where")]),
        ({"kind": "segment", "id": "a", "where": {"type": "al", "of": []}}, [("unknown_type", "/where/type")]),
        ({"kind": "segment", "id": "a", "where": {"type": "all", "of": [7]}}, [("wrong_type", "/where/of/0")]),
        ({"kind": "settings", "timezone": "Mars/Olympus"}, [("bad_timezone", "/timezone")]),
        ({"kind": "settings", "timezone": "Europe"}, [("bad_timezone", "/timezone")]),
        ({"kind": "settings", "lateness": "soon"}, [("bad_duration", "/lateness")]),
        ({"kind": "settings", "lateness": "9" * 400 + "d"}, [("bad_duration", "/lateness")]),
        ({"kind": "settings", "consent": {"email": "optin"}}, [("bad_value", "/consent/email")]),
        ({"kind": "settings", "consent": {"mail": "opt_in"}}, [("bad_key", "/consent/mail")]),
        (
            {"kind": "settings", "frequency_caps": [{"max": 1.5, "per": "0h"}]},
            [("wrong_type", "/frequency_caps/0/max"), ("bad_duration", "/frequency_caps/0/per")],
        ),
        (
            {"kind": "settings", "quiet_hours": {"from": "25:00", "to": "8:00"}},
            [("bad_time_of_day", "/quiet_hours/from"), ("bad_time_of_day", "/quiet_hours/to")],
        ),
        ({"kind": "event", "id": "e"}, [("missing_field", "")]),
        ({"kind": "template", "id": "t", "channel": "fax", "body": "b"}, [("bad_value", "/channel")]),
        ({"kind": "template", "id": "t", "channel": "sms", "body": "b", "subject": "s"}, [("unknown_field", "/subject")]),
        ({"kind": "template", "id": "t", "channel": "sms", "body": "{{ profile.name "}, [("bad_template", "/body")]),
        (
            {"kind": "prediction", "id": "p", "target": {"event": "Order Completed"}, "window": "366d"},
            [("bad_duration", "/window")],
        ),
        (
            {
                "kind": "prediction",
                "id": "p",
                "target": {"event": "Order Completed"},
                "window": "30d",
                "rescore": {"at": "03:00"},
            },
            [("missing_field", "/rescore")],
        ),
    ],
)
def test_shapes(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(body) == expected


def test_an_amount_is_asked_of_a_prediction_that_foretells_amounts() -> None:
    buys = {"kind": "prediction", "id": "p", "target": {"event": "Order Completed"}, "window": "30d", "mode": "active"}
    spends = {**buys, "target": {"value": {"event": "Order Completed", "path": "total"}}}
    leaf = {"type": "predicted", "prediction": "p", "value": {"gte": 50}}
    asked = {"kind": "segment", "id": "s", "where": {"type": "all", "of": [{"type": "not", "of": leaf}]}}

    assert [("prediction_without_value", "/where/of/0/of/value")] == found(buys, asked)
    assert [] == found(spends, asked)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"type": "did", "event": "Order Completed", "within": "3x"}, [("bad_duration", "/where/within")]),
        ({"type": "did", "event": "Order Completed", "times": {}}, [("missing_field", "/where/times")]),
        ({"type": "did", "event": "Order Completed", "between": ["2026-01-01"]}, [("empty", "/where/between")]),
        ({"type": "did", "event": "Order Completed", "since": "yesterday"}, [("bad_instant", "/where/since")]),
        ({"type": "trait", "path": "a", "op": "equals", "value": 1}, [("bad_operator", "/where/op")]),
        ({"type": "trait", "path": "a", "op": "eq"}, [("missing_field", "/where")]),
        ({"type": "trait", "path": "a", "op": "is_set", "value": 1}, [("unknown_field", "/where/value")]),
        ({"type": "trait", "path": "a", "op": "between", "value": [1]}, [("empty", "/where/value")]),
        ({"type": "trait", "path": "a", "op": "between", "value": [1, "b"]}, [("bad_value", "/where/value")]),
        ({"type": "trait", "path": "a..b", "op": "is_set"}, [("bad_path", "/where/path")]),
        ({"type": "trait", "path": "a", "op": "matches", "value": "(?<=x)y"}, [("bad_pattern", "/where/value")]),
        ({"type": "in_segment", "segment": "vipp"}, [("unknown_segment", "/where/segment")]),
        ({"type": "bucket", "salt": "s", "from": 0, "to": 10_001}, [("out_of_range", "/where/to")]),
        ({"type": "in_list", "list": "Beta testers"}, [("bad_id", "/where/list")]),
        (
            {"type": "predicted", "prediction": "p", "score": {"gt": 60}},
            [("unknown_prediction", "/where/prediction")],
        ),
        ({"type": "message", "source": "journey:gone"}, [("unknown_journey", "/where/source")]),
        ({"type": "message", "source": "gone"}, [("bad_value", "/where/source")]),
        ({"type": "message", "source": "journey:j", "status": ["read"]}, [("bad_value", "/where/status/0")]),
        ({"type": "journey", "journey": "gone", "step": "x"}, [("unknown_journey", "/where/journey")]),
        ({"type": "journey", "journey": "j", "state": "inside"}, [("bad_value", "/where/state")]),
        (
            {"type": "any", "of": [{"type": "not", "of": {"type": "journey", "journey": "j", "step": "gone"}}]},
            [("unknown_step", "/where/of/0/of/step")],
        ),
        ({"type": "message", "source": "journey:j", "step": "helo"}, [("unknown_step", "/where/step")]),
        ({"type": "message", "source": "campaign:c", "step": "hello"}, [("unknown_step", "/where/step")]),
        ({"type": "message", "source": "campaign:c", "step": "message", "status": ["sent", "opened"], "within": "7d"}, []),
        ({"type": "journey", "journey": "j", "state": "ever", "step": "heard"}, []),
        ({"type": "in_list", "list": "beta"}, []),
        (
            {
                "type": "did",
                "event": "Order Completed",
                "times": {"gte": 2},
                "aggregate": {"fn": "sum", "path": "total", "gte": 9},
            },
            [],
        ),
    ],
)
def test_conditions(where: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found({"kind": "segment", "id": "s", "where": where}, journey(), CAMPAIGN) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (journey(start="gone"), [("unknown_step", "/start")]),
        (journey(steps={}), [("empty", "/steps")]),
        (journey(key="cart_id"), [("bad_path", "/key")]),
        (journey(holdout_percent=101), [("out_of_range", "/holdout_percent")]),
        (journey(reentry="never"), [("bad_value", "/reentry")]),
        (journey(reentry={"after": "0d"}), [("bad_duration", "/reentry/after")]),
        (journey(entry={"type": "segment", "segment": "vip"}), [("missing_field", "/entry")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day"}, "incremental": True}), []),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"at": "2026-03-01"}, "incremental": True}), [("incremental_once", "/entry/incremental")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "week", "on": [31]}}), [("bad_days", "/entry/schedule/on")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "month", "on": ["mon"]}}), [("bad_days", "/entry/schedule/on")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day"}, "rate": {"max": 10000, "per": "hour"}}), []),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day"}, "rate": {"max": 0, "per": "hours"}}),
         [("out_of_range", "/entry/rate/max"), ("bad_duration", "/entry/rate/per")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day"}, "rate": {"max": 1}}), [("missing_field", "/entry/rate")]),
        (journey(entry={"type": "event", "event": "Go", "rate": {"max": 1, "per": "15m"}}), [("unknown_field", "/entry/rate")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"at": "2026-03-01"}}, ends_at="2026-03-01"), [("never_fires", "/entry/schedule")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day", "until": "2026-02-01"}}, starts_at="2026-03-01"),
         [("never_fires", "/entry/schedule")]),
        (journey(entry={"type": "segment", "segment": "vip", "schedule": {"every": "day"}}, exclude=[{"segment": "vip"}]),
         [("excludes_its_entry", "/exclude/0/segment")]),
        (journey(exclude=[{"segment": "vip"}]), []),
        (journey(exclude=["vip", {"segment": "nobody"}]), [("wrong_type", "/exclude/0"), ("unknown_segment", "/exclude/1/segment")]),
        (journey(starts_at="2026-03-02", ends_at="2026-03-02T00:00:00Z"), [("ends_before_start", "/ends_at")]),
        (journey(starts_at="soon"), [("bad_instant", "/starts_at")]),
        (journey(entry_limits={"per_day": 10, "total": 20}), []),
        (journey(entry_limits={"per_run": 10}), [("per_run_without_schedule", "/entry_limits/per_run")]),
        (journey(entry_limits={"total": 0, "daily": 1}), [("unknown_field", "/entry_limits/daily"), ("out_of_range", "/entry_limits/total")]),
        (journey(goal=[{"event": "Go", "target_percent": 5}, {"event": "Go", "target_count": 500, "name": "Many"}]), []),
        (journey(goal=[]), [("empty", "/goal")]),
        (journey(goal={"event": "Go", "target_percent": 5, "target_count": 500}), [("choose_one", "/goal")]),
        (steps(a={"type": "audience", "audience": "returning", "action": "add"}), []),
        (steps(a={"type": "audience", "audience": "Returning!", "action": "put"}),
         [("bad_value", "/steps/a/action"), ("bad_id", "/steps/a/audience")]),
        (steps(a={"type": "wait", "until": {"at": "09:00", "on": [31]}}), [("bad_value", "/steps/a/until/on/0")]),
        (journey(entry={"type": "segment_entered", "segment": "vip"}), []),
        (journey(exit_on=[{"segment_left": "vip"}]), []),
        (journey(exit_on=[{"segment": "vip"}]), [("wrong_type", "/exit_on/0")]),
        (journey(exit_on=[{"event": "Order Complete"}]), [("unknown_event", "/exit_on/0/event")]),
        (journey(entry={"type": "event", "event": "Go", "where": [{"path": "a", "op": "matches", "value": "["}]}), [("bad_pattern", "/entry/where/0/value")]),
        (steps(a={"type": "wait", "for": "1d", "next": "b"}), [("unknown_step", "/steps/a/next")]),
        (steps(a={"type": "wait", "for": "1d", "until": "2026-03-01T09:00:00Z"}), [("choose_one", "/steps/a")]),
        (steps(a={"type": "wait", "until": "soon"}), [("bad_instant", "/steps/a/until")]),
        (steps(a={"type": "wait", "until": {"timezone": "profile"}}), [("wrong_type", "/steps/a/until")]),
        (steps(a={"type": "wait", "for": "366d"}), [("wait_beyond_lifetime", "/steps/a/for")]),
        (steps(a={"type": "wait", "for": "1d", "next": "b"}, b={"type": "wait", "for": "1d", "next": "a"}), [("step_cycle", "/steps/b")]),
        (steps(a={"type": "wait", "for": "1d"}, b={"type": "end"}), [("unreachable_step", "/steps/b")]),
        (steps(end={"type": "wait", "for": "1d"}), [("reserved_step", "/steps/end")]),
        (steps(a={"type": "branch", "when": [{"where": EVERYONE, "next": "end"}]}), [("branch_without_otherwise", "/steps/a")]),
        (steps(a={"type": "listen", "for": []}), [("no_listeners", "/steps/a/for")]),
        (steps(a={"type": "listen"}), [("no_listeners", "/steps/a")]),
        (steps(a={"type": "listen", "for": [{"event": "Go"}], "timeout": "1d"}), [("timeout_without_on_timeout", "/steps/a/timeout")]),
        (steps(a={"type": "listen", "for": [{"event": "Go"}], "on_timeout": "end"}), [("on_timeout_without_timeout", "/steps/a/on_timeout")]),
        (steps(a={"type": "listen", "for": [{"event": "Email Opened", "message": "a"}]}), [("message_not_earlier", "/steps/a/for/0/message")]),
        (steps(a={"type": "listen", "for": [{"event": "Go"}], "since": "message"}), [("since_without_message", "/steps/a/since")]),
        (steps(a={"type": "split", "paths": [{"percent": 30}, {"percent": 30}]}), [("bad_percents", "/steps/a/paths")]),
        (steps(a={"type": "update_profile"}), [("missing_field", "/steps/a")]),
        (steps(a={"type": "update_profile", "set": {"a..b": 1}}), [("bad_key", "/steps/a/set/a..b")]),
        (steps(a={"type": "track", "event": "Email Opened"}), [("reserved_event", "/steps/a/event")]),
        (steps(a={"type": "start_journey", "journey": "gone"}), [("unknown_journey", "/steps/a/journey")]),
        (steps(a={"type": "message", "channel": "sms"}), [("missing_field", "/steps/a/channel")]),
        (steps(a={"type": "message", "channel": "sms", "template": "email"}), [("template_channel_mismatch", "/steps/a/template")]),
        (steps(a={"type": "message", "channel": "sms", "template": "draft"}), [("template_not_ready", "/steps/a/template")]),
        (steps(a={"type": "message", "channels": {"sms": "sms", "email": "emial"}}), [("unknown_template", "/steps/a/channels/email")]),
        (steps(a={"type": "message", "channels": {}}), [("empty", "/steps/a/channels")]),
        (steps(a={"type": "wait", "for": "1d", "next": "b c"}, **{"b c": {"type": "end"}}), [("bad_id", "/steps/a/next"), ("bad_key", "/steps/b c")]),
        ({"kind": "campaign", "id": "c"}, [("missing_field", "")]),
        ({"kind": "campaign", "id": "c", "message": {"channel": "sms", "template": "sms"}, "schedule": {"at": "09:00"}}, [("bad_instant", "/schedule/at")]),
        ({"kind": "campaign", "id": "c", "message": {"channel": "sms", "template": "email"}}, [("template_channel_mismatch", "/message/template")]),
        (
            {
                "kind": "campaign", "id": "c", "message": {"channel": "sms", "template": "sms"}, "control_percent": 50,
                "variants": [{"id": "a", "template": "email", "percent": 30}, {"id": "a", "template": "sms", "percent": 80}],
            },
            [("bad_percents", "/variants"), ("template_channel_mismatch", "/variants/0/template"), ("duplicate_id", "/variants/1/id")],
        ),
    ],
)  # fmt: skip
def test_journeys_and_campaigns(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(body) == expected


def test_a_reaction_of_another_channel_is_warned_of() -> None:
    body = journey()
    body["steps"]["heard"]["for"][0]["event"] = "SMS Link Clicked"

    assert found(body) == [("other_channel", "/steps/heard/for/0/message")]


def test_waits_that_add_up_beyond_the_lifetime() -> None:
    waits = {f"w{n}": {"type": "wait", "for": "1d", "next": f"w{n + 1}" if n < 3 else "end"} for n in range(4)}

    assert found(steps(**waits) | {"lifetime": "4d"}) == []
    assert found(steps(**waits) | {"lifetime": "3d"}) == [("wait_beyond_lifetime", "/steps/w3/for")]


def test_a_shorter_way_makes_a_wait_fit() -> None:
    body = steps(
        a={"type": "listen", "for": [{"event": "Go", "next": "b"}], "timeout": "3d", "on_timeout": "b"},
        b={"type": "wait", "for": "3d", "next": "end"},
    )

    assert found(body | {"lifetime": "4d"}) == []


def test_a_join_is_no_cycle() -> None:
    body = steps(
        a={"type": "branch", "when": [{"where": EVERYONE, "next": "b"}], "otherwise": "c"},
        b={"type": "wait", "for": "1d", "next": "c"},
        c={"type": "end"},
    )

    assert found(body) == []


def test_everything_is_listed_at_once() -> None:
    text = """\
kind: segment
id: Not An Id
where: {type: any, of: [{type: in_segment, segment: nope}, {type: trait, path: a, op: equals, value: 1}]}
---
kind: journey
id: j
entry: {type: event, event: Go, wher: []}
start: one
lifetime: 1d
steps:
  one: {type: wait, for: 2d, next: two}
  two: {type: mesage, channel: sms}
---
kind: journy
id: k
"""
    problems = check_definitions(load_text(text, file="all.yaml").documents)

    assert [(p.code, p.severity, p.kind, p.id, p.path, p.line, p.column) for p in problems] == [
        ("bad_id", "error", "segment", "Not An Id", "/id", 2, 1),
        ("unknown_segment", "error", "segment", "Not An Id", "/where/of/0/segment", 3, 44),
        ("bad_operator", "error", "segment", "Not An Id", "/where/of/1/op", 3, 83),
        ("unknown_field", "error", "journey", "j", "/entry/wher", 7, 33),
        ("wait_beyond_lifetime", "error", "journey", "j", "/steps/one/for", 11, 21),
        ("unknown_type", "error", "journey", "j", "/steps/two/type", 12, 9),
        ("unknown_kind", "error", "journy", "k", "/kind", 14, 1),
    ]
    assert {p.file for p in problems} == {"all.yaml"}
    assert "did you mean `where`?" in problems[3].message
    assert "did you mean `journey`?" in problems[6].message


def test_ids_are_unique_in_their_kind() -> None:
    other = {**VIP, "where": EVERYONE}
    problems = check(VIP, {**SMS, "id": "vip"}, other, {"kind": "settings"}, {"kind": "settings", "timezone": "UTC"})

    assert [(p.code, p.kind, p.path) for p in problems] == [
        ("duplicate_id", "segment", "/id"),
        ("duplicate_id", "settings", ""),
    ]


def test_segments_may_not_contain_each_other() -> None:
    def segment(name: str, *inside: str) -> dict[str, Any]:
        return {
            "kind": "segment",
            "id": name,
            "where": {"type": "all", "of": [{"type": "in_segment", "segment": i} for i in inside]},
        }

    assert found(segment("a", "a")) == [("segment_cycle", "/where/of/0/segment")]
    assert found(segment("a", "b"), segment("b", "c"), segment("c", "vip", "a")) == [("segment_cycle", "/where/of/1/segment")]
    assert found(segment("a", "b", "c"), segment("b", "c"), segment("c", "vip")) == []
    assert [p.code for p in check(segment("a", "b"), published=(segment("b", "a"),))] == ["segment_cycle"]


def test_a_long_chain_of_segments_is_no_cycle() -> None:
    chain = [
        {"kind": "segment", "id": f"s{n}", "where": {"type": "in_segment", "segment": f"s{n + 1}"} if n < 3_000 else EVERYONE}
        for n in range(3_001)
    ]

    assert check(*chain) == []


def test_what_is_published_may_be_named_and_replaced() -> None:
    published = (EMAIL, SMS, VIP)

    assert check(journey(), published=published) == []
    assert check(VIP, published=published) == []
    assert [p.code for p in check(journey(), {**EMAIL, "status": "draft"}, published=published)] == ["template_not_ready"]


def test_events_need_not_be_registered_but_slips_are_seen() -> None:
    unregistered = journey(entry={"type": "event", "event": "Sofa Inspected"})
    registered = {"kind": "event", "id": "e", "name": "Cart Abandoned"}
    raw = {"kind": "event", "id": "d", "name": "Thanks", "rule": {"event": "Till Rang"}}

    assert found(unregistered) == []
    assert found(unregistered, registered) == [("unknown_event", "/entry/event")]
    assert found(journey(entry={"type": "event", "event": "Cart Abandonned"}), registered) == [
        ("unknown_event", "/entry/event")
    ]
    assert found(raw) == []
    assert {p.severity for p in check(unregistered, EMAIL, registered)} == {"warning"}


def test_what_is_past_is_warned_of_when_now_is_known() -> None:
    body = steps(a={"type": "wait", "until": "2026-03-01T09:00:00Z"})

    assert check(body) == []
    assert check(body, now="2026-03-01T09:00:00Z") == []
    assert [(p.code, p.severity) for p in check(body, now="2026-03-01T09:00:01Z")] == [("wait_in_the_past", "warning")]


def test_a_condition_nested_deep_is_refused() -> None:
    where: dict[str, Any] = EVERYONE
    for _ in range(80):
        where = {"type": "not", "of": where}

    assert [p.code for p in check({"kind": "segment", "id": "s", "where": where})] == ["too_deep"]


def test_errors_are_raised_together_and_warnings_answered() -> None:
    warned = [Document(body) for body in (journey(exit_on=[{"event": "Order Complete"}]), EMAIL)]
    wrong = [Document(journey(start="gone", key=""))]

    assert [p.code for p in require_valid(warned)] == ["unknown_event"]
    with pytest.raises(InvalidInput) as refused:
        require_valid(wrong)
    assert [p.code for p in refused.value.problems] == ["empty", "unknown_step", "unknown_template"]


OTHERS: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", [], [None], {}, {"": None}, "é" * 300, [[[]]])


def mutations(value: Any) -> list[Any]:
    """What a value may be replaced by."""
    return [other for other in OTHERS if other != value]


def places(value: Any) -> list[list[Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [[]] + [[name, *rest] for name, inner in inside for rest in places(inner)]


def mutants(body: dict[str, Any]) -> list[Any]:
    made = []
    for place in places(body)[1:]:
        *way, last = place
        target: Any = body
        for name in way:
            target = target[name]
        for replacement in mutations(target[last]):
            changed = copy.deepcopy(body)
            inner: Any = changed
            for name in way:
                inner = inner[name]
            inner[last] = replacement
            made.append(changed)
    return made


RICH = journey(
    reentry={"after": "7d"},
    key="properties.cart_id",
    goal={
        "event": "Order Completed",
        "where": [{"path": "total", "op": "gt", "value": 5}],
        "within": "3d",
        "target_percent": 50,
    },
    exit_on=[{"event": "Order Completed", "where": []}, {"segment_entered": "vip"}],
    lifetime="30d",
    steps={
        "hello": {"type": "message", "channels": {"email": "email", "sms": "sms"}, "strategy": "all", "next": "heard"},
        "heard": {
            "type": "listen",
            "for": [{"event": "Email Opened", "message": "hello", "next": "b"}],
            "timeout": "1d",
            "on_timeout": "w",
        },
        "b": {"type": "branch", "when": [{"where": VIP["where"], "next": "end"}], "otherwise": "w"},
        "w": {"type": "wait", "until": {"at": "09:00", "on": ["mon"], "timezone": "profile"}, "next": "s"},
        "s": {"type": "split", "paths": [{"percent": 100, "next": "end"}]},
    },
)


def test_no_value_in_any_place_breaks_the_check() -> None:
    """Whatever stands wherever: a list of problems comes back, never an exception."""
    settings = {
        "kind": "settings",
        "frequency_caps": [{"channel": "any", "max": 3, "per": "24h"}],
        "consent": {"email": "none"},
    }
    campaign = {
        "kind": "campaign",
        "id": "c",
        "audience": VIP["where"],
        "schedule": {"event": "Go", "where": []},
        "message": {"channel": "sms", "template": "sms"},
        "variants": [{"id": "a", "template": "sms", "percent": 3}],
    }
    for body in (RICH, settings, campaign, VIP, SMS):
        for mutant in mutants(body):
            check(mutant, EMAIL, SMS)
