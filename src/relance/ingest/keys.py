"""Keys: a write key sends events for its source, an API key may what its scopes say.

Only the SHA-256 of a key is kept: a key has 192 random bits, so a slow hash would add nothing but time to each request.
A look-up is remembered for a few seconds; here, a revoked key ends at once (`KeyLookup.forget`), in another process after that.
"""

from __future__ import annotations

import hmac
import threading
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from relance.clock import format_instant
from relance.errors import InvalidInput, NotFound
from relance.ids import DEFINITION_ID, make_secret
from relance.ingest.scopes import ADMIN, SCOPES, allows
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relance.store import Connection, Database

_QUERIES = load_queries("relance.ingest")
REMEMBERED_SECONDS = 5.0
REMEMBERED_KEYS = 10_000
MAX_KEY_CHARACTERS = 200
HINT_CHARACTERS = 4

T = TypeVar("T")


class Source(msgspec.Struct, frozen=True):
    """Where events come from, as ingest needs it."""

    source: str
    trusted: bool
    correct_skew: bool


class ApiKey(msgspec.Struct, frozen=True):
    """Who asks, and what they may."""

    key_id: int
    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        return allows(self.scopes, scope)

    @property
    def actor(self) -> str:
        """How the audit names whoever has it: by its name, and its number, for names need not differ."""
        return f"key:{self.key_id}:{self.name}"


def hash_key(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class KeyLookup(Generic[T]):
    """Finds what a key opens, and remembers it for a few seconds."""

    def __init__(self, database: Database, sql: str, build: Callable[[tuple[Any, ...]], T]) -> None:
        """Args: `sql` asks for `:key_hash` and answers the hash, then what `build` makes of the row."""
        self._database, self._sql, self._build = database, sql, build
        self._remembered: dict[str, tuple[float, T | None]] = {}
        self._lock = threading.Lock()

    def recall(self, key: str) -> tuple[bool, T | None]:
        """Whether the key was asked for a moment ago, and what it opens. Never waits for the store."""
        found = self._remembered.get(key)
        if found is None or found[0] < time.monotonic():
            return False, None
        return True, found[1]

    def find(self, key: str) -> T | None:
        """What a key opens; None when it is unknown or revoked.

        Raises:
            StoreUnavailable: the store can not be asked; this does not mean that the key is wrong.
        """
        is_known, opened = self.recall(key)
        if is_known:
            return opened
        if not key or len(key) > MAX_KEY_CHARACTERS:
            return None
        key_hash = hash_key(key)
        with self._database.reading() as connection:
            row = connection.row(self._sql, {"key_hash": key_hash})
        opened = self._build(row[1:]) if row is not None and hmac.compare_digest(row[0], key_hash) else None
        with self._lock:
            if len(self._remembered) >= REMEMBERED_KEYS:
                self._remembered.clear()
            self._remembered[key] = (time.monotonic() + REMEMBERED_SECONDS, opened)
        return opened

    def forget(self) -> None:
        """Ask the store again for every key."""
        with self._lock:
            self._remembered.clear()


def make_lookup(database: Database) -> tuple[KeyLookup[Source], KeyLookup[ApiKey]]:
    """The look-ups for write keys and for API keys."""
    return (
        KeyLookup(database, _QUERIES["write_key"], lambda row: Source(row[0], bool(row[1]), bool(row[2]))),
        KeyLookup(database, _QUERIES["api_key"], lambda row: ApiKey(row[0], row[1], frozenset(row[2].split()))),
    )


def ensure_source(
    connection: Connection, source: str, *, name: str = "", trusted: bool = False, correct_skew: bool = True, now: int
) -> None:
    """Make a source unless it is there. Effects: writes `sources`.

    Raises:
        InvalidInput: the id is none.
    """
    if not DEFINITION_ID.fullmatch(source) or source == "relance":
        msg = f"{source!r} is no id of a source: 1 to 64 of a-z 0-9 - and not `relance`"
        raise InvalidInput(msg, problems=[msg], path="/source")
    values = {"source": source, "name": name or source, "trusted": int(trusted), "correct_skew": int(correct_skew), "now": now}
    connection.execute(_QUERIES["add_source"], values)


def create_write_key(connection: Connection, source: str, *, now: int) -> str:
    """Make a key for a source and answer it: this is the only time that it is seen.

    Raises:
        NotFound: there is no such source.
    """
    if connection.row(_QUERIES["source"], {"source": source}) is None:
        msg = f"there is no source {source!r}"
        raise NotFound(msg)
    key = make_secret("wk")
    values = {"source": source, "key_hash": hash_key(key), "hint": key[-HINT_CHARACTERS:], "now": now}
    connection.execute(_QUERIES["add_write_key"], values)
    return key


def create_api_key(connection: Connection, name: str, scopes: Iterable[str], *, now: int) -> str:
    """Make a key for the management interface and answer it: this is the only time that it is seen.

    Raises:
        InvalidInput: a scope is unknown.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        msg = f"no such scopes: {', '.join(unknown) or 'none given'}; there are {', '.join(SCOPES)}"
        raise InvalidInput(msg, problems=[msg], path="/scopes")
    key = make_secret("ak")
    values = {"name": name, "key_hash": hash_key(key), "hint": key[-HINT_CHARACTERS:], "scopes": " ".join(wanted), "now": now}
    connection.execute(_QUERIES["add_api_key"], values)
    return key


def ensure_admin_key(connection: Connection, *, now: int) -> str | None:
    """Make the first API key, with all scopes, and answer it; None when there ever was one."""
    if connection.row(_QUERIES["any_api_key"]) is not None:
        return None
    return create_api_key(connection, "admin", [ADMIN], now=now)


def revoke_write_key(connection: Connection, key_id: int, *, now: int) -> bool:
    """Close a write key; False when there is no open one. Tell the look-up to `forget`."""
    return connection.execute(_QUERIES["revoke_write_key"], {"key_id": key_id, "now": now}) > 0


def revoke_api_key(connection: Connection, key_id: int, *, now: int) -> bool:
    """Close an API key; False when there is no open one. Tell the look-up to `forget`."""
    return connection.execute(_QUERIES["revoke_api_key"], {"key_id": key_id, "now": now}) > 0


def list_sources(connection: Connection) -> list[dict[str, Any]]:
    """All sources, as the HTTP interface shows them."""
    return [
        {
            "id": source,
            "name": name,
            "trusted": bool(trusted),
            "correct_skew": bool(correct_skew),
            "created_at": format_instant(created_at),
            "write_keys": n_keys,
        }
        for source, name, trusted, correct_skew, created_at, n_keys in connection.rows(_QUERIES["sources"])
    ]


def list_api_keys(connection: Connection) -> list[dict[str, Any]]:
    """All API keys, without what opens, as the HTTP interface shows them."""
    return [
        {
            "id": key_id,
            "name": name,
            "hint": f"…{hint}",
            "scopes": scopes.split(),
            "created_at": format_instant(created_at),
            "revoked_at": format_instant(revoked_at),
        }
        for key_id, name, hint, scopes, created_at, revoked_at in connection.rows(_QUERIES["api_keys"])
    ]
