"""Keeps the tests that are open: in memory, and for as long as somebody looks at them. Nothing of them is written anywhere."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import structlog

from relance.clock import SECOND, parse_duration, parse_instant
from relance.errors import ChannelError, InvalidInput, NotFound, RelanceError
from relance.profiles.read import find_profile
from relance.simulate.backtest.desk import prepare
from relance.simulate.trial.session import CHANNELS, Tester, Trial
from relance.simulate.trial.walk import make_tester, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relance.channels.base import Channel, OutboundMessage
    from relance.clock import Clock
    from relance.store import Database

log = structlog.get_logger(__name__)

MOST_TESTS = 20
IDLE_SECONDS = 24 * 3_600.0
TURN_SECONDS = 0.2  # how often tests whose clock runs are looked at
MOST_SPEED = 10_000_000.0
_COPIED = "SELECT user_id, traits, push_token FROM profiles WHERE profile_id = :profile_id"
_CONSENTS = (
    "SELECT channel FROM consent WHERE profile_id = :profile_id AND group_id = '' AND state = 'subscribed' ORDER BY channel"
)


Failures = list[dict[str, Any]]


@dataclass(slots=True)
class _Open:
    """One test that is open."""

    trial: Trial
    speed: float | None  # of its clock, beside that of the wall; None: it stands still until it is moved
    addresses: Mapping[str, Mapping[str, str]]  # by tester and channel, where messages really go
    key: str  # of its messages, for providers that know one again
    begun_at: int  # of its own time
    begun_seconds: float  # of the wall's
    looked_at: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    delivered: int = 0  # the last message that was handed to a provider
    failures: Failures = field(default_factory=list)


class TrialDesk:
    """Tests of one installation. May be asked from any thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Callable[[], Mapping[str, Channel]] = dict,
        seconds: Callable[[], float] = time.monotonic,
        *,
        closes: bool = False,
    ) -> None:
        """`channels` make the providers by which testers get their messages, if they are to; `closes`: they are closed each time."""
        self._closes = closes
        self._database = database
        self._clock = clock
        self._make_channels = channels
        self._seconds = seconds
        self._lock = threading.Lock()
        self._numbers = itertools.count(
            max(1, clock.now() // SECOND)
        )  # so that no test takes the number of one before a restart
        self._tests: dict[int, _Open] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    # ------------------------------------------------------------------------------------------ open and close

    def open(
        self,
        journey: str,
        *,
        testers: Sequence[Mapping[str, Any]] = (),
        definitions: Sequence[Mapping[str, Any]] = (),
        start: str | None = None,
        speed: float | None = None,
        checks: bool = True,
        begin: bool = True,
        properties: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Open a test of a journey, published or not.

        Args:
            journey: its id.
            testers: who goes through it: `{user_id, traits, push_token, consents, to}`, or `{copy_of, traits, to}` for somebody
                who exists; one that is made up when nobody is named. `to` says by channel where messages really go; what has
                no address there goes nowhere, least of all to whom it was copied from.
            definitions: drafts that stand in for published definitions.
            start: the instant at which its time begins; now for none.
            speed: how much faster than the wall's its clock runs: 1 is real time; None: it stands still until it is moved.
            checks: whether frequency caps and quiet hours hold.
            begin: whether the testers start at once.
            properties: of the event that starts them.

        Raises:
            InvalidInput: the drafts or what is asked have errors; all of them.
            NotFound: there is no such journey, or nobody to copy.
            Conflict: too many tests are open.
        """
        problems = []
        at = parse_instant(start) if start is not None else self._clock.now()
        if at is None:
            problems.append(f"`start`: {start!r} is no instant; write it like 2026-03-01T08:00:00Z")
        if speed is not None and not 0 < speed <= MOST_SPEED:
            problems.append(f"`speed`: {speed:g} is not between 0 and {MOST_SPEED:g}")
        if problems or at is None:
            msg = "the test can not be opened"
            raise InvalidInput(msg, problems=problems)
        wanted = prepare(self._database, journey, definitions)
        people = [self._tester(n, told) for n, told in enumerate(testers or ({},), start=1)]
        self._make_room()
        trial = Trial(wanted, people, start=at, checks=checks)
        now = self._seconds()
        addresses = {p.user_id: dict(told.get("to") or {}) for p, told in zip(people, testers or ({},), strict=True)}
        opened = _Open(trial, speed, addresses, f"test-{secrets.token_hex(6)}", at, now, now)
        if begin:
            for user_id in trial.testers:
                trial.begin(user_id, properties)
        with self._lock:
            number = next(self._numbers)
            self._tests[number] = opened
        self._run()
        return self.read(number)

    def _tester(self, n: int, told: Mapping[str, Any]) -> Tester:
        unknown = sorted(told.keys() - {"user_id", "traits", "push_token", "consents", "copy_of", "to"})
        wrong = sorted({*(told.get("consents") or ()), *(told.get("to") or ())} - set(CHANNELS))
        problems = [f"a tester has no `{name}`" for name in unknown] + [f"{name!r} is no channel" for name in wrong]
        if problems:
            msg = "the testers can not be understood"
            raise InvalidInput(msg, problems=problems)
        if told.get("copy_of"):
            found = self._copy(str(told["copy_of"]))
            return Tester(found.user_id, {**found.traits, **(told.get("traits") or {})}, found.consents, found.push_token)
        made = make_tester(n, told.get("traits"))
        consents = told.get("consents")
        return Tester(
            str(told.get("user_id") or made.user_id), made.traits, CHANNELS if consents is None else tuple(consents),
            told.get("push_token") or made.push_token,
        )  # fmt: skip

    def _copy(self, user_id: str) -> Tester:
        """Somebody who exists, as they are now; the test changes the copy alone."""
        with self._database.reading() as connection:
            of = {"profile_id": find_profile(connection, user_id)}
            row = connection.row(_COPIED, of)
            consents = [channel for (channel,) in connection.rows(_CONSENTS, of)]
        if row is None:
            msg = f"there is nobody called {user_id!r}"
            raise NotFound(msg)
        return Tester(row[0], json.loads(row[1]), (*consents, "in_app", "webhook"), row[2])

    def _make_room(self) -> None:
        """Close what nobody looks at any more, the longest first."""
        now = self._seconds()
        with self._lock:
            by_look = sorted(self._tests, key=lambda number: self._tests[number].looked_at)
            gone = [n for n in by_look if now - self._tests[n].looked_at > IDLE_SECONDS]
            gone += [n for n in by_look if n not in gone][: max(0, len(by_look) - len(gone) - MOST_TESTS + 1)]
            closed = [self._tests.pop(number) for number in gone]
        for one in closed:
            with one.lock:
                one.trial.close()

    def close(self, number: int) -> None:
        """End a test. Nothing of it is left."""
        self._require(number)
        with self._lock:
            found = self._tests.pop(number, None)
        if found is not None:
            with found.lock:
                found.trial.close()

    # ------------------------------------------------------------------------------------------ what is done in one

    def list_open(self) -> list[dict[str, Any]]:
        """The tests that are open."""
        with self._lock:
            return [{"id": number, "journey": one.trial.journey, "speed": one.speed} for number, one in self._tests.items()]

    def read(self, number: int) -> dict[str, Any]:
        """How a test stands now."""
        return self._do(number, lambda _trial: None)

    def advance(self, number: int, *, by: str | None = None, to: str | None = None) -> dict[str, Any]:
        """Move the clock of a test: by a duration, to an instant, or, with neither, to when something is due next.

        Raises:
            InvalidInput: neither can be understood.
        """
        length, at = parse_duration(by), parse_instant(to)
        wrong = [
            f"`{name}`: {text!r} can not be understood"
            for name, text, read in (("by", by, length), ("to", to, at))
            if text and read is None
        ]
        if wrong or (by and to):
            problems = wrong or ["say either `by` or `to`"]
            raise InvalidInput(problems[0], problems=problems)

        def move(trial: Trial) -> None:
            goal = at if at is not None else trial.now + length if length is not None else trial.next_due()
            if goal is not None:
                trial.advance_to(goal)

        return self._do(number, move)

    def begin(self, number: int, user_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Let a tester start, or start again."""
        return self._do(number, lambda trial: trial.begin(user_id, properties))

    def happen(self, number: int, user_id: str, event: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Something happens to a tester."""
        return self._do(number, lambda trial: trial.happen(user_id, event, properties))

    def react(self, number: int, user_id: str, step: str, reaction: str) -> dict[str, Any]:
        """A tester opens, clicks or answers the last message of a step."""
        return self._do(number, lambda trial: trial.react(user_id, step, reaction))

    def force(self, number: int, user_id: str, step: str, outcome: str) -> dict[str, Any]:
        """Have a tester go one way out of a step."""
        return self._do(number, lambda trial: trial.force(user_id, step, outcome))

    def walk(
        self, journey: str, *, definitions: Sequence[Mapping[str, Any]] = (), properties: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send a tester along every path of a journey at once. Nothing stays open."""
        wanted = prepare(self._database, journey, definitions)
        return walk(wanted, start=self._clock.now(), properties=properties)

    def _require(self, number: int) -> _Open:
        with self._lock:
            found = self._tests.get(number)
        if found is None:
            msg = f"there is no test {number} that is open: it was ended, nobody looked at it for a day, or relance was started anew; open another"
            raise NotFound(msg)
        return found

    def _do(self, number: int, work: Callable[[Trial], object]) -> dict[str, Any]:
        found = self._require(number)
        with found.lock:
            found.looked_at = self._seconds()
            self._catch_up(found)
            before = found.trial.now
            work(found.trial)
            found.begun_at += found.trial.now - before  # a clock that runs goes on from there
            self._deliver(found)
            told = {"id": number, "speed": found.speed, **found.trial.status()}
            return {**told, "not_delivered": list(found.failures)}

    # ------------------------------------------------------------------------------------------ clocks that run

    def _catch_up(self, one: _Open) -> None:
        if one.speed is not None:
            passed = self._seconds() - one.begun_seconds
            one.trial.advance_to(one.begun_at + round(passed * one.speed * SECOND))

    def _deliver(self, one: _Open) -> None:
        """Hand new messages to the providers, for the addresses that testers gave. What they refuse is told; the test goes on."""
        if not any(one.addresses.values()):
            return
        messages = one.trial.outbound(one.delivered)
        if not messages:
            return
        one.delivered = max(int(message.key.removeprefix("test-")) for message in messages)
        wanted = [
            replace(message, to=to, key=f"{one.key}-{message.key}")
            for message in messages
            if (to := one.addresses[message.user_id].get(message.channel))
        ]
        one.failures += asyncio.run(self._hand_over(wanted))

    async def _hand_over(self, messages: Sequence[OutboundMessage]) -> Failures:
        channels = self._make_channels()
        failures: Failures = []
        for message in messages:
            channel = channels.get(message.channel)
            reason = None if channel is not None else f"no provider is set up for {message.channel}"
            try:
                if channel is not None:
                    await channel.deliver(message)
            except ChannelError as e:
                reason = e.message
            if reason is not None:
                told = {"user_id": message.user_id, "step": message.step_id, "channel": message.channel, "reason": reason}
                failures.append(told)
        if self._closes:
            for channel in channels.values():
                await channel.close()
        return failures

    def turn(self) -> None:
        """Let the clocks that run come to where they are."""
        with self._lock:
            running = [one for one in self._tests.values() if one.speed is not None]
        for one in running:
            with one.lock:
                try:
                    self._catch_up(one)
                    self._deliver(one)
                except RelanceError as e:
                    one.speed = None
                    log.warning("test_stopped", journey=one.trial.journey, code=e.code, message=e.message)

    def _run(self) -> None:
        """A thread, as soon as a test has a clock that runs."""
        with self._lock:
            wanted = any(one.speed is not None for one in self._tests.values())
            if not wanted or self._stopping.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._turns, name="tests", daemon=True)
            self._thread.start()

    def _turns(self) -> None:
        while not self._stopping.wait(TURN_SECONDS):
            self.turn()

    def stop(self) -> None:
        """Close all tests."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(15)
        with self._lock:
            tests = list(self._tests.values())
            self._tests.clear()
        for one in tests:
            with one.lock:
                one.trial.close()
