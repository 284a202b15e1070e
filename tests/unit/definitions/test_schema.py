"""The published JSON Schema says what the check says."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from relance.definitions.load import load_definitions
from relance.definitions.schema import build_schema, load_schema
from relance.definitions.shapes.core import Findings
from relance.definitions.shapes.kinds import KINDS

ROOT = Path(__file__).parents[3]
EXAMPLES = [
    *sorted((ROOT / "tests" / "acceptance" / "scenarios").glob("*/definitions.yaml")),
    *sorted((ROOT / "examples").glob("*/definitions.yaml")),
]
# Told by a test of the value that a JSON Schema can not make.
FINER = {"bad_duration", "bad_instant", "bad_timezone", "bad_time_of_day"}
OTHERS: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x y", "7x", [], [None], {}, {"x": None}, "é" * 600)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(load_schema())


def shape_codes(body: dict[str, Any]) -> set[str]:
    findings = Findings()
    KINDS[body["kind"]].check(body, "", findings)
    return {p.code for p in findings.problems}


def places(value: Any) -> list[list[Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [[], *([name, *rest] for name, inner in inside for rest in places(inner))]


def mutate(body: dict[str, Any], r: random.Random) -> dict[str, Any]:
    """The body with something replaced, taken out, renamed or added."""
    changed = copy.deepcopy(body)
    *way, last = r.choice([place for place in places(changed) if place and place != ["kind"]])
    target: Any = changed
    for name in way:
        target = target[name]
    action = r.choice(["replace", "replace", "remove", "rename", "add"])
    if action == "replace":
        target[last] = r.choice(OTHERS)
    elif action == "add" and isinstance(target, dict):
        target["one_more"] = r.choice(OTHERS)
    else:
        value = target.pop(last)
        if action == "rename" and isinstance(target, dict):
            target["renamed"] = value
    return changed


def test_the_published_schema_is_up_to_date() -> None:
    """Write it anew with `python -m relance.definitions.schema`."""
    assert load_schema() == build_schema()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(load_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples_are_valid(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    for document in load_definitions(path).require():
        assert [] == [error.message for error in validator.iter_errors(document.body)]


def test_a_list_of_definitions_is_valid(validator: jsonschema.Draft202012Validator) -> None:
    assert validator.is_valid([{"kind": "settings"}, {"kind": "segment", "id": "a", "where": {"type": "all", "of": []}}])
    assert not validator.is_valid([{"kind": "settings"}, {"kind": "segment", "id": "a"}])
    assert not validator.is_valid({"kind": "segmnt", "id": "a"})


RICH: list[dict[str, Any]] = json.loads("""[
 {"kind": "journey", "id": "j", "name": "J", "entry": {"type": "event", "event": "Go", "where": [{"path": "a", "op": "in", "value": [1, "b"]}]},
  "reentry": {"after": "7d"}, "key": "properties.cart_id", "holdout_percent": 5, "lifetime": "30d", "start": "hello",
  "goal": {"event": "Go", "where": [{"path": "total", "op": "between", "value": [5, 9]}], "within": "3d", "target_percent": 50},
  "exit_on": [{"event": "Go"}, {"segment_entered": "vip"}],
  "steps": {"hello": {"type": "message", "channels": {"email": "e", "sms": "s"}, "strategy": "first_reachable", "to": "profile.email",
    "purpose": "transactional", "expires_in": "2h", "on_blocked": "end", "on_failed": "end", "next": "heard"},
   "heard": {"type": "listen", "for": [{"event": "Email Opened", "message": "hello", "next": "b"}, {"segment_left": "vip", "next": "end"}],
    "timeout": "1d", "on_timeout": "w", "since": "enrollment"},
   "b": {"type": "branch", "when": [{"where": {"type": "trait", "path": "a", "op": "is_set"}, "next": "end"}], "otherwise": "w"},
   "w": {"type": "wait", "until": {"at": "09:00", "on": ["mon"], "timezone": "profile"}, "next": "x"},
   "x": {"type": "wait", "until": {"path": "profile.traits.renewal", "offset": "-7d"}, "next": "s"},
   "s": {"type": "split", "paths": [{"percent": 100, "next": "u"}]},
   "u": {"type": "update_profile", "set": {"plan": "pro"}, "unset": ["trial"], "next": "t"},
   "t": {"type": "track", "event": "Go", "properties": {"a": [1]}, "next": "done"}, "done": {"type": "end"}}},
 {"kind": "segment", "id": "s", "where": {"type": "all", "of": [
   {"type": "did", "event": "Go", "times": {"gte": 1, "lt": 3}, "within": "72h"},
   {"type": "did", "event": "Go", "aggregate": {"fn": "sum", "path": "total", "gte": 100}, "between": ["2026-01-01", "2026-02-01T00:00:00Z"]},
   {"type": "sequence", "steps": [{"event": "A"}, {"event": "B", "within": "1d"}], "since": "2026-01-01"},
   {"type": "not", "of": {"type": "in_segment", "segment": "vip"}}, {"type": "subscribed", "group": "news"},
   {"type": "predicted", "prediction": "p", "score": {"gte": 60}}, {"type": "in_list", "list": "beta"},
   {"type": "message", "source": "journey:j", "step": "hello", "status": ["opened"], "within": "7d"},
   {"type": "journey", "journey": "j", "state": "ever"}, {"type": "near", "path": "l", "lat": 48.8, "lon": 2.3, "km": 10},
   {"type": "bucket", "salt": "x", "from": 0, "to": 1000}, {"type": "can_receive", "channel": "email", "because": "subscribed"},
   {"type": "trait", "path": "born", "op": "anniversary_within", "value": "7d", "ignore_case": true}]}},
 {"kind": "campaign", "id": "c", "audience": {"type": "any", "of": []}, "schedule": {"every": "month", "on": [1, 31], "at": "09:00", "until": "2027-01-01"},
  "message": {"channel": "sms", "template": "s"}, "variants": [{"id": "a", "template": "s", "percent": 50}], "control_percent": 10,
  "conversions": [{"event": "Go", "within": "3d"}], "reentry": "once"},
 {"kind": "settings", "timezone": "Europe/Paris", "lateness": "1m", "consent": {"email": "opt_out"},
  "frequency_caps": [{"channel": "any", "max": 3, "per": "24h"}],
  "quiet_hours": {"channels": ["sms"], "from": "21:00", "to": "08:00", "timezone": "profile", "when_hit": "hold"}},
 {"kind": "event", "id": "e", "name": "E", "status": "draft", "schema": {"a": "string"}, "rule": {"event": "*", "where": []},
  "identity": {"namespace": "email", "path": "customer.email"}},
 {"kind": "template", "id": "w", "channel": "webhook", "method": "POST", "url": "https://example.com/", "headers": {"a": "b"}, "body": ""},
 {"kind": "prediction", "id": "p", "target": {"churn": {"all": [{"did": "A"}, {"did_not": "B"}]}}, "window": "30d", "mode": "active",
  "rescore": {"every": "day", "at": "03:00"}, "audience": {"type": "all", "of": []}}]""")


@pytest.mark.parametrize("body", RICH, ids=lambda body: body["kind"])
def test_schema_and_check_agree(body: dict[str, Any], validator: jsonschema.Draft202012Validator) -> None:
    """On hundreds of bodies with one or two faults: what one refuses the other refuses too."""
    assert [] == [error.message for error in validator.iter_errors(body)]
    assert set() == shape_codes(body)
    r = random.Random(body["kind"])
    for _ in range(150):
        mutant = mutate(body, r)
        codes = shape_codes(mutant)
        if codes and codes <= FINER:
            continue
        assert (validator.is_valid(mutant), mutant) == (not codes, mutant), codes
