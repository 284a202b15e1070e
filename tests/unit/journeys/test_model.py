"""A journey numbered for the engine."""

from __future__ import annotations

from typing import Any

import pytest

from relance.clock import DAY, HOUR
from relance.errors import InternalError
from relance.journeys.model import END, read_version

BODY: dict[str, Any] = {
    "id": "cart",
    "entry": {"type": "event", "event": "Cart"},
    "goal": {"event": "Order", "within": "3d"},
    "exit_on": [{"event": "Order"}, {"event": "Left"}],
    "key": "properties.cart_id",
    "start": "mail",
    "steps": {
        "mail": {"type": "message", "channel": "email", "template": "t", "next": "hear", "on_blocked": "end"},
        "hear": {"type": "listen", "for": [{"event": "Email Opened", "message": "mail", "next": "end"}, {"event": "Email Link Clicked", "message": "mail", "next": "wait"}],
                 "timeout": "1d", "on_timeout": "wait"},
        "wait": {"type": "wait", "for": "2h"},
    },
}  # fmt: skip


def test_steps_are_numbered_in_their_order_and_edges_are_numbers() -> None:
    version = read_version(7, "journey", BODY, {"t": "news"})
    mail, hear, wait = version.steps

    assert ("mail", 1, END, None) == (mail.step_id, mail.next, mail.blocked_next, mail.failed_next)
    assert ("email", "t", "news") == (mail.channels[0].channel, mail.channels[0].template, mail.channels[0].group)
    assert (DAY, 2) == (hear.wait, hear.timeout_next)
    assert (2 * HOUR, END) == (wait.wait, wait.next)
    goal = next(r for r in version.rules if r.role == "goal")
    assert (0, 3 * DAY, 365 * DAY, "always") == (version.start, goal.within, version.lifetime, version.reentry)


def test_rules_have_numbers_of_their_own_over_all_versions() -> None:
    one, two = read_version(7, "journey", BODY, {}), read_version(8, "journey", BODY, {})

    assert ["entry", "exit", "exit", "goal", "listen", "listen"] == [r.role for r in one.rules]
    assert not {r.rule_id for r in one.rules} & {r.rule_id for r in two.rules}


@pytest.mark.parametrize(
    ("listeners", "since", "expected"),
    [
        ([{"event": "A", "message": "mail"}], None, "message"),
        ([{"event": "A", "message": "mail"}, {"event": "B"}], None, "step"),
        ([{"event": "A"}], None, "step"),
        ([{"event": "A", "message": "mail"}], "step", "step"),
        ([{"event": "A"}], "enrollment", "enrollment"),
    ],
)
def test_since_is_the_message_when_all_name_one(listeners: list[dict[str, str]], since: str | None, expected: str) -> None:
    hear = {"type": "listen", "for": [{**spec, "next": "end"} for spec in listeners]} | ({"since": since} if since else {})
    version = read_version(1, "journey", {**BODY, "steps": {**BODY["steps"], "hear": hear}}, {})

    assert {expected} == {r.since for r in version.rules if r.role == "listen"}


def test_a_step_may_be_called_end() -> None:
    body = {**BODY, "steps": {"mail": {"type": "wait", "for": "1h", "next": "end"}, "end": {"type": "end"}}}

    assert 1 == read_version(1, "journey", body, {}).steps[0].next


def test_reentry_over_a_segment_is_once() -> None:
    body = {**BODY, "entry": {"type": "segment", "segment": "all", "schedule": {"every": "day"}}}

    assert ("once", {"every": "day"}) == (
        read_version(1, "journey", body, {}).reentry,
        read_version(1, "journey", body, {}).schedule,
    )


def test_a_campaign_is_one_message_step() -> None:
    body = {
        "id": "news",
        "schedule": {"event": "A"},
        "message": {"channels": {"email": "t", "sms": "u"}, "strategy": "first_reachable"},
    }
    version = read_version(1, "campaign", body, {})

    assert ["message"] == [s.step_id for s in version.steps]
    assert version.steps[0].first_reachable
    assert ("campaign:news", "always", None, ["entry"]) == (
        version.source,
        version.reentry,
        version.schedule,
        [r.role for r in version.rules],
    )


def test_nothing_else_is_run() -> None:
    with pytest.raises(InternalError):
        read_version(1, "segment", BODY, {})
