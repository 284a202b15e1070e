"""Addresses of people who were erased: nobody knows them, but whoever comes with one gets what was said about it.

Only masks are kept (`erased_addresses`). When an address comes back its suppression is there again, and who brings it has
left the channels and groups that were left with it, until they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.consent.changes import ConsentChange, apply_changes
from relance.ids import mask
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relance.store import Connection

SECRET = "erasure_secret"  # noqa: S105 - the name it is kept under
BY_ERASURE = "relance: erased earlier"  # the source of such a change in the ledger of consent
_sql = load_queries("relance.consent", "returned.sql")

# Where a row of `HISTORY_COLUMNS` tells the address of a channel.
_PLACES = (("email", 6), ("sms", 8), ("push", 10))


@dataclass(slots=True)
class Returned:
    """What the warehouse is to be told of addresses that came back."""

    suppressions: list[tuple[Any, ...]] = field(default_factory=list)
    consents: list[tuple[Any, ...]] = field(default_factory=list)


def read_secret(connection: Connection) -> bytes | None:
    """The secret of the masks; None before the first erasure."""
    found = connection.value(_sql["secret"], {"name": SECRET})
    return bytes.fromhex(found) if found else None


def mask_address(secret: bytes, channel: str, address: str) -> str:
    """What is kept of an address, in the form that suppressions name it."""
    return mask(secret, f"address:{channel}", address)


def take_back(connection: Connection, states: Sequence[tuple[Any, ...]]) -> Returned:
    """Give people whose addresses changed what was said about these before.

    Args:
        connection: in the tick's transaction.
        states: how they are now, as `apply_traits` answers.

    Effects: adds to `suppressions`, `consent` and `consent_ledger`.
    """
    returned = Returned()
    if connection.row(_sql["any"]) is None:
        return returned
    secret = read_secret(connection)
    if secret is None:
        return returned
    found = {
        mask_address(secret, channel, state[place]): (channel, state[place])
        for state in states
        for channel, place in _PLACES
        if state[place]
    }
    kept = connection.rows_in(_sql["kept"], sorted(found)) if found else []
    if not kept:
        return returned
    changes: list[ConsentChange] = []
    for masked, kind, group_id, reason, since_seq in kept:
        channel, address = found[masked]
        of = [s for s in states if s[dict(_PLACES)[channel]] == address and s[1] > since_seq]
        if not of:
            continue
        if kind == "suppressed":
            _, seq, at, *_ = of[0]
            about = {"channel": channel, "address": address, "reason": reason, "at": at, "seq": seq}
            if connection.execute(_sql["suppress"], about):
                returned.suppressions.append((channel, address, seq, True))
        else:
            changes += _refusals(connection, of, channel, group_id)
    if changes:
        returned.consents = apply_changes(connection, changes)
    return returned


def _refusals(connection: Connection, states: Iterable[tuple[Any, ...]], channel: str, group_id: str) -> list[ConsentChange]:
    """Once a person: what they say of it later counts."""
    return [
        ConsentChange(profile_id, seq, at, at, channel, group_id, "unsubscribed", BY_ERASURE)
        for profile_id, seq, at, *_ in states
        if connection.row(
            _sql["was_told"], {"profile_id": profile_id, "channel": channel, "group_id": group_id, "source": BY_ERASURE}
        )
        is None
    ]
