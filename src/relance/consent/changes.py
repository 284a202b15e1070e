"""Consent as events change it. The ledger keeps every change; one older than the one in force is kept, not applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.workspace import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.events.model import Event
    from relance.store import Connection

CONSENT_EVENTS = frozenset({"Subscription Changed", "Unsubscribed"})
_STATES = ("subscribed", "unsubscribed")
_READ = "SELECT profile_id, channel, group_id, at FROM consent WHERE profile_id IN {values}"
_WRITE = """INSERT INTO consent (profile_id, channel, group_id, state, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (profile_id, channel, group_id) DO UPDATE SET state = excluded.state, at = excluded.at"""
_LEDGER = ("profile_id", "channel", "group_id", "state", "at", "received_at", "seq", "source", "applied")


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One change that an event tells."""

    profile_id: int
    seq: int
    at: int  # when it happened
    received_at: int
    channel: str
    group_id: str  # "" for the channel itself
    state: str
    source: str | None


def read_change(profile_id: int, seq: int, name: str, event: Event) -> ConsentChange | None:
    """The consent change an event tells, or None.

    A source that is not trusted can take consent away, never grant it.
    """
    p = event.properties
    channel: Any
    state: Any
    if name == "Unsubscribed":
        channel, state = "email", "unsubscribed"
    else:
        channel, state = p.get("channel"), p.get("state")
    if channel not in CHANNELS or state not in _STATES or (state == "subscribed" and not event.trusted):
        return None
    group, source = p.get("group"), p.get("source")
    group_id = group if isinstance(group, str) else ""
    return ConsentChange(
        profile_id,
        seq,
        event.at,
        event.received_at,
        channel,
        group_id,
        state,
        source if isinstance(source, str) else event.source,
    )


def apply_changes(connection: Connection, changes: Sequence[ConsentChange]) -> list[tuple[Any, ...]]:
    """Apply changes in their order; answer those in force for the warehouse's `consent_history` (without `tick`).

    Effects: writes `consent` and `consent_ledger`.
    """
    in_force = {(p, c, g): at for p, c, g, at in connection.rows_in(_READ, sorted({c.profile_id for c in changes}))}
    history, states, ledger = [], {}, []
    for c in changes:
        key = (c.profile_id, c.channel, c.group_id)
        applied = c.at >= in_force.get(key, c.at)
        ledger.append((c.profile_id, c.channel, c.group_id, c.state, c.at, c.received_at, c.seq, c.source, int(applied)))
        if applied:
            in_force[key] = c.at
            states[key] = (*key, c.state, c.at)
            history.append((c.profile_id, c.seq, c.at, c.received_at, c.channel, c.group_id, c.state))
    connection.execute_many(_WRITE, list(states.values()))
    connection.insert_rows("consent_ledger", _LEDGER, ledger)
    return history
