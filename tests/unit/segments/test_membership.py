"""Why somebody is in a segment, with the figures seen and the next change."""

from __future__ import annotations

import json

import pytest

from relance.clock import DAY, HOUR, format_instant, parse_instant
from relance.errors import NotFound
from relance.segments.desk import SegmentDesk
from relance.segments.judge import make_compiler
from relance.segments.membership import WhyMember, explain_member
from relance.warehouse import (
    ConsentRow,
    EventRow,
    JourneyRow,
    ListRow,
    MessageRow,
    ProfileRow,
    ScoreRow,
    SuppressionRow,
    Warehouse,
    open_warehouse,
)
from relance.workspace import Settings, Workspace

NOW = parse_instant("2026-03-10T12:00:00Z")
ESPRESSO = {
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
}
WORKSPACE = Workspace(
    settings=Settings(),
    segments={
        "espresso": ESPRESSO,
        "again": {"type": "not", "of": {"type": "in_segment", "segment": "espresso"}},
        "renewing": {"type": "trait", "path": "renewal", "op": "within_next", "value": "7d"},
        "testers": {"type": "in_list", "list": "beta"},
        "likely": {"type": "predicted", "prediction": "buys", "score": {"gte": 60}},
        "mailed": {"type": "message", "source": "journey:cart", "step": "mail", "status": ["sent", "opened"], "within": "1d"},
        "inside": {"type": "journey", "journey": "cart", "step": "wait"},
        "spenders": {"type": "did", "event": "Order Completed", "aggregate": {"fn": "sum", "path": "total", "gte": 100}},
    },
)  # fmt: skip


@pytest.fixture
def warehouse() -> Warehouse:
    made = open_warehouse("memory://")
    made.begin(1)
    made.add_profile_history(
        [
            ProfileRow(
                1, 1, NOW - 9 * DAY, {"renewal": "2026-03-20"}, "ana", None, "ana@example.com", True, None, False, None, 0, 1
            )
        ]
    )
    made.add_consent_history([ConsentRow(1, 2, NOW - 9 * DAY, NOW - 9 * DAY, "email", "", "subscribed", 1)])
    made.add_events(
        [
            EventRow(1, 3, NOW - 4 * DAY, NOW - 4 * DAY, "Order Completed", {"total": 60.5}, 3, 1),
            EventRow(1, 4, NOW - 70 * HOUR, NOW - 70 * HOUR, "Email Opened", {}, 4, 1),
        ]
    )
    made.commit()
    return made


def explain(warehouse: Warehouse, segment: str) -> WhyMember:
    return explain_member(warehouse, make_compiler(WORKSPACE).segment(segment), "ana", NOW)


def test_what_relance_itself_knows_is_explained(warehouse: Warehouse) -> None:
    warehouse.begin(2)
    warehouse.add_facts("list_history", [ListRow(1, 5, NOW - 2 * DAY, "beta", member=True, tick=2)])
    warehouse.add_facts("score_history", [ScoreRow(1, 5, NOW - DAY, "buys", 71.5, "medium", 2)])
    warehouse.add_facts("message_history", [MessageRow(1, 5, NOW - 23 * HOUR, "m1", "journey:cart", "mail", "sent", 2)])
    moves = [
        JourneyRow(1, 5, NOW - 23 * HOUR, 1, "cart", "mail", "", "active", 2),
        JourneyRow(1, 5, NOW - 23 * HOUR, 1, "cart", "wait", "mail", "active", 2),
        JourneyRow(1, 5, NOW - 5 * DAY, 2, "cart", "", "mail", "exited", 2),
    ]
    warehouse.add_facts("journey_history", moves)
    warehouse.commit()

    told = {name: explain(warehouse, name) for name in ("testers", "likely", "mailed", "inside")}

    assert all(why.member for why in told.values())
    changes = {name: format_instant(why.changes_at) for name, why in told.items()}
    assert {"testers": None, "likely": None, "mailed": "2026-03-10T13:00:00Z", "inside": None} == changes
    assert [
        ("on list beta", {"added_at": "2026-03-08T12:00:00Z"}),
        ("predicted buys: score ≥ 60", {"score": 71.5, "category": "medium", "scored_at": "2026-03-09T12:00:00Z"}),
        (
            "message of journey:cart step mail: sent or opened in the last 1d",
            {
                "times": 1,
                "last_at": "2026-03-09T13:00:00Z",
                "messages": {"sent": 1},
                "last_sent_at": "2026-03-09T13:00:00Z",
            },
        ),
        (
            "now in journey cart step wait",
            {
                "passages": 2,
                "at_step": ["wait"],
                "ended": ["exited"],
                "last_at_step_at": "2026-03-09T13:00:00Z",
                "last_entered_at": "2026-03-09T13:00:00Z",
                "last_ended_at": "2026-03-05T12:00:00Z",
            },
        ),
    ] == [(why.explanation.condition, why.explanation.seen) for why in told.values()]


