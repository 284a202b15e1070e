"""Suppressed addresses: hard bounce, complaint, five soft bounces in a row; over all profiles that share the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store import Connection

SUPPRESSING_EVENTS = frozenset({"Email Bounced", "Email Marked as Spam", "Email Delivered"})
SOFT_BOUNCES_IN_A_ROW = 5
_READ = "SELECT address, reason, at, since_seq, soft_bounces, suppressed FROM suppressions WHERE channel = 'email' AND address IN {values}"
_WRITE = """INSERT INTO suppressions (channel, address, reason, at, since_seq, soft_bounces, suppressed) VALUES ('email', ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, address) DO UPDATE SET reason = excluded.reason, at = excluded.at, since_seq = excluded.since_seq,
    soft_bounces = excluded.soft_bounces, suppressed = excluded.suppressed"""


@dataclass(frozen=True, slots=True)
class AddressNews:
    """What an event tells of an email address."""

    address: str  # case-folded
    name: str
    soft: bool
    at: int
    seq: int


def apply_news(connection: Connection, news: Sequence[AddressNews]) -> list[tuple[Any, ...]]:
    """Apply news in the order of the log; answer rows for the warehouse's `suppression_history` (without `tick`).

    Effects: writes `suppressions`.
    """
    state = {row[0]: list(row) for row in connection.rows_in(_READ, sorted({n.address for n in news}))}
    history = []
    for n in news:
        row = state.setdefault(n.address, [n.address, "", n.at, n.seq, 0, 0])
        soft, reason = row[4], None
        if n.name == "Email Delivered":
            soft = 0
        elif n.name == "Email Bounced" and n.soft:
            soft += 1
            reason = "soft_bounces" if soft >= SOFT_BOUNCES_IN_A_ROW else None
        else:
            reason = "hard_bounce" if n.name == "Email Bounced" else "complaint"
        row[4] = soft
        if reason is not None and not row[5]:
            row[1:4] = [reason, n.at, n.seq]
            row[5] = 1
            history.append(("email", n.address, n.seq, True))
    connection.execute_many(_WRITE, list(map(tuple, state.values())))
    return history
