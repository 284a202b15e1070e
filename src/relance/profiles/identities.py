"""Who has a value as an id or trait, at each point of a batch: for events whose raw form names no user."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relance.profiles.resolve import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.profiles.resolve import ResolvedEvent
    from relance.store import Connection

_ID_NAMESPACES = frozenset({"user_id", "userId", "anonymous_id", "anonymousId"})
_COLUMNS = "profile_id, user_id, known, created_at, push_token, email_key, timezone"


def _key(value: object) -> str | None:
    return value.strip().casefold() if isinstance(value, str) else None


class Identities:
    """The values of some traits, as the store has them and as the events of the batch change them."""

    def __init__(self, connection: Connection, namespaces: Iterable[str]) -> None:
        self._connection = connection
        self._namespaces = frozenset(namespaces) - _ID_NAMESPACES
        self._changed: dict[str, dict[int, tuple[Person, str | None]]] = {n: {} for n in self._namespaces}
        self._stored: dict[tuple[str, str], list[Person]] = {}
        self._merged: set[int] = set()
        self._by_id: dict[str, Person] = {}

    def note(self, event: ResolvedEvent) -> None:
        """Take in the next event of the batch."""
        self._by_id[event.person.user_id] = event.person
        for namespace in self._namespaces:
            changed = self._changed[namespace]
            if event.merges is not None:
                self._merged.add(event.merges.profile_id)
                _, value = changed.pop(event.merges.profile_id, (None, None))
                if value is not None:
                    changed.setdefault(event.person.profile_id, (event.person, value))
            if event.event.type == "identify" and namespace in event.event.traits:
                changed[event.person.profile_id] = (event.person, _key(event.event.traits[namespace]))

    def find(self, namespace: str, value: str) -> Person | None:
        """The oldest profile that has the value (case-folded) now."""
        if namespace in _ID_NAMESPACES:
            return self._find_id(value)
        changed = self._changed[namespace]
        found = [person for person, text in changed.values() if text == value]
        found += [p for p in self._read(namespace, value) if p.profile_id not in changed and p.profile_id not in self._merged]
        return min(found, key=lambda p: (p.created_at, p.user_id), default=None)

    def _find_id(self, value: str) -> Person | None:
        known = next((p for user_id, p in self._by_id.items() if user_id.casefold() == value), None)
        if known is not None:
            return known
        rows = self._connection.rows(
            f"SELECT {_COLUMNS} FROM profiles WHERE user_id = :value AND merged_into IS NULL",  # noqa: S608 - our own names
            {"value": value},
        )
        return Person(*rows[0]) if rows else None

    def _read(self, namespace: str, value: str) -> list[Person]:
        stored = self._stored.get((namespace, value))
        if stored is None:
            stored = self._stored[namespace, value] = self._query(namespace, value)
        return stored

    def _query(self, namespace: str, value: str) -> list[Person]:
        if namespace == "email":
            rows = self._connection.rows(
                f"SELECT {_COLUMNS} FROM profiles WHERE email_key = :value AND merged_into IS NULL",  # noqa: S608 - our own names
                {"value": value},
            )
            return [Person(*row) for row in rows]
        rows = self._connection.rows(f"SELECT {_COLUMNS}, traits FROM profiles WHERE merged_into IS NULL")  # noqa: S608 - our own names
        return [Person(*row[:-1]) for row in rows if _key(json.loads(row[-1]).get(namespace)) == value]
