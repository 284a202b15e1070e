"""Links that let somebody in once: the first admin, whoever is to choose a password, the visitor of the demo.

The token stands behind the `#` of the address, so that it comes into no log of a server or a proxy. Its SHA-256 alone is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relance.clock import DAY
from relance.ids import make_secret
from relance.ingest.keys import hash_key
from relance.users.accounts import SQL
from relance.users.model import Link, UnknownLink

if TYPE_CHECKING:
    from relance.store import Connection

Purpose = Literal["start", "password", "enter"]
PATH = "/welcome"
LASTS = 3 * DAY
NOBODY = 0  # for whom the first admin's link is: they are no user yet


def make_link(connection: Connection, purpose: Purpose, user_id: int, *, now: int) -> str:
    """Make a link in place of the user's earlier ones, and answer its token: this is the only time that it is seen."""
    token = make_secret("in")
    connection.execute(SQL["drop_links"], {"user_id": user_id, "now": now})
    values = {"token_hash": hash_key(token), "purpose": purpose, "user_id": user_id, "now": now, "expires_at": now + LASTS}
    connection.execute(SQL["add_link"], values)
    return token


def address_of(token: str, base_url: str) -> str:
    """What somebody opens."""
    return f"{base_url.rstrip('/')}{PATH}#{token}"


def read_link(connection: Connection, token: str, *, now: int) -> Link:
    """What a link is for.

    Raises:
        UnknownLink: it was used, has expired, or never was.
    """
    row = connection.row(SQL["link"], {"token_hash": hash_key(token), "now": now})
    if row is None:
        raise UnknownLink
    _, purpose, user_id, email, name = row
    return Link(purpose, user_id, email or "", name or "")


def spend_link(connection: Connection, link: Link, *, now: int) -> None:
    """The link opens nothing any more."""
    connection.execute(SQL["drop_links"], {"user_id": link.user_id, "now": now})
