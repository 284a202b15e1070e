"""The drain's statements: claim with the last check, record what came of it, recover what a dead worker left.

Each function is one transaction. Effects: writes `messages`, `message_outcomes` and `message_faults`, never enrollments;
the engine, which takes the outcomes, moves people on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from relance.outbox.checks import Claimed, Standing, find_hold, find_refusal
from relance.outbox.quiet import QuietClock
from relance.profiles.addresses import normalise_address
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.store import Connection, Database
    from relance.workspace import Workspace

SQL = load_queries("relance.outbox", "delivery.sql")

Result = Literal["sent", "retry", "failed", "blocked", "unstarted"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt at one message."""

    claimed: Claimed
    result: Result
    reason: str | None = None
    retry_at: int | None = None
    provider: str = ""
    provider_ref: str | None = None
    subject: str | None = None
    body: str | None = None
    detail: str = ""
    address_is_dead: bool = False


class Claims:
    """Claims, records and recovers for one worker."""

    def __init__(self, database: Database, name: str) -> None:
        """Args: `name`: of this worker in this run; another run has another."""
        self._database = database
        self.name = name
        self._quiet: tuple[object, QuietClock] | None = None
        self._with_us: set[int] = set()  # claimed, and not yet recorded

    def claim(self, channel: str, limit: int, workspace: Workspace, now: int) -> list[Claimed]:
        """Take up to `limit` messages of a channel; those that may not leave any more are blocked, expired, held or parked."""
        with self._database.reading() as connection:  # an idle lane asks often: it must not take turns with the writer
            if connection.row(SQL["anything"], {"channel": channel, "now": now}) is None:
                return []
        with self._database.writing() as connection:
            connection.keep_rows(SQL["revision"])
            rows = connection.rows(SQL["candidates"], {"channel": channel, "now": now, "most": limit})
            if not rows:
                return []
            # An event told twice gives a row twice. What a provider has kept for longer than the lease was put back in the
            # line by another worker, and is not handed over beside itself.
            candidates = {row[0]: Claimed(*row) for row in rows if row[0] not in self._with_us}
            keys = {m: normalise_address(channel, c.address)[1] for m, c in candidates.items()}
            standing = self._read_standing(connection, channel, list(candidates.values()), keys, workspace)
            refused, held, fit, parked = [], [], [], []
            for message_id, candidate in candidates.items():
                if candidate.version_state == "paused":
                    parked.append((message_id,))
                    continue
                reason = find_refusal(candidate, keys[message_id], standing)
                if reason is not None:
                    refused.append(("expired" if reason == "expired" else "blocked", reason, now, message_id))
                    continue
                until = find_hold(candidate, standing)
                if until is None:
                    fit.append(message_id)
                elif standing.quiet is not None and standing.quiet.discards:
                    refused.append(("blocked", "quiet_hours", now, message_id))
                else:
                    held.append((until, message_id))
            connection.rows_in(SQL["tell_refused"], [message_id for *_, message_id in refused], {"now": now})
            connection.execute_many(SQL["refuse"], refused)
            connection.execute_many(SQL["hold"], held)
            connection.execute_many(SQL["park"], parked)
            taken = connection.rows_in(SQL["claim"], fit, {"by": self.name, "now": now}) if fit else []
            ours = {row[0] for row in taken}
        self._with_us |= ours
        return [candidates[m] for m in fit if m in ours]

    def record(self, outcomes: Sequence[Outcome], now: int) -> None:
        """Write down what came of claimed messages.

        Of those whose outcome nobody knows, the ones that somebody has reacted to meanwhile were sent (SEMANTICS 19).
        """
        with self._database.writing() as connection:
            self._take_back(connection, outcomes)
            self._record(connection, outcomes, now)
        self._with_us -= {o.claimed.message_id for o in outcomes}

    def _take_back(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        """Claim again what was taken for abandoned, and nobody has claimed since: its outcome is known now."""
        given_up = {m for (m,) in connection.rows_in(SQL["put_back"], [o.claimed.message_id for o in outcomes])}
        if given_up:
            rows = [(self.name, o.claimed.at, o.claimed.message_id) for o in outcomes if o.claimed.message_id in given_up]
            connection.execute_many(SQL["take_back"], rows)

    def _record(self, connection: Connection, outcomes: Sequence[Outcome], now: int) -> None:
        doubtful = [o.claimed.message_id for o in outcomes if o.reason == "unknown_outcome"]
        proven = {m for (m,) in connection.rows_in(SQL["proven"], doubtful, {"by": self.name})} if doubtful else set()
        decided: list[tuple[Any, ...]] = []
        again: list[tuple[Any, ...]] = []
        faults: list[tuple[Any, ...]] = []
        for o in outcomes:
            c = o.claimed
            if c.message_id in proven:
                decided.append(("sent", None, c.at, o.provider_ref, o.subject, o.body, c.message_id, self.name))
            elif o.result in ("retry", "unstarted"):
                attempts = c.attempt if o.result == "retry" else c.attempt - 1
                again.append((now if o.retry_at is None else o.retry_at, attempts, c.message_id, self.name))
            else:
                decided.append((o.result, o.reason, c.at, o.provider_ref, o.subject, o.body, c.message_id, self.name))
            if o.result not in ("sent", "unstarted"):
                faults.append((c.message_id, c.attempt, now, o.provider, o.reason or "channel_unavailable", o.detail[:1_000]))
        connection.rows_in(SQL["tell_decided"], [row[6] for row in decided], {"by": self.name})
        connection.execute_many(SQL["decide"], decided)
        connection.execute_many(SQL["retry"], again)
        connection.execute_many(SQL["fault"], faults)

    def recover(self, now: int, *, lease: int) -> int:
        """Decide what another run claimed and never decided; answers how many.

        It may have been handed over, or not: what somebody has reacted to was; of the rest marketing is `failed`,
        `unknown_outcome`, and transactional goes again.
        """
        with self._database.writing() as connection:
            rows = connection.rows(SQL["abandoned"], {"me": self.name, "until": now - lease})
            sent = [(message_id, by) for message_id, _, _, _, by, proven in rows if proven]
            lost = [(now, message_id, by) for message_id, _, marketing, _, by, proven in rows if marketing and not proven]
            again = [(now, message_id, by) for message_id, _, marketing, _, by, proven in rows if not marketing and not proven]
            connection.execute(SQL["tell_abandoned"], {"me": self.name, "until": now - lease, "now": now})
            connection.execute_many(SQL["prove"], sent)
            connection.execute_many(SQL["give_up"], lost)
            connection.execute_many(SQL["repeat"], again)
            connection.execute_many(
                SQL["fault"],
                [(m, attempts, now, channel, "unknown_outcome", "the worker ended between claim and record")
                 for m, channel, _, attempts, _, _ in rows],
            )  # fmt: skip
        return len(rows)

    def backlog(self) -> dict[str, tuple[int, int]]:
        """Of each channel how many messages wait for hand-off, and since when the first."""
        with self._database.reading() as connection:
            return {channel: (n, since) for channel, n, since in connection.rows(SQL["backlog"])}

    def _read_standing(
        self,
        connection: Connection,
        channel: str,
        candidates: Sequence[Claimed],
        keys: dict[int, str | None],
        workspace: Workspace,
    ) -> Standing:
        settings = workspace.settings
        addresses = sorted({key for key in keys.values() if key})
        suppressed = connection.rows_in(SQL["suppressed"], addresses, {"channel": channel}) if addresses else []
        people = sorted({c.profile_id for c in candidates})
        mode = settings.consent.get(channel, "none")
        consents: list[tuple[Any, ...]] = []
        if mode != "none":
            consents = connection.rows_in(SQL["consents"], people, {"channel": channel})
        if settings.quiet_hours is not None and (self._quiet is None or self._quiet[0] is not settings):
            self._quiet = (settings, QuietClock(settings.quiet_hours, settings.timezone))
        return Standing(
            consent_mode=mode,
            suppressed=frozenset(row[0] for row in suppressed),
            consents={(profile_id, group): state for profile_id, group, state in consents},
            groups=workspace.template_groups,
            quiet=self._quiet[1] if self._quiet is not None and settings.quiet_hours is not None else None,
        )
