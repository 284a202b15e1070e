"""One world from its first event to its rest: who works next, and when time moves on."""

from __future__ import annotations

import math
import traceback
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from relance.clock import FAR_FUTURE, HOUR, SECOND
from relance.definitions.load import load_text
from relance.definitions.store import apply
from relance.errors import RelanceError
from relance.eventlog.base import LogUnavailable, NewChunk
from relance.store import open_database
from relance.testing.simulation import books, claims
from relance.testing.simulation.faults import Crash, Points
from relance.testing.simulation.plan import REST, SPAN, START
from relance.testing.simulation.process import DrainingProcess, MainProcess
from relance.testing.simulation.provider import Ledger, SimulatedProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.eventlog.commit import Waiting
    from relance.testing.simulation.disk import Disk
    from relance.testing.simulation.plan import Fault, Plan

SOURCE = "backend"
MOST_ACTIONS = 60_000
RETRY_AFTER = SECOND // 10  # as the engine's thread pauses after a failure
# When something may happen by itself: timers, edges of windows, outcomes that the engine is to learn of.
_NEXT = """SELECT MIN(at) FROM (SELECT MIN(due_at) AS at FROM timers UNION ALL SELECT MIN(at) FROM segment_edges
    UNION ALL SELECT MIN(decided_at) FROM message_outcomes) x"""


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must never be."""

    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.detail}"


@dataclass(slots=True)
class Report:
    """What came of a world."""

    violations: list[Violation] = field(default_factory=list)
    fired: list[Fault] = field(default_factory=list)
    n_actions: int = 0
    n_commits: int = 0
    n_starts: int = 0
    n_calls: int = 0
    state: dict[str, Any] = field(default_factory=dict)  # what people could tell apart, see `books.effects`
    trace: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """One request of a client, which sends it until it is acknowledged."""

    at: int
    item: dict[str, Any]
    source: str
    waiting: Waiting | None = None


class Action(NamedTuple):
    """Something that could be done now."""

    name: str
    call: Callable[[], object]


class World:
    """Everything there is, in one thread."""

    def __init__(self, plan: Plan, disk: Disk, *, traced: bool = False) -> None:
        self.plan = plan
        self.disk = disk
        self.now = START
        self.skew = 0  # of the processes' clock
        self.report = Report()
        self.ledger = Ledger()
        self.acknowledged: dict[tuple[str, str], int] = {}  # source and messageId → when
        self.watcher = claims.ClaimWatcher(self.ledger, asks_consent="email: none" not in plan.definitions)
        self.points = Points(plan.faults, self._pause)
        self._random = Random(f"schedule {plan.seed}")  # noqa: S311 - a world is no secret
        self._coming = sorted(  # requests whose time has not come, the last first
            (Request(at, e.item, SOURCE) for e in plan.events for at in (e.at, *e.again_at)), key=lambda q: -q.at
        )
        self._requests: list[Request] = []  # those that are not acknowledged yet
        self._timed = sorted(
            [(f.at, f.kind, f) for f in plan.faults if f.at]
            + [(t.until, "end", t) for t in plan.faults if t.kind == "trouble"],
            key=lambda f: f[:2],
        )  # fmt: skip
        self._changes_at = plan.changed_at if plan.changed else None
        self._rested: int | None = None  # how many commits there were when the engine found nothing to do
        self._engine_due = 0  # when it may have something to do all the same
        self._retry_at = 0
        self._in_engine = False
        self._traced = traced

    # ------------------------------------------------------------------------------------------ as a clock

    def seconds(self) -> float:
        """The time of event loops: it never goes back."""
        return self.now / SECOND

    class _Clock:
        def __init__(self, world: World) -> None:
            self._world = world

        def now(self) -> int:
            return self._world.now + self._world.skew

    # ------------------------------------------------------------------------------------------ processes

    def _start_main(self) -> None:
        while True:
            self.report.n_starts += 1
            process = MainProcess(self.report.n_starts, self.disk, self.points, World._Clock(self), self.seconds)
            self._rested = None
            try:
                process.open()
            except Crash:
                process.die()
                continue
            except RelanceError as e:  # a commit that was refused: whoever started it starts it again
                process.die()
                self._tell(f"start failed: {e.message}")
                continue
            self.main = process
            break
        self._drain(process)

    def _start_worker(self) -> None:
        self.report.n_starts += 1
        self.worker = DrainingProcess(self.report.n_starts, self.disk, self.points, World._Clock(self), self.seconds)
        self._drain(self.worker)

    def _drain(self, process: DrainingProcess) -> None:
        troubles = [f for f in self.plan.faults if f.kind == "trouble"]
        number = process.number
        providers = {
            channel: SimulatedProvider(
                channel, self.ledger, troubles, lambda: self.now, self.plan.seed, self.plan.reactions, lambda: number,
                at_once=self.plan.calm,
            )
            for channel in ("email", "sms", "push")
        }  # fmt: skip
        process.start_drain(
            providers, lambda: self.main.engine_loop.workspace, self.plan.seed, alone=self.plan.workers == 1,
            on_claimed=lambda claimed: self._note(self.watcher.claimed(process.database, process.number, claimed, process.clock.now())),
            on_recorded=lambda outcomes: self.watcher.recorded(process.number, outcomes),
        )  # fmt: skip

    def _die(self, process: DrainingProcess) -> None:
        self._tell(f"process {process.number} dies")
        process.die()
        if process is not self.main:
            self._start_worker()
            return
        for request in self._requests:  # nobody told the client: it sends again
            if request.waiting is not None and request.waiting.outcome is None:
                request.waiting = None
        self._in_engine = False
        self._start_main()

    # ------------------------------------------------------------------------------------------ what happens

    def run(self) -> Report:
        """Play the world to its end, and check its books."""
        database = open_database(self.disk.store_url or f"sqlite:///{self.disk.folder}/store.db")
        with database.writing() as connection:
            apply(connection, load_text(self.plan.definitions).require(), START)
        database.close()
        self._start_main()
        if self.plan.workers > 1:
            self._start_worker()
        while not self.report.violations:
            while (actions := self._actions()) and not self.report.violations:
                self._do(actions[0] if self.plan.calm else self._random.choice(actions))
                self.report.n_actions += 1
                if self.report.n_actions > MOST_ACTIONS:
                    self._note([("never rests", f"{MOST_ACTIONS} actions, the last {actions}")])
            if self.report.violations or not self._advance():
                break
        if not self.report.violations:
            self._note(books.check(self))
        self.report.fired = self.points.fired
        self.report.n_commits = self.points.n_commits
        self.report.n_calls = len(self.ledger.calls)
        self.report.state = {} if self.report.violations else books.effects(self)
        return self.report

    def close(self) -> None:
        """Let go of everything."""
        self.main.die()
        if self.plan.workers > 1:
            self.worker.die()
        self.disk.close()

    def _actions(self) -> list[Action]:
        """What could be done now, in the order in which calm worlds do it."""
        found: list[Action] = []
        if self._timed and self._timed[0][0] <= self.now:
            return [Action("fault", self._let_happen)]
        if self._changes_at is not None and self._changes_at <= self.now:
            return [Action("publish", self._publish)]
        while self._coming and self._coming[-1].at <= self.now:
            self._requests.append(self._coming.pop())
        if any(self._is_unsent(q) for q in self._requests):
            found.append(Action("send", self._send))
        if self.main.committer.n_waiting:
            found.append(Action("commit", self._commit))
        is_idle = self._rested == self.points.n_commits and self.now < self._engine_due
        if not self._in_engine and self._retry_at <= self.now and not is_idle:
            found.append(Action("engine", self._work))
        for process in (self.main, self.worker) if self.plan.workers > 1 else (self.main,):
            if process.loop.is_ready:
                found.append(Action(f"loop {process.number}", process.loop.step))
            if process.loop.jobs:
                found.append(Action(f"job {process.number}", lambda p=process: self._job(p)))  # type: ignore[misc]
        return found

    def _do(self, action: Action) -> None:
        self._tell(action.name)
        process = self.worker if self.plan.workers > 1 and action.name.endswith(f" {self.worker.number}") else self.main
        if self.plan.slow and self._random.random() < 0.15:
            self.now += self._random.choice((1, 1_000, 50_000, 2 * SECOND))
        try:
            action.call()
        except Crash:
            if self._in_engine and process is self.main:
                raise
            self._die(process)

    def _work(self) -> None:
        self._in_engine = True
        before = self.points.n_commits
        try:
            worked = self.main.engine_loop.work()
        except RelanceError as e:
            self._tell(f"engine: {e.code}: {e.message}")
            if not isinstance(e, ConnectionError):
                self._note([("the engine broke", f"{e.code}: {e.message}")])
            self._retry_at = self.now + RETRY_AFTER
        except Crash:
            self._in_engine = False
            raise
        except Exception:  # noqa: BLE001 - a bug is a finding, with the seed that shows it
            self._note([("the engine broke", traceback.format_exc(limit=-6))])
        else:
            if worked:
                self.main.drain.wake()
            elif before == self.points.n_commits:
                self._rested, self._engine_due = before, self._next_due()
        self._in_engine = False

    def _pause(self) -> None:
        """Between two transactions of the engine others may work."""
        if self.plan.calm or not self._in_engine or self._random.random() < 0.6:
            return
        for _ in range(self._random.randrange(1, 4)):
            actions = [a for a in self._actions() if a.name not in {"fault", "publish", "engine"}]
            if not actions:
                return
            self._do(self._random.choice(actions))

    def _send(self) -> None:
        for request in self._requests:
            if self._is_unsent(request):
                if self._random.random() < 0.3 and not self.plan.calm:
                    continue  # another client is quicker
                body = msgspec.json.encode({"batch": [request.item]})
                request.waiting = self.main.committer.submit(
                    NewChunk(
                        source=request.source,
                        body=body,
                        message_ids=[request.item["messageId"]],
                        trusted=True,
                        correct_skew=False,
                    )
                )

    @staticmethod
    def _is_unsent(request: Request) -> bool:
        return request.waiting is None or isinstance(request.waiting.outcome, RelanceError)

    def _commit(self) -> None:
        waiting = [q for q in self._requests if q.waiting is not None and q.waiting.outcome is None]
        try:
            self.main.committer.write_group()
        finally:  # whoever was told before a crash was told
            for request in waiting:
                if request.waiting is not None and isinstance(request.waiting.outcome, int):
                    self.acknowledged.setdefault((request.source, request.item["messageId"]), self.now)
                    self._requests.remove(request)

    def _job(self, process: DrainingProcess) -> None:
        jobs = process.loop.jobs
        job = jobs.pop(0 if self.plan.calm else self._random.randrange(len(jobs)))
        process.loop.within(job)

    def _let_happen(self) -> None:
        _, kind, fault = self._timed.pop(0)
        self._tell(str(fault))
        if kind in {"jump", "twin", "worker", "trouble"}:
            self.points.fired.append(fault)
        if kind == "jump":
            self.skew += fault.by
            self._rested = None
        elif kind == "worker":
            self._die(self.worker)
        elif kind == "twin" and not self.disk.store_url:
            twin = self.disk.open_log(World._Clock(self))
            try:
                twin.claim()
            except LogUnavailable:
                pass
            else:
                self._note([("a second engine ran", "another process could claim the log")])
            finally:
                twin.close()

    def _publish(self) -> None:
        due, self._changes_at = self._changes_at, self.now + SECOND  # whoever publishes tries again
        try:
            with self.main.database.named("relay"), self.main.database.writing() as connection:
                apply(connection, load_text(self.plan.changed or "").require(), self.now + self.skew)
        except RelanceError:
            self._tell(f"not published, as wanted at {due}")
            return
        self._changes_at = None
        self._rested = None

    # ------------------------------------------------------------------------------------------ time

    def _advance(self) -> bool:
        """On to the next instant at which something may happen. Answers False at the end."""
        if self.ledger.reactions:
            self._coming += [Request(at, item, "relance-links") for at, item in self.ledger.reactions]
            self._coming.sort(key=lambda q: -q.at)
            self.ledger.reactions.clear()
        coming = [q.at for q in self._coming[-1:]] + [at for at, *_ in self._timed[:1]] + [self._engine_due]
        if self._changes_at is not None:
            coming.append(self._changes_at)
        for process in (self.main, self.worker) if self.plan.workers > 1 else (self.main,):
            at = process.loop.next_at()
            if at is not None:
                coming.append(math.ceil(at * SECOND) + 1)
        if self._retry_at > self.now:
            coming.append(self._retry_at)
        self.now = max(self.now + 1, min(coming))
        return self.now < START + SPAN + REST

    def _next_due(self) -> int:
        """When the engine has something to do, if nobody tells it anything before."""
        with self.main.database.reading() as connection:
            due = connection.value(_NEXT)
        ours = self.now + self.skew
        by_the_hour = -(-ours // HOUR) * HOUR  # schedules
        return max(self.now, min(by_the_hour, FAR_FUTURE if due is None or due < ours else due) - self.skew) + 1

    # ------------------------------------------------------------------------------------------ telling

    def _note(self, found: list[tuple[str, str]]) -> None:
        self.report.violations += [Violation(rule, detail) for rule, detail in found]

    def _tell(self, what: str) -> None:
        if self._traced:
            self.report.trace.append(f"{(self.now - START) / SECOND:>16.6f}  {what}")
