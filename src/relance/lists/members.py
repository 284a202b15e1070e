"""Make lists, put people on them and take them off, and read them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.clock import format_instant
from relance.errors import Conflict, InvalidInput, NotFound
from relance.ids import DEFINITION_ID
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.store import Connection

_sql = load_queries("relance.lists")


@dataclass(frozen=True, slots=True)
class ListChange:
    """What became of the ids somebody gave."""

    changed: int  # people who were put on the list, or taken off it
    unchanged: int  # who were on it already, or not on it
    unknown: tuple[str, ...]  # ids that belong to nobody

    def as_json(self, verb: str) -> dict[str, Any]:
        return {verb: self.changed, "unchanged": self.unchanged, "unknown": list(self.unknown)}


def create_list(connection: Connection, list_id: str, name: str, *, now: int, by: str = "") -> None:
    """Make an empty list.

    Raises:
        InvalidInput: the id can not be one.
        Conflict: there is such a list.
    """
    if not DEFINITION_ID.fullmatch(list_id):
        msg = f"{list_id!r} can not be the id of a list: write 1 to 64 of a-z, 0-9 and `-`"
        raise InvalidInput(msg, problems=[msg])
    if connection.value("SELECT 1 FROM lists WHERE list_id = :list_id", {"list_id": list_id}):
        msg = f"there is a list {list_id!r} already"
        raise Conflict(msg)
    connection.execute(
        "INSERT INTO lists (list_id, name, created_at) VALUES (:list_id, :name, :now)",
        {"list_id": list_id, "name": name or list_id, "now": now},
    )
    record(connection, now, [Entry(by, "create", "list", list_id)])


def delete_list(connection: Connection, list_id: str, *, now: int, by: str = "") -> int:
    """Take everybody off a list, then the list itself away; answer how many were on it. What was, stays known."""
    _require(connection, list_id)
    people = [p for (p,) in connection.rows(_sql["everybody"], {"list_id": list_id})]
    gone, _ = _change(connection, list_id, people, member=False, now=now)
    connection.execute("DELETE FROM lists WHERE list_id = :list_id", {"list_id": list_id})
    record(connection, now, [Entry(by, "delete", "list", list_id, None, {"members": gone})])
    return gone


def add_members(connection: Connection, list_id: str, user_ids: Iterable[str], *, now: int, by: str = "") -> ListChange:
    """Put people on a list. Ids that belong to nobody are told and change nothing."""
    return _change_by_ids(connection, list_id, user_ids, member=True, now=now, by=by)


def remove_members(connection: Connection, list_id: str, user_ids: Iterable[str], *, now: int, by: str = "") -> ListChange:
    """Take people off a list."""
    return _change_by_ids(connection, list_id, user_ids, member=False, now=now, by=by)


def read_lists(connection: Connection) -> list[dict[str, Any]]:
    """Every list, with the number of its members."""
    return [_as_json(row) for row in connection.rows(_sql["all_lists"], {"list_id": ""})]


def read_list(connection: Connection, list_id: str) -> dict[str, Any]:
    """One list.

    Raises:
        NotFound: there is none.
    """
    _require(connection, list_id)
    return _as_json(connection.rows(_sql["all_lists"], {"list_id": list_id})[0])


def read_members(connection: Connection, list_id: str, *, limit: int, after: str = "") -> list[dict[str, Any]]:
    """Who is on a list, and since when, in the order of their ids; those behind `after`."""
    _require(connection, list_id)
    rows = connection.rows(_sql["members"], {"list_id": list_id, "after": after, "limit": limit})
    return [{"user_id": user_id, "since": format_instant(at)} for user_id, at in rows]


def find_owners(connection: Connection, user_ids: Sequence[str]) -> dict[str, int]:
    """The profiles that ids (userIds or anonymousIds) belong to now; ids that belong to nobody are not there."""
    owners: dict[str, int] = {}
    into: dict[int, int] = {}
    for alias, profile_id, merged_into in connection.rows_in(_sql["owners"], user_ids) if user_ids else ():
        owners[alias] = profile_id
        if merged_into is not None:
            into[profile_id] = merged_into
    asked: set[int] = set()
    while wanted := set(into.values()) - into.keys() - asked:
        asked |= wanted
        into |= {p: kept for p, kept in connection.rows_in(_sql["kept"], sorted(wanted)) if kept is not None}

    def root(profile_id: int) -> int:
        while profile_id in into:
            profile_id = into[profile_id]
        return profile_id

    return {alias: root(profile_id) for alias, profile_id in owners.items()}


def _change_by_ids(
    connection: Connection, list_id: str, user_ids: Iterable[str], *, member: bool, now: int, by: str
) -> ListChange:
    _require(connection, list_id)
    wanted = list(dict.fromkeys(user_ids))
    owners = find_owners(connection, wanted)
    changed, unchanged = _change(connection, list_id, sorted(set(owners.values())), member=member, now=now)
    if changed:
        record(connection, now, [Entry(by, "add" if member else "remove", "list", list_id, None, {"people": changed})])
    return ListChange(changed, unchanged, tuple(name for name in wanted if name not in owners))


def _change(connection: Connection, list_id: str, people: Sequence[int], *, member: bool, now: int) -> tuple[int, int]:
    """Write what changes, each later than the person's change before it. Answers how many did, and how many did not."""
    found = connection.rows_in(_sql["last_changes"], people, {"list_id": list_id}) if people else ()
    last = {profile_id: (bool(was), at) for profile_id, was, at in found}
    rows = [
        (list_id, profile_id, int(member), max(now, last[profile_id][1] + 1 if profile_id in last else now))
        for profile_id in people
        if last.get(profile_id, (False, 0))[0] is not member
    ]
    if rows:
        connection.insert_rows("list_changes", ["list_id", "profile_id", "member", "at"], rows)
    return len(rows), len(people) - len(rows)


def _require(connection: Connection, list_id: str) -> None:
    if not connection.value("SELECT 1 FROM lists WHERE list_id = :list_id", {"list_id": list_id}):
        msg = f"there is no list {list_id!r}"
        raise NotFound(msg)


def _as_json(row: Sequence[Any]) -> dict[str, Any]:
    list_id, name, created_at, members = row
    return {"id": list_id, "name": name, "members": members, "created_at": format_instant(created_at)}
