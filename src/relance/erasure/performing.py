"""A person is erased: calls in the log, then store and warehouse in one tick, then the bytes that were freed.

Each step can be done twice. What was begun before a crash is done again from its start, and finds less to do.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.consent.returned import mask_address, read_secret
from relance.erasure.calls import Emptying, refuse_calls
from relance.erasure.model import Erasure, Owner
from relance.erasure.naming import Names, forget_names
from relance.errors import InternalError
from relance.ids import last_seq_of_position, mask
from relance.journeys.history import own_tick
from relance.profiles.addresses import normalise_address
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from relance.eventlog import EventLog
    from relance.events.model import Event
    from relance.store import Connection, Database
    from relance.warehouse.base import Warehouse

_sql = load_queries("relance.erasure")
_ANONYMISING = tuple(name for name in _sql if name.startswith("1_") and name != "1_fail_claimed")
_DELETING = tuple(name for name in _sql if name.startswith("2_"))
# Whose rows were changed or deleted, for engines that free their files table by table.
TABLES = (
    "profiles", "aliases", "consent", "consent_ledger", "suppressions", "enrollments", "timers", "messages", "message_faults",
    "message_outcomes", "journey_events", "journey_signals", "own_events", "list_changes", "segment_members",
    "prediction_scores", "audience_changes", "audience_members", "rejected_events", "import_rejects", "link_targets",
    "audit_entries", "backtests",
)  # fmt: skip
FINISHING_PAUSE_SECONDS = 1.0
AHEAD_SECONDS = 0.2  # for which the engine waits in each of its rounds while the log is read
MOST_TRIES = 60  # then what is freed is overwritten whenever the engine comes to it


@dataclass(frozen=True, slots=True)
class _Known:
    """All that tells a person from others, while it is still known."""

    owner: Owner
    user_ids: Mapping[int, str]  # of the profiles, as they are told to others
    names: Collection[str]  # what they were called
    addresses: tuple[tuple[str, str], ...]  # channel, and the address as suppressions name it
    refusals: tuple[tuple[str, str], ...]  # channel and group
    position: int  # how far the engine has come
    positions: tuple[int, ...]  # of calls, as far as the warehouse knows them


class Eraser:
    """Does what was asked for, in the engine's thread, between its ticks."""

    def __init__(
        self, database: Database, log: EventLog, warehouse: Warehouse, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.alone = False  # whether nobody hands messages over, or keeps memberships, beside us
        self._database = database
        self._log = log
        self._warehouse = warehouse
        self._seconds = seconds
        self._refused: dict[str, int] | None = None  # masks, and by which wish
        self._secret: bytes | None = None
        self._ahead: tuple[int, Emptying] | None = None  # of which wish
        self._next_try = 0.0
        self._tries = 0
        self._has_unfinished = True  # until it was looked

    # ------------------------------------------------------------------------------------------ the act

    def read_ahead(self, until: int) -> bool:
        """Empty the calls of the first wish whose instant has come, for a moment: a log that grew for years takes minutes.

        Answers whether there is more to read before it can be performed.
        """
        with self._database.reading() as connection:
            erasure = self._find_first(connection, until)
            if erasure is None:
                return False
            if self._ahead is None or self._ahead[0] != erasure.erasure_id:
                self._ahead = erasure.erasure_id, Emptying(self._log, self._find_owner(connection, erasure))
            position = _position(connection)
        emptying, began = self._ahead[1], self._seconds()
        while not emptying.is_near(position):
            emptying.read_on(position)
            if self._seconds() >= began + AHEAD_SECONDS and not self.alone:
                return True
        return False

    def find_due(self, connection: Connection, until: int) -> Erasure | None:
        """The first wish whose instant has come, once the log is read so far that the rest takes no time."""
        if self._ahead is None:  # nothing was read ahead: nobody waits
            return None
        erasure = self._find_first(connection, until)
        if erasure is None or self._ahead[0] != erasure.erasure_id:
            return None
        return erasure if self._ahead[1].is_near(_position(connection)) else None

    def _find_first(self, connection: Connection, until: int) -> Erasure | None:
        row = connection.row(_sql["due"], {"until": until, "alone": int(self.alone)})
        if row is None:
            return None
        erasure_id, profile_id, at, suppress, made = row
        people = connection.rows(_sql["people_of"], {"erasure_id": erasure_id}) if made else [(profile_id,)]
        return Erasure(erasure_id, tuple(p for (p,) in people), at, bool(suppress), bool(made))

    def perform(self, erasure: Erasure, at: int) -> None:
        """Erase a person, or many who were made up, so that nobody finds them.

        Args:
            erasure: the wish.
            at: its instant, or a later one where the engine has come further.

        Effects: rewrites the log; deletes from and anonymises in all of the store and the warehouse, in a tick of its own.
        """
        with self._database.reading() as connection:
            known = self._find_out(connection, erasure)
        emptied = self._empty_rest(erasure, known)
        with self._database.writing() as connection:
            connection.wipe_deleted(on=True)
            try:
                with own_tick(connection, self._warehouse) as tick:
                    shared = self._empty_store(connection, erasure, known, at)
                    calls = {*emptied, *known.positions}
                    for name in ("drop_rejected", "drop_faulty"):
                        connection.execute_many(_sql[name], [(position,) for position in sorted(calls)])
                    self._warehouse.erase(sorted(known.owner.profiles), [a for a in known.addresses if a not in shared])
                    done = {"erasure_id": erasure.erasure_id, "at": at, "tick": tick, "calls": len(emptied)}
                    connection.execute(_sql["applied"], done)
            finally:
                connection.wipe_deleted(on=False)
        self._refused, self._has_unfinished, self._next_try, self._tries = None, True, 0.0, 0

    def _empty_rest(self, erasure: Erasure, known: _Known) -> list[int]:
        """All calls, but for those that were emptied ahead. Whoever got another id meanwhile is read for once more."""
        ahead, self._ahead = self._ahead, None  # whatever breaks from here on, all is read again
        if ahead is not None and ahead[0] == erasure.erasure_id and ahead[1].owner.is_same(known.owner):
            emptying = ahead[1]
        else:
            emptying = Emptying(self._log, known.owner)
        while emptying.read_on(known.position):
            pass
        return emptying.emptied

    def _find_owner(self, connection: Connection, erasure: Erasure) -> Owner:
        profiles = set(erasure.profiles)
        new = profiles
        while new:
            new = {p for (p,) in connection.rows_in(_sql["merged"], sorted(new))} - profiles
            profiles |= new
        ids = sorted({alias for (alias,) in connection.rows_in(_sql["ids"], sorted(profiles))})
        return Owner(profiles, connection.rows_in(_sql["places"], ids) if ids else [])

    def _find_out(self, connection: Connection, erasure: Erasure) -> _Known:
        owner = self._find_owner(connection, erasure)
        profiles = owner.profiles
        addresses: set[tuple[str, str]] = set()
        names: set[str] = set(owner.own_ids)
        user_ids: dict[int, str] = {}
        for profile_id in sorted(profiles):
            row = connection.row(_sql["profile"], {"profile_id": profile_id})
            if row is None:
                continue
            user_ids[profile_id] = row[0]
            _, traits, email, email_key, phone, token = row
            addresses |= {(c, a) for c, a in (("email", email_key), ("sms", phone), ("push", token)) if a}
            names |= {str(value) for value in (email, phone, token, json.loads(traits).get("phone")) if value}
            for channel, address in connection.rows(_sql["addresses"], {"profile_id": profile_id}):
                _, key, _ = normalise_address(channel, address)
                if key and channel in {"email", "sms", "push"}:
                    addresses.add((channel, key))
                    names.add(address)
        positions: list[int] = []
        for person in self._warehouse.people(sorted(profiles)):
            positions += [event.position for event in person.events]
            for state in person.states:
                before = (("email", state.email), ("sms", state.phone), ("push", state.push_token))
                addresses |= {(channel, address) for channel, address in before if address}
        names |= {address for _, address in addresses}
        refusals = {
            (channel, group)
            for profile_id in profiles
            for channel, group in connection.rows(_sql["refusals"], {"profile_id": profile_id})
        }
        sorted_out = tuple(sorted(addresses)), tuple(sorted(refusals))
        return _Known(owner, user_ids, names, *sorted_out, _position(connection), tuple(positions))

    def _empty_store(self, connection: Connection, erasure: Erasure, known: _Known, at: int) -> set[tuple[str, str]]:
        """Answers the addresses that somebody else has too: what is said about those stays."""
        secret = read_secret(connection)
        if secret is None:
            msg = "an erasure was asked for without a secret"
            raise InternalError(msg)
        main = known.user_ids.get(erasure.profiles[0], "")  # those who became part of somebody were told under their id
        for profile_id in sorted(known.owner.profiles):
            user_id = known.user_ids.get(profile_id, "") if erasure.made else main
            told = hashlib.sha256(user_id.encode("utf-8", "surrogatepass")).hexdigest()
            mine = {"at": at, "told": told, "profile_id": profile_id, "nobody": -profile_id}
            for name in (*(("1_fail_claimed",) if self.alone else ()), *_ANONYMISING, *_DELETING):
                connection.execute(_sql[name], mine)
        if erasure.made:
            return self._forget_addresses(connection, known)
        shared = self._keep_masks(connection, secret, known)
        ids = [(mask(secret, "id", alias), erasure.erasure_id, int(erasure.suppress)) for alias in sorted(known.owner.own_ids)]
        connection.execute_many(_sql["keep_id"], ids)
        forget_names(connection, Names(known.names))
        return shared

    @staticmethod
    def _forget_addresses(connection: Connection, known: _Known) -> set[tuple[str, str]]:
        """What is said about addresses of made people. Answers those that somebody else has too: what is said about those stays."""
        shared = {
            (channel, address)
            for channel, address in known.addresses
            if connection.row(_sql[f"shared_{channel}"], {"channel": channel, "address": address}) is not None
        }
        for channel, address in known.addresses:
            if (channel, address) not in shared:
                connection.execute(_sql["drop_suppression"], {"channel": channel, "address": address})
        return shared

    @staticmethod
    def _keep_masks(connection: Connection, secret: bytes, known: _Known) -> set[tuple[str, str]]:
        since = last_seq_of_position(known.position)
        shared: set[tuple[str, str]] = set()
        masks: list[tuple[Any, ...]] = []
        for channel, address in known.addresses:
            of = {"channel": channel, "address": address}
            if connection.row(_sql[f"shared_{channel}"], of) is not None:
                shared.add((channel, address))
                continue
            masked = mask_address(secret, channel, address)
            said = connection.row(_sql["suppression"], of)
            if said is not None and said[1]:
                masks.append((channel, masked, "suppressed", "", said[0], since))
            masks += [(channel, masked, "unsubscribed", group, "", since) for c, group in known.refusals if c == channel]
            connection.execute(_sql["drop_suppression"], of)
        connection.execute_many(_sql["keep_address"], masks)
        return shared

    # ------------------------------------------------------------------------------------------ the finishing touches

    def finish(self, now: int) -> bool:
        """Take away what others wrote meanwhile, and free the files. Answers whether nothing is left to do.

        Args: `now`: microseconds.
        """
        if not self._has_unfinished or (self._seconds() < self._next_try and not self.alone):
            return not self._has_unfinished
        self._next_try = self._seconds() + FINISHING_PAUSE_SECONDS
        with self._database.reading() as connection:
            rows = connection.rows(_sql["unfinished"])
        if not rows:
            self._has_unfinished = False
            return True
        kept = self._warehouse.kept
        mark = kept.mark() if kept is not None else None
        if kept is not None and mark is not None and not self.alone and mark.tick < max(tick for *_, tick in rows):
            return False  # who keeps memberships has not heard of it yet
        if kept is not None:
            kept.forget_people([profile_id for _, profile_id, _ in rows])
        with self._database.writing() as connection:
            for _, profile_id, _ in rows:  # a score that was being made
                connection.execute(_sql["2_prediction_scores"], {"profile_id": profile_id})
        self._tries += 1
        freed = [self._log.scrub(), self._database.scrub(TABLES), self._warehouse.scrub()]
        if not all(freed) and self._tries < MOST_TRIES:
            return False
        with self._database.writing() as connection:
            for erasure_id in sorted({row[0] for row in rows}):
                connection.execute(_sql["done"], {"erasure_id": erasure_id, "at": now})
                connection.execute(_sql["forget_people_of"], {"erasure_id": erasure_id})
        return False

    # ------------------------------------------------------------------------------------------ who comes again

    def refuse(self, events: Sequence[Event]) -> list[Event]:
        """The events without the calls of ids that are refused; those are emptied in the log, and counted."""
        if self._refused is None:
            with self._database.reading() as connection:
                self._refused = dict(connection.rows(_sql["refused_ids"]))
                self._secret = read_secret(connection) if self._refused else None
        refused, secret = self._refused, self._secret
        if not refused or secret is None or not events:
            return list(events)
        met: dict[int, int] = {}

        def is_refused(alias: str) -> bool:
            erasure_id = refused.get(mask(secret, "id", alias))
            if erasure_id is not None:
                met[erasure_id] = met.get(erasure_id, 0)
            return erasure_id is not None

        left, _ = refuse_calls(self._log, events, is_refused)
        if met:
            counts = {e: sum(1 for event in events if refused.get(mask(secret, "id", _owner(event))) == e) for e in met}
            with self._database.writing() as connection:
                for erasure_id, n in counts.items():
                    connection.execute(_sql["count_refused"], {"erasure_id": erasure_id, "n": n})
        return left


def _position(connection: Connection) -> int:
    """How far the engine has come."""
    return int(connection.value("SELECT position FROM engine_state WHERE id = 1"))


def _owner(event: Event) -> str:
    return (event.anonymous_id if event.user_id is None else event.user_id) or ""
