"""`relance audience`: ad audiences, as steps of journeys keep them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from relance.store import Connection

audience = App(name="audience", help="Ad audiences, as steps of journeys keep them.", result_action="return_value")
MOST_SHOWN = 1_000_000


@audience.command
def show(
    audience_id: str = "",
    /,
    *,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Show all ad audiences with the number of their members, or who is in one, and since when.

    Exit: 0 done; 2 there is no such audience, or the store can not be read.

    Args:
        audience_id: the id of one audience.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.audiences.members import read_audience, read_audiences, read_members
    from relance.cli.output import tell
    from relance.cli.stores import in_store

    def look(connection: Connection, _now: int) -> int:
        if not audience_id:
            found = read_audiences(connection)
            lines = [f"{one['id']}  {one['members']}  last changed {one['last_change_at']}" for one in found]
            tell({"audiences": found}, "\n".join(lines) or "no step has added anybody to an audience", as_json=json)
            return 0
        one, people = read_audience(connection, audience_id), read_members(connection, audience_id, limit=MOST_SHOWN)
        lines = [f"{person['user_id']}  {person['since']}" for person in people]
        tell({**one, "people": people}, "\n".join(lines) or f"nobody is in {audience_id}", as_json=json)
        return 0

    return in_store(look, data=data, store=store, as_json=json)


@audience.command
def changes(
    audience_id: str,
    /,
    *,
    after: int = 0,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Show how people came into an ad audience and went out of it, the oldest first.

    Exit: 0 done; 2 there is no such audience, or the store can not be read.

    Args:
        audience_id: the id of the audience.
        after: the number of a change: only those behind it.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.audiences.members import read_audience, read_changes
    from relance.cli.output import tell
    from relance.cli.stores import in_store

    def look(connection: Connection, _now: int) -> int:
        read_audience(connection, audience_id)
        found = read_changes(connection, audience_id, limit=MOST_SHOWN, after=after)
        lines = [f"{c['change']}  {c['at']}  {c['action']}  {c['user_id']}  {c['source']} {c['step']}" for c in found]
        tell({"changes": found}, "\n".join(lines) or "no change", as_json=json)
        return 0

    return in_store(look, data=data, store=store, as_json=json)
