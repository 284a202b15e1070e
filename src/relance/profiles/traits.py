"""Traits as they change: the newest snapshot in the store, each snapshot to the warehouse."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from relance.profiles.addresses import read_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.store import Connection

_READ = """SELECT profile_id, user_id, traits, push_token, created_at FROM profiles WHERE profile_id IN {values}"""
_WRITE = """UPDATE profiles SET traits = ?, timezone = ?, email = ?, email_key = ?, email_valid = ?, phone = ?, phone_valid = ?, push_token = ?,
    created_at = ?, updated_at = ? WHERE profile_id = ?"""

# The columns of a snapshot for the warehouse's `profile_history`, without `tick`.
HISTORY_COLUMNS = (
    "profile_id", "seq", "received_at", "traits", "user_id", "timezone", "email", "email_valid", "phone", "phone_valid", "push_token", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TraitChange:
    """What one event changes about a person. Top-level traits are replaced; `defaults` fill gaps only."""

    profile_id: int
    seq: int
    at: int  # when it was received
    traits: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    paths: Mapping[str, Any] = field(default_factory=dict)  # dotted paths and the values set there
    unset: Sequence[str] = ()  # dotted paths of what is taken away
    push_token: str | None = None
    default_push_token: str | None = None
    created_at: int | None = None  # an earlier one, by a merge


def compact(value: Any) -> str:
    """A value as JSON text, as the store keeps it."""
    return msgspec.json.encode(value).decode()


def split_path(path: str) -> list[str]:
    """A path may say that it is one of a profile: `profile.x` and `profile.traits.x` are `x`."""
    return path.removeprefix("profile.traits.").removeprefix("profile.").split(".")


def _set(traits: dict[str, Any], path: str, value: Any) -> None:
    *parents, name = split_path(path)
    for parent in parents:
        inner = traits.get(parent)
        if not isinstance(inner, dict):
            inner = traits[parent] = {}
        traits = inner
    traits[name] = deepcopy(value)  # a later path may reach into it


def _unset(traits: dict[str, Any], path: str) -> None:
    *parents, name = split_path(path)
    for parent in parents:
        inner = traits.get(parent)
        if not isinstance(inner, dict):
            return
        traits = inner
    traits.pop(name, None)


def apply_traits(connection: Connection, changes: Sequence[TraitChange]) -> list[tuple[Any, ...]]:
    """Change traits, at most one change a person; answer the snapshots for the warehouse (`HISTORY_COLUMNS`).

    Effects: updates `profiles`.
    """
    current = {row[0]: row for row in connection.rows_in(_READ, [c.profile_id for c in changes])}
    history: list[tuple[Any, ...]] = []
    written: list[tuple[Any, ...]] = []
    for change in changes:
        profile_id, user_id, text, token, created_at = current[change.profile_id]
        traits = {**json.loads(text), **change.traits}
        for name, value in change.defaults.items():
            if traits.get(name) is None:
                traits[name] = value
        for path, value in change.paths.items():
            _set(traits, path, value)
        for path in change.unset:
            _unset(traits, path)
        token = change.push_token or token or change.default_push_token
        created_at = min(created_at, change.created_at if change.created_at is not None else created_at)
        a, text = read_addresses(traits), compact(traits)
        written.append(
            (
                text,
                a.timezone,
                a.email,
                a.email_key,
                int(a.email_valid),
                a.phone,
                int(a.phone_valid),
                token,
                created_at,
                change.at,
                profile_id,
            )
        )
        history.append(
            (
                profile_id,
                change.seq,
                change.at,
                text,
                user_id,
                a.timezone,
                a.email_key,
                a.email_valid,
                a.phone,
                a.phone_valid,
                token,
                created_at,
            )
        )
    connection.execute_many(_WRITE, written)
    return history
