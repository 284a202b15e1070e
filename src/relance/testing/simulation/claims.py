"""What must be true whenever messages are claimed and handed over, by rows and the provider's ledger alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.outbox.checks import Claimed
    from relance.outbox.claims import Outcome
    from relance.store import Database
    from relance.testing.simulation.provider import Call, Ledger

Found = list[tuple[str, str]]
LEASE = 600_000_000

_STANDING = """SELECT m.message_id, m.status, m.claimed_by, e.status, v.state, m.marketing, m.address, m.channel,
        (SELECT c.state FROM consent c WHERE c.profile_id = m.profile_id AND c.channel = m.channel AND c.group_id = ''), p.merged_into
    FROM messages m JOIN enrollments e ON e.enrollment_id = m.enrollment_id JOIN journey_versions v ON v.version_id = m.version_id
    JOIN profiles p ON p.profile_id = m.profile_id WHERE m.message_id IN {values}"""
_SUPPRESSED = "SELECT channel, address FROM suppressions WHERE suppressed = 1"


class ClaimWatcher:
    """Looks at the store right after each commit of the drain, before anybody else does anything."""

    def __init__(self, ledger: Ledger, *, asks_consent: bool) -> None:
        """Args: `asks_consent`: whether the settings ask for consent to email."""
        self._ledger = ledger
        self._asks_consent = asks_consent
        self._held: dict[int, tuple[int, int]] = {}  # message → which process has claimed it, and when

    def claimed(self, database: Database, process: int, claimed: Sequence[Claimed], now: int) -> Found:
        """Messages that a process has just claimed."""
        if not claimed:
            return []
        found: Found = []
        with database.reading() as connection:
            rows = connection.rows_in(_STANDING, sorted(c.message_id for c in claimed))
            suppressed = set(connection.rows(_SUPPRESSED))
        for message_id, status, by, enrollment, version, marketing, address, channel, consent, merged in rows:
            told = f"message {message_id} on {channel}"
            if (status, by) != ("claimed", f"worker-{process}"):
                found.append(("claimed twice", f"{told} was given to process {process}, and stands as {status} by {by}"))
            if enrollment != 0:
                found.append(("handed over after the end", f"{told}: its passage has ended with status {enrollment}"))
            if version == "stopped":
                found.append(("handed over after the stop", told))
            if marketing and self._asks_consent and channel == "email" and consent == "unsubscribed":
                found.append(("handed over after the opt-out", told))
            if (channel, (address or "").casefold()) in suppressed:
                found.append(("handed over to a suppressed address", told))
            if merged is not None:
                found.append(("handed over to nobody", f"{told} belongs to a profile that became part of {merged}"))
            holder = self._held.get(message_id)
            if holder is not None and holder[0] == process and now - holder[1] < LEASE:  # else another may have given it back
                found.append(("claimed twice", f"{told}: process {process} has it already"))
            self._held[message_id] = (process, now)
        return found

    def recorded(self, process: int, outcomes: Sequence[Outcome]) -> None:
        """What a process has just written down."""
        for outcome in outcomes:
            if self._held.get(outcome.claimed.message_id, (0, 0))[0] == process:
                del self._held[outcome.claimed.message_id]
            for call in reversed(self._ledger.calls):
                if call.key == f"m{outcome.claimed.message_id}" and call.process == process:
                    call.recorded = True
                    break


def check_calls(ledger: Ledger) -> Found:
    """No message was handed over twice, unless nobody could know whether it had been."""
    found: Found = []
    before: dict[str, Call] = {}
    for call in ledger.calls:
        last = before.get(call.key)
        if last is not None:
            in_doubt = last.answer in {None, "unknown"} or not last.recorded or call.at - last.at >= LEASE
            if last.answer == "rejected" and last.recorded:
                found.append(("handed over twice", f"{call.key} after it was refused"))
            elif last.answer != "unavailable" and (call.marketing or not in_doubt):
                found.append(
                    (
                        "handed over twice",
                        f"{call.key} at {last.at} by process {last.process} ({last.answer}), at {call.at} by {call.process}",
                    )
                )
        before[call.key] = call
    return found
