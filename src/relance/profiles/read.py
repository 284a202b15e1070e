"""Read people back: one of them, or those a text finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import format_instant
from relance.errors import NotFound
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.store import Connection

sql = load_queries("relance.profiles", "read.sql")

FIRST_PAGE = 1 << 62


class FoundPerson(TypedDict):
    """One person of a list."""

    user_id: str
    known: bool
    email: str | None
    created_at: str
    updated_at: str
    traits: dict[str, Any]


class PersonAddress(TypedDict):
    """Where a channel reaches somebody."""

    channel: str
    address: str
    valid: bool


class PersonConsent(TypedDict):
    """What somebody said of a channel, or of a group of it."""

    channel: str
    group: str | None
    state: str
    at: str


class PersonSuppression(TypedDict):
    """An address of theirs that gets nothing any more."""

    channel: str
    address: str
    reason: str
    at: str


class KnownPerson(TypedDict):
    """Who somebody is."""

    user_id: str
    known: bool
    created_at: str
    updated_at: str
    traits: dict[str, Any]
    timezone: str | None
    addresses: list[PersonAddress]
    consent: list[PersonConsent]
    suppressions: list[PersonSuppression]
    ids: list[str]


def find_profile(connection: Connection, user_id: str) -> int:
    """The profile that a userId or anonymousId belongs to now.

    Raises:
        NotFound: nobody has this id.
    """
    found = connection.value(sql["read_profile_of_alias"], {"alias": user_id})
    if found is None:
        msg = f"there is no profile {user_id!r}"
        raise NotFound(msg)
    return int(found)


def read_profile(connection: Connection, profile_id: int) -> KnownPerson:
    """One person: traits, addresses, consent in force, suppressed addresses, ids."""
    of = {"profile_id": profile_id}
    row = connection.row(sql["read_profile"], of)
    if row is None:
        raise NotFound
    _, user_id, known, created_at, updated_at, traits, timezone, email, email_valid, phone, phone_valid, token = row
    return {
        "user_id": user_id,
        "known": bool(known),
        "created_at": format_instant(created_at),
        "updated_at": format_instant(updated_at),
        "traits": json.loads(traits),
        "timezone": timezone,
        "addresses": [
            {"channel": channel, "address": address, "valid": bool(valid)}
            for channel, address, valid in (("email", email, email_valid), ("sms", phone, phone_valid), ("push", token, 1))
            if address
        ],
        "consent": [
            {"channel": channel, "group": group or None, "state": state, "at": format_instant(at)}
            for channel, group, state, at in connection.rows(sql["read_consent"], of)
        ],
        "suppressions": [
            {"channel": channel, "address": address, "reason": reason, "at": format_instant(at)}
            for channel, address, reason, at in connection.rows(sql["read_suppressions"], of)
        ],
        "ids": [alias for (alias,) in connection.rows(sql["read_aliases"], of)],
    }


def search_profiles(
    connection: Connection, query: str, limit: int, after: int | None = None, *, known: bool | None = None
) -> tuple[list[FoundPerson], int | None]:
    """A page of people whose id, address or traits hold a text, in any case; of everybody for an empty one.

    The last that came are first, and before them whoever has just this id or address.

    Args:
        connection: the store.
        query: the text.
        limit: how many at most, beside those whose id or address it is.
        after: where the page before ended.
        known: only those who are known, or only visitors who are not.

    Returns:
        The people, and where this page ended; None when there is no more.
    """
    text = query.strip()
    asked: dict[str, Any] = {"before": FIRST_PAGE if after is None else after, "limit": limit}
    of = {"known": -1 if known is None else int(known)}
    if not text:
        statement, more = ("newest_profiles", {}) if known is None else ("newest_of_known", of)
        rows = connection.rows(sql[statement], asked | more)
        return [_found(row) for row in rows], rows[-1][0] if len(rows) == limit else None
    named = connection.rows(sql["named_profiles"], {"text": text, "key": text.lower(), "limit": limit, **of})
    pattern = text.lower()
    for sign in "!%_":
        pattern = pattern.replace(sign, "!" + sign)
    rows = connection.rows(sql["search_profiles"], {**asked, "pattern": f"%{pattern}%", **of})
    alike = {row[0] for row in named}
    shown = [*(named if after is None else ()), *(row for row in rows if row[0] not in alike)]
    return [_found(row) for row in shown], rows[-1][0] if len(rows) == limit else None


def _found(row: tuple[Any, ...]) -> FoundPerson:
    _, user_id, known, created_at, updated_at, traits, email = row
    return {
        "user_id": user_id, "known": bool(known), "email": email, "created_at": format_instant(created_at),
        "updated_at": format_instant(updated_at), "traits": json.loads(traits),
    }  # fmt: skip


def full_name(traits: Mapping[str, Any]) -> str | None:
    """First and last name, as far as they are known."""
    return " ".join(str(traits[name]) for name in ("first_name", "last_name") if traits.get(name)) or None


def names_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of those whom userIds and anonymousIds belong to now, as far as they are known."""
    wanted = dict(enumerate(sorted(set(ids))))
    if not wanted:
        return {}
    statement = sql["names_of"].replace("{ids}", ", ".join(f":i{n}" for n in wanted))
    rows = connection.rows(statement, {f"i{n}": value for n, value in wanted.items()})
    names = {alias: full_name(json.loads(traits)) for alias, traits in rows}
    return {alias: name for alias, name in names.items() if name}


def count_profiles(connection: Connection) -> tuple[int, int]:
    """How many people there are, and how many of them are known."""
    n, known = connection.row(sql["count_profiles"]) or (0, 0)
    return int(n), int(known)