def test_why_somebody_is_in(warehouse: Warehouse) -> None:
    why = explain(warehouse, "espresso")

    assert why.member
    assert "2026-03-10T14:00:00Z" == format_instant(why.changes_at)
    receives, interest, bought = why.explanation.parts
    assert {
        "address": "ana@example.com",
        "valid": True,
        "suppressed": False,
        "consent": "subscribed",
        "consent_needed": "subscribed",
        "consent_at": "2026-03-01T12:00:00Z",
    } == receives.seen
    opened = {"times": 1, "first_at": "2026-03-07T14:00:00Z", "last_at": "2026-03-07T14:00:00Z"}
    assert [(True, opened), (False, {"times": 0})] == [(p.holds, p.seen) for p in interest.parts]
    assert {"times": 0, "last_before_at": "2026-03-06T12:00:00Z"} == bought.seen
    assert "did Email Opened in the last 3d: ≥ 1 times" == interest.parts[0].condition
    assert json.dumps(why.as_json())


class StandingClock:
    """A clock that stands."""

    def now(self) -> int:
        return NOW


def test_as_of_an_instant_of_the_past(warehouse: Warehouse) -> None:
    desk = SegmentDesk(warehouse, lambda: WORKSPACE, StandingClock())
    at = format_instant(NOW - 80 * HOUR)

    assert 3 == desk.moment(at).seq
    assert [] == desk.members("espresso", at=at)["items"]
    assert 1 == desk.count("again", at)["members"]
    assert not desk.explain("espresso", "ana", at=at)["member"]
    assert ["ana"] == [person["user_id"] for person in desk.members("again", at=at)["items"]]


def test_a_segment_inside_a_segment_is_opened(warehouse: Warehouse) -> None:
    why = explain(warehouse, "again")

    assert not why.member
    assert ["not", "in segment espresso", "all of"] == [
        why.explanation.condition,
        why.explanation.parts[0].condition,
        why.explanation.parts[0].parts[0].condition,
    ]
    assert ["what is below holds, and must not", "in segment espresso", "all 3 conditions hold"] == [
        why.as_json()["why"]["sentence"],
        why.as_json()["why"]["parts"][0]["sentence"],
        why.as_json()["why"]["parts"][0]["parts"][0]["sentence"],
    ]


def test_dates_change_by_themselves(warehouse: Warehouse) -> None:
    why = explain(warehouse, "renewing")

    assert (False, "2026-03-13T00:00:00Z") == (why.member, format_instant(why.changes_at))
    assert {"value": "2026-03-20", "instant": "2026-03-20T00:00:00Z"} == why.explanation.seen


def test_a_sum_is_shown_as_a_number(warehouse: Warehouse) -> None:
    why = explain(warehouse, "spenders")

    at = "2026-03-06T12:00:00Z"
    assert {"times": 1, "figure": 60.5, "values": 1, "first_at": at, "last_at": at} == why.explanation.seen
    assert why.changes_at is None


def test_suppression_is_told(warehouse: Warehouse) -> None:
    warehouse.begin(2)
    warehouse.add_suppressions([SuppressionRow("email", "ana@example.com", 9, True, 2)])
    warehouse.commit()
    why = explain(warehouse, "espresso")

    assert (False, True) == (why.member, why.explanation.parts[0].seen["suppressed"])


def test_nothing_and_nobody(warehouse: Warehouse) -> None:
    desk = SegmentDesk(warehouse, lambda: WORKSPACE, StandingClock())
    with pytest.raises(NotFound, match="no segment"):
        desk.explain("nothing", "ana")
    with pytest.raises(NotFound, match="nobody"):
        desk.explain("espresso", "bob")
