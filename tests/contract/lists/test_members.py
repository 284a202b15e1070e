"""Lists on both stores: who is on them, since when, and what became of the ids somebody gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.clock import format_instant
from relance.errors import Conflict, InvalidInput, NotFound
from relance.lists.members import (
    ListChange,
    add_members,
    create_list,
    delete_list,
    read_list,
    read_lists,
    read_members,
    remove_members,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Connection, Database

HOUR = 3_600_000_000


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Ana, who came as anon; Bob; the list `beta`."""
    with database.writing() as connection:
        connection.insert_rows(
            "profiles",
            ["profile_id", "user_id", "known", "created_at", "updated_at", "traits", "merged_into"],
            [(1, "anon", 0, 0, 0, "{}", 2), (2, "ana", 1, 0, 0, "{}", None), (3, "bob", 1, 0, 0, "{}", None)],
        )
        aliases = [("anon", 1, 1), ("ana", 2, 2), ("bob", 3, 3)]
        connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], aliases)
        create_list(connection, "beta", "Beta testers", now=0)
        yield connection


def people(connection: Connection, list_id: str = "beta") -> list[tuple[str, str]]:
    return [(p["user_id"], p["since"]) for p in read_members(connection, list_id, limit=100)]


def test_unknown_ids_are_told(connection: Connection) -> None:
    done = add_members(connection, "beta", ["bob", "nobody", "anon", "ana", "nobody", "bob"], now=HOUR)

    assert ListChange(2, 0, ("nobody",)) == done
    assert [("ana", format_instant(HOUR)), ("bob", format_instant(HOUR))] == people(connection)


def test_who_is_on_it_already_stays_since_then(connection: Connection) -> None:
    add_members(connection, "beta", ["ana"], now=HOUR)

    assert ListChange(1, 1, ()) == add_members(connection, "beta", ["ana", "bob"], now=2 * HOUR)
    assert [("ana", format_instant(HOUR)), ("bob", format_instant(2 * HOUR))] == people(connection)


def test_who_left_may_come_back_at_the_same_instant(connection: Connection) -> None:
    add_members(connection, "beta", ["ana", "bob"], now=HOUR)

    assert ListChange(1, 0, ("nobody",)) == remove_members(connection, "beta", ["ana", "nobody"], now=HOUR)
    assert ["bob"] == [user for user, _ in people(connection)]
    assert ListChange(0, 1, ()) == remove_members(connection, "beta", ["ana"], now=HOUR)
    assert ListChange(1, 0, ()) == add_members(connection, "beta", ["ana"], now=HOUR)
    assert ["ana", "bob"] == [user for user, _ in people(connection)]


def test_lists_and_their_sizes(connection: Connection) -> None:
    create_list(connection, "alpha", "", now=HOUR)
    add_members(connection, "beta", ["ana", "bob"], now=HOUR)
    remove_members(connection, "beta", ["ana"], now=2 * HOUR)

    assert [("alpha", "alpha", 0), ("beta", "Beta testers", 1)] == [
        (found["id"], found["name"], found["members"]) for found in read_lists(connection)
    ]
    assert 1 == read_list(connection, "beta")["members"]


def test_pages(connection: Connection) -> None:
    add_members(connection, "beta", ["ana", "bob"], now=HOUR)

    first = read_members(connection, "beta", limit=1)
    rest = read_members(connection, "beta", limit=1, after=first[-1]["user_id"])

    assert ["ana", "bob"] == [found["user_id"] for found in [*first, *rest]]


def test_a_list_that_is_taken_away_has_nobody(connection: Connection) -> None:
    add_members(connection, "beta", ["ana"], now=HOUR)

    assert 1 == delete_list(connection, "beta", now=2 * HOUR)
    assert [] == read_lists(connection)
    create_list(connection, "beta", "", now=2 * HOUR)
    assert [] == people(connection)


def test_what_can_not_be(connection: Connection) -> None:
    with pytest.raises(Conflict, match="already"):
        create_list(connection, "beta", "", now=0)
    with pytest.raises(InvalidInput, match="1 to 64"):
        create_list(connection, "Beta testers", "", now=0)
    for refused in (add_members, remove_members):
        with pytest.raises(NotFound, match="no list 'gamma'"):
            refused(connection, "gamma", ["ana"], now=0)
    with pytest.raises(NotFound):
        read_members(connection, "gamma", limit=1)
    with pytest.raises(NotFound):
        delete_list(connection, "gamma", now=0)
