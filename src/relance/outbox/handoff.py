"""The checks before a message is handed over, for many messages at once (SEMANTICS 18, in its order).

The caller fills the temporary table `w_try`, at most one message a person, so that what one message takes from a
frequency cap is seen by the next.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from relance.outbox.quiet import QuietClock
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.store import Connection
    from relance.workspace import Settings

SQL = load_queries("relance.outbox", "handoff.sql")

# How the default address of a channel is read from a profile `p`, in SQL over a message `m`.
ADDRESS = {
    "address": "CASE m.channel WHEN 'email' THEN p.email WHEN 'sms' THEN p.phone WHEN 'push' THEN p.push_token ELSE p.user_id END",
    "address_key": "CASE m.channel WHEN 'email' THEN p.email_key WHEN 'sms' THEN p.phone WHEN 'push' THEN p.push_token ELSE p.user_id END",
    "valid": "CASE m.channel WHEN 'email' THEN p.email_valid WHEN 'sms' THEN p.phone_valid ELSE 1 END",
}


@dataclass(frozen=True, slots=True)
class Reserved:
    """A message that passed all checks but rendering."""

    message_id: int
    at: int
    channel: str
    template: str
    address: str
    source: str
    step_id: str
    variant: str | None
    user_id: str
    traits: str  # JSON
    event_name: str | None
    event_properties: str | None  # JSON
    event_at: int | None
    profile_id: int


class Carrier(Protocol):
    """Who takes messages that may be handed over.

    Live, nobody does: they stay `ready` until the drain claims them. In a simulation a recording carrier decides them
    at once.
    """

    def carry(self, connection: Connection, messages: Sequence[Reserved]) -> None: ...


def hash_share(salt: str, user_id: str, parts: int = 10_000) -> int:
    """A sticky, reproducible place of a person among `parts`, independent between salts (SEMANTICS 25)."""
    return int.from_bytes(hashlib.sha256(f"{salt}\x1f{user_id}".encode()).digest()[:8], "big") % parts


class HandOff:
    """Decides what is in `w_try`: blocked, expired, held, or reserved for a carrier."""

    cap = "check_cap"  # the statement that counts what a cap counts

    def __init__(self, settings: Settings, carrier: Carrier | None, shares: Mapping[int, tuple[str, float, float]]) -> None:
        """`shares`: for versions with a hold-out or a control, their source and the two percentages."""
        self._settings = settings
        self._carrier = carrier
        self._shares = shares
        self._quiet = QuietClock(settings.quiet_hours, settings.timezone) if settings.quiet_hours else None

    def check_reach(self, connection: Connection) -> None:
        """Only what `first_reachable` asks: address, suppression, consent."""
        connection.execute(SQL["check_reach"])

    def decide(self, connection: Connection, *, first_time: bool) -> bool:
        """Run every check, write the outcomes, and hand over what passed.

        Answers whether any message is not simply waiting for the drain now: refused, held, or taken by the carrier.
        """
        if self._shares:
            self._check_shares(connection)
        self.check_reach(connection)
        for cap in self._settings.frequency_caps:
            connection.execute(SQL[self.cap], {"channel": cap.channel, "per": cap.per, "most": cap.max})
        if self._quiet is not None:
            self._check_quiet(connection, self._quiet)
        connection.execute(SQL["check_expiry"])
        connection.execute(SQL["add_messages" if first_time else "update_messages"])
        if self._carrier is None:
            return connection.row("SELECT 1 FROM w_try WHERE reason IS NOT NULL OR hold IS NOT NULL LIMIT 1") is not None
        reserved = [Reserved(*row) for row in connection.rows(SQL["reserved"])]
        if reserved:
            self._carrier.carry(connection, reserved)
        return True

    def _check_shares(self, connection: Connection) -> None:
        refused: list[tuple[int, str]] = []
        for message_id, version_id, user_id in connection.rows(SQL["shares"]):
            source, holdout, control = self._shares.get(version_id, ("", 0, 0))
            if holdout and hash_share(f"holdout:{source}", user_id) < holdout * 100:
                refused.append((message_id, "holdout"))
            elif control and hash_share(f"control:{source}", user_id) < control * 100:
                refused.append((message_id, "control"))
        connection.change_rows("w_try", "message_id", {"reason": "TEXT"}, refused)

    def _check_quiet(self, connection: Connection, quiet: QuietClock) -> None:
        for channel in quiet.channels:
            rows: list[tuple[Any, ...]] = connection.rows(SQL["quiet_candidates"], {"channel": channel})
            held = [(message_id, end) for message_id, at, zone in rows if (end := quiet.ends_at(at, zone)) is not None]
            if quiet.discards:
                refused = [(message_id, "quiet_hours") for message_id, _ in held]
                connection.change_rows("w_try", "message_id", {"reason": "TEXT"}, refused)
            else:
                connection.change_rows("w_try", "message_id", {"hold": "BIGINT"}, held)


class PastHandOff(HandOff):
    """The same in a past that is lived again, where the messages that others really sent are all known from the start."""

    cap = "check_cap_of_past"
