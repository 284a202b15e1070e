"""Reactions that prove that a message was sent, when nobody knew: it is told late, once, and the journey does not go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.events.names import REACTIONS
from relance.journeys.arrivals import read_answer
from relance.outbox.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.journeys.wave import Wave
    from relance.outbox.reconcile import Proven
    from relance.profiles.resolve import Resolution
    from relance.store import Connection

# A listener hears what came after the hand-off, not only after the failure was known. Where a later visit was handed over, that counts.
_HANDED = """INSERT INTO enrollment_handed (enrollment_id, step, at, seq)
    SELECT enrollment_id, step, decided_at, COALESCE(decided_seq, 0) FROM messages WHERE message_id = :message_id
    ON CONFLICT (enrollment_id, step) DO NOTHING"""


def take_proofs(connection: Connection, resolution: Resolution, prefix: str) -> list[Proven]:
    """Reconcile the messages that reactions of a batch name. Before its waves, so that their listeners find them sent.

    Answers those that the journeys have taken for failed; of the others they learn as of any outcome.
    """
    named: dict[int, int | None] = {}
    for r in resolution.events:
        if r.event.name not in REACTIONS or r.event.history:
            continue
        message_id = read_answer(r.event.properties, prefix).message_ref
        if message_id is not None and message_id > 0 and named.get(message_id, 0) is not None:
            # The key of a page is public: it speaks for its own person alone.
            named[message_id] = None if r.event.trusted else r.person.profile_id
    return [p for p in reconcile(connection, named) if p.resolved]


def tell_proofs(wave: Wave, proven: Sequence[Proven], at: int) -> None:
    """Tell that these messages were sent, at the instant up to which all else has been told.

    Effects: adds our own events; writes `enrollment_handed`, and `told_messages`, so that the warehouse hears of it.
    """
    for p in proven:
        wave.run("emit_decided_late", prefix=wave.prefix, message_id=p.message_id, at=at)
        wave.connection.execute(_HANDED, {"message_id": p.message_id})
        wave.connection.execute("DELETE FROM told_messages WHERE message_id = :message_id", {"message_id": p.message_id})
