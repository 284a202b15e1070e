"""Publishing definitions and reading them back, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.definitions.document import Document
from relance.definitions.store import apply, load_revision, load_versions, load_workspace, plan
from relance.definitions.workspace import Workspace

if TYPE_CHECKING:
    from relance.store import Connection, Database

SEGMENT = {"kind": "segment", "id": "vip", "where": {"type": "trait", "path": "vip", "op": "is_true"}}
JOURNEY = {"kind": "journey", "id": "hello", "entry": {"type": "api"}, "start": "done", "steps": {"done": {"type": "end"}}}
CAMPAIGN = {"kind": "campaign", "id": "spring", "message": {"channel": "sms", "template": "t"}, "schedule": {"api": True}}
SETTINGS = {"kind": "settings", "timezone": "Europe/Paris", "lateness": "1m"}


def documents(*bodies: dict[str, Any]) -> list[Document]:
    return [Document(body) for body in bodies]


def versions(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.rows("SELECT version_id, source, version, state, published_at FROM journey_versions ORDER BY 1")


def test_an_empty_store_is_an_empty_workspace(database: Database) -> None:
    with database.reading() as connection:
        assert load_workspace(connection) == Workspace()


def test_what_is_published_is_read_back(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, documents(SETTINGS, SEGMENT, JOURNEY, CAMPAIGN), 1_000)

    with database.reading() as connection:
        workspace = load_workspace(connection)
        frozen = versions(connection)

    assert workspace.settings.timezone == "Europe/Paris"
    assert workspace.settings.lateness == 60_000_000
    assert workspace.segments == {"vip": SEGMENT["where"]}
    assert workspace.journeys == {"hello": JOURNEY}
    assert workspace.campaigns == {"spring": CAMPAIGN}
    assert frozen == [(1, "journey:hello", 1, "published", 1_000), (2, "campaign:spring", 1, "published", 1_000)]


def test_only_what_changed_gets_a_new_version(database: Database) -> None:
    reordered = dict(reversed(SEGMENT.items()))
    with database.writing() as connection:
        apply(connection, documents(SEGMENT, JOURNEY), 1_000, by="ann")
    with database.writing() as connection:
        changes = apply(connection, documents(reordered, JOURNEY | {"reentry": "once"}, CAMPAIGN), 2_000, by="bob")

    with database.reading() as connection:
        history = load_versions(connection, "journey", "hello")
        frozen = versions(connection)

    assert [(c.id, c.action, c.version) for c in changes] == [
        ("vip", "unchanged", 1),
        ("hello", "changed", 2),
        ("spring", "created", 1),
    ]
    assert [(v.version, v.state, v.created_at, v.created_by) for v in history] == [
        (2, "current", 2_000, "bob"),
        (1, "superseded", 1_000, "ann"),
    ]
    assert frozen == [
        (1, "journey:hello", 1, "published", 1_000),
        (2, "journey:hello", 2, "published", 2_000),
        (3, "campaign:spring", 1, "published", 2_000),
    ]


def test_the_order_of_channels_is_part_of_what_is_said(database: Database) -> None:
    def campaign(channels: dict[str, str]) -> dict[str, Any]:
        return {**CAMPAIGN, "message": {"channels": channels, "strategy": "first_reachable"}}

    with database.writing() as connection:
        apply(connection, documents(campaign({"sms": "a", "push": "b"})), 1_000)
        changes = plan(connection, documents(campaign({"push": "b", "sms": "a"})))

    assert [c.action for c in changes] == ["changed"]


def test_a_plan_tells_how_many_people_stay_on_their_version_and_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, documents(JOURNEY), 1_000)
        connection.execute(
            "INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, entered_at, mark_at, mark_seq)"
            " VALUES (1, 1, 'journey:hello', 7, '', 0, 5, 5, 5), (2, 1, 'journey:hello', 8, '', 1, 5, 5, 5)"
        )

    with database.reading() as connection:
        changes = plan(connection, documents(JOURNEY | {"lifetime": "2d"}, SEGMENT))
        frozen = versions(connection)

    assert [(c.id, c.action, c.version, c.people_inside) for c in changes] == [
        ("hello", "changed", 2, 1),
        ("vip", "created", 1, 0),
    ]
    assert [row[0] for row in frozen] == [1]


def test_a_paused_journey_stays_paused_when_it_is_published_anew(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, documents(JOURNEY), 1_000)
        connection.execute("UPDATE journey_versions SET state = 'paused'")
        apply(connection, documents(JOURNEY | {"lifetime": "2d"}), 2_000)

    with database.reading() as connection:
        assert [row[3] for row in versions(connection)] == ["paused", "paused"]


def test_all_or_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as connection:
        apply(connection, documents(SEGMENT, {"kind": "segment"}), 1_000)

    with database.reading() as connection:
        assert load_workspace(connection).segments == {}
        assert load_revision(connection) == 0


def test_the_revision_counts_publications(database: Database) -> None:
    with database.writing() as connection:
        apply(connection, documents(SEGMENT), 1_000)
    with database.writing() as connection:
        apply(connection, documents(SEGMENT), 2_000)

    with database.reading() as connection:
        assert load_revision(connection) == 2


def test_any_text_comes_back_as_it_was(database: Database) -> None:
    body = {"kind": "template", "id": "t", "channel": "sms", "status": "ready", "body": "'; -- :now %s ? 🛒 \u2028 \\ \" é"}
    with database.writing() as connection:
        apply(connection, documents(body), 1_000)

    with database.reading() as connection:
        assert load_workspace(connection).templates["t"].body == body
