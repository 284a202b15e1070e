"""The figures of a journey, on both engines of the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relance.journeys.report import journey_report, message_report, summary
from relance.journeys.ways import add_ways, shared_ways

if TYPE_CHECKING:
    from relance.store import Connection, Database

SOURCE = "journey:cart"
ACTIVE, FINISHED, EXITED, FAILED, SUPPRESSED = range(5)


def publish(connection: Connection, version: int, steps: list[str], source: str = SOURCE) -> None:
    kind, _, name = source.partition(":")
    body = {"steps": {step: {"type": "wait"} for step in steps}} if kind == "journey" else {"message": {}}
    connection.insert_rows(
        "journey_versions",
        ["version_id", "source", "kind", "id", "version", "state", "published_at", "body"],
        [(version, source, kind, name, version, "live", 0, json.dumps(body))],
    )


def enroll(
    connection: Connection,
    number: int,
    status: int,
    path: list[tuple[int, int]],
    *,
    reason: str | None = None,
    ended_at: int | None = None,
    version: int = 1,
    source: str = SOURCE,
) -> None:
    """One passage: `path` holds (step, at)."""
    entered_at = path[0][1] if path else 0
    row: dict[str, Any] = {
        "enrollment_id": number,
        "version_id": version,
        "source": source,
        "profile_id": number,
        "key": "",
        "status": status,
        "reason": reason,
        "entered_at": entered_at,
        "ended_at": ended_at,
        "mark_at": entered_at,
        "mark_seq": 0,
        "step": path[-1][0] if path else None,
    }
    connection.insert_rows("enrollments", list(row), [tuple(row.values())])
    connection.insert_rows(
        "enrollment_path",
        ["enrollment_id", "visit", "step", "at", "cause"],
        [(number, visit, step, at, "next") for visit, (step, at) in enumerate(path)],
    )


@pytest.fixture
def store(database: Database) -> Database:
    with database.writing() as c:
        publish(c, 1, ["remind", "opened", "text"])
        enroll(c, 1, ACTIVE, [(0, 10), (1, 11)])
        enroll(c, 2, FINISHED, [(0, 10), (1, 12), (2, 20)], ended_at=30)
        enroll(c, 3, FINISHED, [(0, 10), (1, 12)], ended_at=15)
        enroll(c, 4, EXITED, [(0, 10), (1, 12)], ended_at=18, reason="Order Completed")
        enroll(c, 5, FAILED, [(0, 40)], ended_at=41, reason="render")
        enroll(c, 6, SUPPRESSED, [], reason="open")
        c.insert_rows("enrollment_goals", ["enrollment_id", "goal", "seq", "at"], [(4, 0, 1, 18), (4, 0, 2, 19), (3, 0, 3, 16)])
    return database


def test_figures_balance_for_the_journey_and_each_step(store: Database) -> None:
    with store.reading() as c:
        report = journey_report(c, SOURCE)

    assert report == {
        "entered": 5,
        "inside": 1,
        "finished": 2,
        "exited": {"Order Completed": 1},
        "failed": 1,
        "suppressed": 1,
        "goal_reached": 2,
        "steps": {
            "remind": {"entered": 5, "inside": 0, "left": {"opened": 4, "render": 1}},
            "opened": {"entered": 4, "inside": 1, "left": {"Order Completed": 1, "end": 1, "text": 1}},
            "text": {"entered": 1, "inside": 0, "left": {"end": 1}},
        },
    }


def test_a_report_of_the_past_shows_who_was_inside_then(store: Database) -> None:
    with store.reading() as c:
        report = journey_report(c, SOURCE, until=16)

    assert (report["entered"], report["inside"], report["finished"], report["exited"]) == (4, 3, 1, {})
    assert report["goal_reached"] == 1
    assert report["steps"]["opened"] == {"entered": 4, "inside": 3, "left": {"end": 1}}
    assert report["steps"]["text"] == {"entered": 0, "inside": 0, "left": {}}


def test_versions_are_summed_by_the_names_of_their_steps(store: Database) -> None:
    with store.writing() as c:
        publish(c, 2, ["opened", "remind"])
        enroll(c, 7, ACTIVE, [(1, 50), (0, 51)], version=2)

    with store.reading() as c:
        report = journey_report(c, SOURCE)

    assert report["steps"]["opened"]["inside"] == 2
    assert report["steps"]["remind"] == {"entered": 6, "inside": 0, "left": {"opened": 5, "render": 1}}


def test_a_campaign_has_one_step_and_is_not_in_the_summary(store: Database) -> None:
    with store.writing() as c:
        publish(c, 3, [], "campaign:resend")
        enroll(c, 8, FINISHED, [(0, 5)], ended_at=5, version=3, source="campaign:resend")

    with store.reading() as c:
        report = journey_report(c, "campaign:resend")

        assert report["steps"] == {"message": {"entered": 1, "inside": 0, "left": {"end": 1}}}
        assert list(summary(c)["journeys"]) == ["cart"]


def test_messages_are_counted_by_step_channel_and_outcome(store: Database) -> None:
    columns = [
        "message_id", "enrollment_id", "profile_id", "version_id", "source", "step", "step_id", "visit", "channel",
        "channel_rank", "template", "marketing", "status", "reason", "queued_at", "due_at", "decided_at",
    ]  # fmt: skip
    outcomes = [
        ("email", "sent", None, 12),
        ("email", "sent", None, 12),
        ("email", "blocked", "consent", 12),
        ("email", "queued", None, None),
        ("sms", "failed", "rejected", 12),
        ("sms", "expired", None, 12),
    ]
    with store.writing() as c:
        c.insert_rows("messages", columns, [
            (n, n, n, 1, SOURCE, 0, "remind", 0, channel, 0, "t", 1, status, reason, 10, 10, at)
            for n, (channel, status, reason, at) in enumerate(outcomes)
        ])  # fmt: skip

    with store.reading() as c:
        found = message_report(c, SOURCE)

        assert {name: figure for name, figure in found["remind"]["email"].items() if figure} == {
            "waiting": 1, "sent": 2, "blocked": {"consent": 1}
        }  # fmt: skip
        assert found["remind"]["sms"]["failed"] == {"rejected": 1}
        assert message_report(c, SOURCE, until=11)["remind"]["email"]["waiting"] == 4


def test_ways_from_one_step_to_the_same_are_told_apart(database: Database) -> None:
    listening = {"type": "listen", "for": [{"event": "A", "next": "on"}, {"event": "B", "next": "on"}], "on_timeout": "on"}
    choosing = {"type": "branch", "when": [{"where": {}, "next": "last"}, {"where": {}, "next": "last"}], "otherwise": "end"}
    body = {"steps": {"ear": listening, "on": choosing, "last": {"type": "end"}}}
    with database.writing() as connection:
        connection.insert_rows(
            "journey_versions",
            ["version_id", "source", "kind", "id", "version", "state", "published_at", "body"],
            [(1, SOURCE, "journey", "cart", 1, "live", 0, json.dumps(body))],
        )
        ways = [("heard", 11), ("heard", 12), ("heard", 11), ("timeout", None), ("heard", 99)]
        for number, (cause, ref) in enumerate(ways, 1):
            enroll(connection, number, ACTIVE, [])
            choice = (number, 2, 2, 30, "branch", number % 2)
            connection.insert_rows(
                "enrollment_path",
                ["enrollment_id", "visit", "step", "at", "cause", "cause_ref"],
                [(number, 0, 0, 10, "start", None), (number, 1, 1, 20, cause, ref), choice],
            )
        events = [(number, seq, name, 5, 5, "{}") for number in range(1, 6) for seq, name in ((11, "A"), (12, "B"))]
        connection.insert_rows("journey_events", ["profile_id", "seq", "name", "at", "received_at", "properties"], events)
    with database.reading() as connection:
        early, late = shared_ways(connection, SOURCE, 20), shared_ways(connection, SOURCE)

    heard = {"heard:A": 2, "heard:B": 1, "timeout": 1}
    assert {1: {"ear": {"on": heard}}} == early
    assert {1: {"ear": {"on": heard}, "on": {"last": {"branch:0": 2, "branch:1": 3}}}} == late
    assert {"ear": {"on": {"heard:A": 4, "heard:B": 2, "timeout": 2}}} == add_ways([early[1], early[1]])
