"""Somebody asks that a person be erased; and what became of that."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from relance.audit import Entry, record
from relance.clock import format_instant
from relance.consent.returned import SECRET, read_secret
from relance.errors import NotFound
from relance.ids import mask
from relance.profiles.read import find_profile
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store import Connection

_sql = load_queries("relance.erasure")

LAST_ERASURE = 1 << 62


class ErasureTold(TypedDict):
    """What became of a wish."""

    erasure_id: str
    asked_at: str
    asked_by: str
    suppress: bool
    state: Literal["waiting", "applied", "done"]
    erased_at: str | None
    done_at: str | None
    calls: int
    refused: int
    people: int  # one, but for made people who are erased together


def ask(connection: Connection, user_id: str, *, now: int, actor: str, suppress: bool = False) -> ErasureTold:
    """Ask that a person be erased, with everything of those who became part of them.

    From the commit of the caller's transaction on nothing that waits for them is handed to a provider. The engine does the
    rest when it has applied what was received before. Asked twice, it is done once.

    Args:
        connection: for writing.
        user_id: any of their ids.
        now: microseconds.
        actor: who asks.
        suppress: whether later calls of their ids are refused.

    Raises:
        NotFound: nobody has this id.

    Effects: adds to `erasures` and the audit, which names no one; blocks `messages`.
    """
    connection.execute(_sql["next_revision"])
    profile_id = find_profile(connection, user_id)
    connection.execute(_sql["keep_secret"], {"name": SECRET, "value": secrets.token_hex(32)})
    erasure_id = connection.value(_sql["open_of"], {"profile_id": profile_id})
    if erasure_id is None:
        of = {"profile_id": profile_id, "at": now, "actor": actor, "suppress": int(suppress)}
        erasure_id = connection.rows(_sql["add"], of)[0][0]
        record(connection, now, [Entry(actor, "erase", "profile", str(erasure_id), None, {"suppress": suppress})])
        connection.execute(_sql["block_messages"], {"profile_id": profile_id, "at": now})
    elif suppress:
        connection.execute(_sql["suppress_open"], {"erasure_id": erasure_id})
    return read_erasure(connection, int(erasure_id))


def ask_for_made(connection: Connection, profile_ids: Sequence[int], *, now: int, actor: str) -> int:
    """Ask that people who were made up be erased, all in one act; answers the number of the wish.

    Nothing is kept of them: no mask of an id or of an address, for nobody is protected by it.

    Args:
        connection: for writing.
        profile_ids: who they are; at least one.
        now: microseconds.
        actor: who asks.

    Effects: as those of `ask`.
    """
    connection.execute(_sql["next_revision"])
    connection.execute(_sql["keep_secret"], {"name": SECRET, "value": secrets.token_hex(32)})
    of = {"at": now, "actor": actor, "people": len(profile_ids)}
    erasure_id = int(connection.rows(_sql["add_many"], of)[0][0])
    connection.execute_many(_sql["add_person"], [(erasure_id, profile_id) for profile_id in sorted(profile_ids)])
    connection.execute(_sql["block_of_many"], {"erasure_id": erasure_id, "at": now})
    record(connection, now, [Entry(actor, "erase", "profile", str(erasure_id), None, {"people": len(profile_ids)})])
    return erasure_id


def read_erasure(connection: Connection, erasure_id: int) -> ErasureTold:
    """What became of a wish.

    Raises:
        NotFound: there is none of that number.
    """
    row = connection.row(_sql["one"], {"erasure_id": erasure_id})
    if row is None:
        msg = f"there is no erasure {erasure_id}"
        raise NotFound(msg)
    return _as_json(row)


def list_erasures(connection: Connection, *, limit: int, before: int = LAST_ERASURE, user_id: str = "") -> list[ErasureTold]:
    """The last wishes; or, with an id, those by which it was erased."""
    if user_id:
        secret = read_secret(connection)
        rows = connection.rows(_sql["of_mask"], {"mask": mask(secret, "id", user_id)}) if secret else []
        return [_as_json(row) for row in rows[:limit]]
    return [_as_json(row) for row in connection.rows(_sql["list"], {"before": before, "limit": limit})]


def _as_json(row: tuple[Any, ...]) -> ErasureTold:
    erasure_id, at, actor, suppress, state, applied_at, done_at, calls, refused, people = row
    return {
        "erasure_id": str(erasure_id),
        "asked_at": format_instant(at),
        "asked_by": actor,
        "suppress": bool(suppress),
        "state": state,
        "erased_at": format_instant(applied_at),
        "done_at": format_instant(done_at),
        "calls": calls,
        "refused": refused,
        "people": people,
    }
