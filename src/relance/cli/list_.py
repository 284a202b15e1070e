"""`relance list`: lists of people, kept by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.lists.members import ListChange
    from relance.store import Connection

list_ = App(name="list", help="Lists of people, kept by hand.", result_action="return_value")
MOST_SHOWN = 1_000_000


@list_.command
def create(
    list_id: str,
    /,
    *,
    name: str = "",
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Make an empty list.

    Exit: 0 done; 2 there is such a list, the id can not be one, or the store can not be written.

    Args:
        list_id: the id of the list: 1 to 64 of a-z, 0-9 and `-`.
        name: what people call it. Default: its id.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.stores import in_store
    from relance.lists.members import create_list, read_list

    def make(connection: Connection, now: int) -> int:
        create_list(connection, list_id, name, now=now, by="cli")
        tell(read_list(connection, list_id), f"made the list {list_id}", as_json=json)
        return 0

    return in_store(make, data=data, store=store, as_json=json)


@list_.command
def add(
    list_id: str,
    /,
    *users: str,
    file: Path | None = None,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Put people on a list. Ids that belong to nobody are told.

    Exit: 0 done; 1 done, but some ids belong to nobody; 2 there is no such list, or nobody is named.

    Args:
        list_id: the id of the list.
        users: user ids, or anonymous ids.
        file: a file of ids, one on a line, or a CSV with a column `user_id`. `-` is standard input.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.lists.members import add_members

    return _change("added", add_members, list_id, users, file, data=data, store=store, as_json=json)


@list_.command
def remove(
    list_id: str,
    /,
    *users: str,
    file: Path | None = None,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Take people off a list. Ids that belong to nobody are told.

    Exit: 0 done; 1 done, but some ids belong to nobody; 2 there is no such list, or nobody is named.

    Args:
        list_id: the id of the list.
        users: user ids, or anonymous ids.
        file: a file of ids, one on a line, or a CSV with a column `user_id`. `-` is standard input.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.lists.members import remove_members

    return _change("removed", remove_members, list_id, users, file, data=data, store=store, as_json=json)


@list_.command
def show(
    list_id: str = "",
    /,
    *,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Show all lists with the number of their members, or who is on one, and since when.

    Exit: 0 done; 2 there is no such list, or the store can not be read.

    Args:
        list_id: the id of one list.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.stores import in_store
    from relance.lists.members import read_list, read_lists, read_members

    def look(connection: Connection, _now: int) -> int:
        if not list_id:
            found = read_lists(connection)
            lines = [f"{one['id']}  {one['members']}  {one['name']}" for one in found]
            tell({"lists": found}, "\n".join(lines) or "there are no lists", as_json=json)
            return 0
        one, people = read_list(connection, list_id), read_members(connection, list_id, limit=MOST_SHOWN)
        lines = [f"{person['user_id']}  {person['since']}" for person in people]
        tell({**one, "people": people}, "\n".join(lines) or f"nobody is on {list_id}", as_json=json)
        return 0

    return in_store(look, data=data, store=store, as_json=json)


@list_.command
def delete(
    list_id: str,
    /,
    *,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Take everybody off a list, then take it away.

    Exit: 0 done; 2 there is no such list, a definition names it, or the store can not be written.

    Args:
        list_id: the id of the list.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.stores import in_store
    from relance.definitions.lists import require_unused
    from relance.lists.members import delete_list

    def drop(connection: Connection, now: int) -> int:
        require_unused(connection, list_id)
        gone = delete_list(connection, list_id, now=now, by="cli")
        tell({"id": list_id, "removed": gone}, f"took {gone} off the list {list_id}, and the list away", as_json=json)
        return 0

    return in_store(drop, data=data, store=store, as_json=json)


def _change(
    verb: str,
    change: Callable[..., ListChange],
    list_id: str,
    users: Sequence[str],
    file: Path | None,
    *,
    as_json: bool,
    **where: Any,
) -> int:
    from relance.cli.output import fail, tell
    from relance.cli.stores import in_store
    from relance.lists.read_ids import read_ids

    try:
        ids = [*users, *(read_ids(_read(file)) if file else ())]
    except (OSError, UnicodeDecodeError) as e:
        return fail([f"{file} can not be read: {e}"], as_json=as_json)
    if not ids:
        return fail(["name people by their ids, or give a file with --file"], as_json=as_json)

    def make(connection: Connection, now: int) -> int:
        done = change(connection, list_id, ids, now=now, by="cli")
        lines = [f"{done.changed} {verb}, {done.unchanged} unchanged, {len(done.unknown)} unknown"]
        lines += [f"  unknown: {name}" for name in done.unknown]
        tell(done.as_json(verb), "\n".join(lines), as_json=as_json)
        return 1 if done.unknown else 0

    return in_store(make, **where, as_json=as_json)


def _read(file: Path) -> str:
    import sys

    return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
