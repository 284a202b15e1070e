"""What an installation knows of definitions: told as warnings, and not before there is anything to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions.load import load_values
from relance.definitions.publish import publish
from relance.lists.members import add_members, create_list

if TYPE_CHECKING:
    from relance.store import Connection, Database

NOW = 1_772_445_600_000_000
TEMPLATE = {"kind": "template", "id": "t", "channel": "sms", "status": "ready", "body": "x"}
JOURNEY: dict[str, Any] = {
    "kind": "journey", "id": "j", "entry": {"type": "event", "event": "Cart Abandonned"}, "exit_on": [{"event": "Done"}], "start": "m",
    "steps": {
        "m": {"type": "message", "channel": "sms", "template": "t", "next": "k"},
        "k": {"type": "track", "event": "Told", "next": "l"},
        "l": {
            "type": "listen",
            "for": [{"event": "Told", "next": "b"}, {"event": "SMS Replied", "message": "m", "next": "b"}], "timeout": "1d", "on_timeout": "b",
        },
        "b": {
            "type": "branch",
            "when": [{"where": {"type": "did", "event": "Never Asked"}, "next": "end"}, {"where": {"type": "in_list", "list": "beta"}}],
            "otherwise": "end",
        },
    },
}  # fmt: skip
OTHER: dict[str, Any] = {
    "kind": "journey", "id": "other", "entry": {"type": "segment", "segment": "s", "schedule": {"every": "day", "at": "09:00"}}, "start": "g",
    "steps": {"g": {"type": "start_journey", "journey": "j"}},
}  # fmt: skip
SEGMENT = {"kind": "segment", "id": "s", "where": {"type": "did", "event": "X"}}
CODES = {"event_never_seen", "address_nobody_has", "empty_list", "empty_segment", "archived_journey", "made_people"}


def told(connection: Connection, *bodies: dict[str, Any], sizes: dict[str, int] | None = None) -> list[tuple[str, str]]:
    found = publish(connection, load_values(list(bodies)), NOW, dry=True, sizes=None if sizes is None else lambda: sizes)
    assert not found.refused
    return [(p.code, p.path) for p in found.problems if p.code in CODES]


def person(connection: Connection, profile_id: int, **addresses: Any) -> None:
    columns = {
        "profile_id": profile_id,
        "user_id": f"u{profile_id}",
        "known": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "traits": "{}",
        **addresses,
    }
    connection.insert_rows("profiles", list(columns), [list(columns.values())])
    connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], [[f"u{profile_id}", 0, profile_id]])


def test_an_empty_installation_knows_nothing_yet(database: Database) -> None:
    with database.writing() as connection:
        assert [] == told(connection, TEMPLATE, JOURNEY)


def test_what_is_known_is_told_and_goes_when_it_is_there(database: Database) -> None:
    with database.writing() as connection:
        columns = ["name", "n", "looked_at", "first_at", "last_at", "last_position"]
        connection.insert_rows("events_seen", columns, [["Cart Abandoned", 1, 1, NOW, NOW, 1]])
        person(connection, 1, email="a@example.com", email_valid=1)
        create_list(connection, "beta", "", now=NOW)

        assert [
            ("event_never_seen", "/entry/event"), ("event_never_seen", "/exit_on/0/event"), ("empty_list", "/steps/b/when/1/where/list"),
            ("address_nobody_has", "/steps/m/channel"),
        ] == told(connection, TEMPLATE, JOURNEY)  # fmt: skip
        problems = publish(connection, load_values([TEMPLATE, JOURNEY]), NOW, dry=True).problems
        assert any("did you mean `Cart Abandoned`?" in p.message for p in problems)

        connection.insert_rows("events_seen", columns, [[name, 1, 1, NOW, NOW, 1] for name in ("Cart Abandonned", "Done")])
        person(connection, 2, phone="+33600000000", phone_valid=1)
        add_members(connection, "beta", ["u1"], now=NOW)
        assert [] == told(connection, TEMPLATE, JOURNEY)


def test_empty_segments_and_archived_journeys(database: Database) -> None:
    with database.writing() as connection:
        publish(connection, load_values([TEMPLATE, JOURNEY]), NOW)
        assert [("empty_segment", "/entry/segment")] == told(connection, SEGMENT, OTHER, sizes={"s": 0})
        assert [] == told(connection, SEGMENT, OTHER, sizes={"s": 1})
        assert [] == told(connection, SEGMENT, OTHER)

        connection.insert_rows("archived_journeys", ["source", "at", "archived_by"], [["journey:j", NOW, "test"]])
        assert [("archived_journey", "/steps/g/journey")] == told(connection, SEGMENT, OTHER)
        assert [("archived_journey", "")] == told(connection, TEMPLATE, {**JOURNEY, "reentry": "once"})


def test_made_people_of_the_demo_are_told_of_before_anything_goes_out(database: Database) -> None:
    with database.writing() as connection:
        columns = ["id", "state", "asked_at", "asked_by"]
        connection.insert_rows("demo_data", columns, [[1, "loaded", NOW, "test"]])
        assert [("made_people", "")] == told(connection, TEMPLATE, JOURNEY)
        connection.execute("UPDATE demo_data SET state = 'removed'")
        assert [] == told(connection, TEMPLATE, JOURNEY)
