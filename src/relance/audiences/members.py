"""Who is in ad audiences, and how they came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import FAR_FUTURE, format_instant
from relance.errors import NotFound
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection

_sql = load_queries("relance.audiences")


class AudienceOfPerson(TypedDict):
    """An audience that somebody is in."""

    audience: str
    since: str


def read_audiences(connection: Connection) -> list[dict[str, Any]]:
    """Every audience that a step has ever changed: its `members`, how many were `added` and `removed`, and the last change."""
    return [_as_json(row) for row in connection.rows(_sql["all_audiences"], {"audience": ""})]


def read_audience(connection: Connection, audience: str) -> dict[str, Any]:
    """One audience, and the steps that changed it.

    Raises:
        NotFound: no step has changed one of that name.
    """
    rows = connection.rows(_sql["all_audiences"], {"audience": audience})
    if not rows:
        msg = f"there is no audience {audience!r}: it comes to be with the first person whom a step of the type `audience` adds"
        raise NotFound(msg)
    steps = connection.rows(_sql["steps_of_audience"], {"audience": audience})
    return {
        **_as_json(rows[0]),
        "steps": [
            {"source": source, "step": step, "added": added, "removed": removed} for source, step, added, removed in steps
        ],
    }


def read_members(connection: Connection, audience: str, *, limit: int, after: str = "") -> list[dict[str, Any]]:
    """Who is in an audience, and since when, in the order of their ids; those behind `after`."""
    rows = connection.rows(_sql["members"], {"audience": audience, "after": after, "limit": limit})
    return [{"user_id": user_id, "since": format_instant(at)} for user_id, at in rows]


def read_changes(connection: Connection, audience: str, *, limit: int, after: int = 0) -> list[dict[str, Any]]:
    """How people came and went, in the order it happened to each of them; the changes behind `after`.

    Of somebody who was erased their going alone is told, with the SHA-256 of the id that was told before: `erased_id`.
    """
    rows = connection.rows(_sql["changes"], {"audience": audience, "after": after, "limit": limit})
    return [
        {
            "change": str(number),
            "at": format_instant(at),
            "user_id": user_id,
            "action": "add" if member else "remove",
            "source": source,
            "step": step,
            **({"erased_id": erased_id} if erased_id else {}),
        }
        for number, at, user_id, member, source, step, erased_id in rows
    ]


def read_audiences_of(connection: Connection, profile_id: int) -> list[AudienceOfPerson]:
    """In which audiences somebody is, and since when."""
    rows = connection.rows(_sql["audiences_of"], {"profile_id": profile_id})
    return [{"audience": audience, "since": format_instant(at)} for audience, at in rows]


def count_by_step(connection: Connection, source: str, until: int | None = None) -> list[dict[str, Any]]:
    """How many people each step of a journey added to an audience, and took out of it, up to an instant."""
    of = {"source": source, "until": FAR_FUTURE if until is None else until}
    rows = connection.rows(_sql["count_by_step"], of)
    return [{"step": step, "audience": audience, "added": added, "removed": removed} for step, audience, added, removed in rows]


def _as_json(row: tuple[Any, ...]) -> dict[str, Any]:
    audience, members, added, removed, last_at = row
    return {
        "id": audience,
        "members": members or 0,
        "added": added,
        "removed": removed,
        "last_change_at": format_instant(last_at),
    }
