"""Users: made, changed, removed, and read. Each in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.errors import Conflict, NotFound
from relance.store import load_queries
from relance.users.model import parse_email, parse_role

if TYPE_CHECKING:
    from relance.store import Connection

SQL = load_queries("relance.users")
LONGEST_NAME = 200


def has_users(connection: Connection) -> bool:
    """Whether anybody can sign in."""
    return connection.row(SQL["any_user"]) is not None


def add_user(connection: Connection, email: str, name: str, role: str, *, now: int) -> int:
    """Make a user, who has no password yet, and answer their number. Effects: writes `users`.

    Raises:
        InvalidInput: the address or the role can not be.
        Conflict: somebody has this address.
    """
    values = {"email": parse_email(email), "name": name.strip()[:LONGEST_NAME], "role": parse_role(role), "now": now}
    made = connection.rows(SQL["add_user"], values)
    if not made:
        msg = f"there is a user {values['email']} already"
        raise Conflict(msg)
    return int(made[0][0])


def change_user(connection: Connection, user_id: int, *, name: str | None = None, role: str | None = None) -> dict[str, Any]:
    """Give a user another name or role, and answer them.

    Raises:
        NotFound: there is no such user.
        Conflict: nobody would be left who may do everything.
    """
    found = read_user(connection, user_id)
    wanted = parse_role(role) if role is not None else found["role"]
    if found["role"] == "admin" and wanted != "admin":
        _require_other_admin(connection, user_id)
    told = found["name"] if name is None else name.strip()[:LONGEST_NAME]
    connection.execute(SQL["update_user"], {"user_id": user_id, "name": told, "role": wanted})
    return read_user(connection, user_id)


def remove_user(connection: Connection, user_id: int, *, now: int) -> dict[str, Any]:
    """Remove a user, their sessions and links, and answer who it was.

    Raises:
        NotFound: there is no such user.
        Conflict: nobody would be left who may do everything.
    """
    found = read_user(connection, user_id)
    if found["role"] == "admin":
        _require_other_admin(connection, user_id)
    connection.execute(SQL["drop_links"], {"user_id": user_id, "now": now})
    connection.execute(SQL["end_sessions"], {"user_id": user_id, "kept": 0})
    connection.execute(SQL["remove_user"], {"user_id": user_id})
    return found


def _require_other_admin(connection: Connection, user_id: int) -> None:
    if not connection.value(SQL["other_admins"], {"user_id": user_id}):
        msg = "this is the only user with the role admin: give the role to somebody else first"
        raise Conflict(msg)


def read_user(connection: Connection, user_id: int) -> dict[str, Any]:
    """One user, as the HTTP interface shows them.

    Raises:
        NotFound: there is no such user.
    """
    row = connection.row(SQL["user"], {"user_id": user_id})
    if row is None:
        msg = f"there is no user {user_id}"
        raise NotFound(msg)
    return _shown(row)


def find_user(connection: Connection, email: str) -> int:
    """The number of the user with an address.

    Raises:
        NotFound: there is none.
    """
    row = connection.row(SQL["user_by_email"], {"email": email.strip().lower()})
    if row is None:
        msg = f"there is no user {email}"
        raise NotFound(msg)
    return int(row[0])


def list_users(connection: Connection) -> list[dict[str, Any]]:
    """All users, by their address."""
    return [_shown(row) for row in connection.rows(SQL["users"])]


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    user_id, email, name, role, has_password, created_at, signed_in_at = row
    return {
        "id": user_id,
        "email": email,
        "name": name,
        "role": role,
        "has_password": bool(has_password),
        "created_at": format_instant(created_at),
        "signed_in_at": format_instant(signed_in_at),
    }
