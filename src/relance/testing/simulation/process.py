"""The parts of one process, wired as `relance.app` wires them, over watched stores."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import msgspec

from relance.erasure.performing import Eraser
from relance.eventlog.base import NewChunk
from relance.eventlog.commit import GroupCommitter
from relance.ingest.rejected import record_rejected
from relance.journeys.engine import Engine
from relance.outbox.compose import Composer, TargetNumbers
from relance.outbox.drain import Drain
from relance.runtime.engine_loop import EngineLoop
from relance.runtime.mending import Mender
from relance.runtime.rebuild import make_agree
from relance.segments.judge import WarehouseJudge
from relance.templates.links import LinkSigner
from relance.testing.simulation.faults import WatchedDatabase, WatchedLog
from relance.testing.simulation.loop import SteppedLoop
from relance.warehouse.shared import SharedWarehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from relance.channels import Channel
    from relance.clock import Clock
    from relance.outbox.checks import Claimed
    from relance.outbox.claims import Outcome
    from relance.testing.simulation.disk import Disk
    from relance.testing.simulation.faults import Points
    from relance.workspace import Workspace

PREFIX = "m"
POLL_SECONDS = 600.0
_LINKS = LinkSigner("https://simulated.example", ["a-secret-of-this-world"])


class Sink:
    """Where the drain tells of dead addresses."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer = committer

    def append_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        body = msgspec.json.encode({"batch": list(events)})
        ids = [str(event["messageId"]) for event in events]
        self._committer.commit_now(
            NewChunk(source="relance-links", body=body, message_ids=ids, trusted=True, correct_skew=False)
        )


class SimulatedDrain(Drain):
    """A drain whose transactions have names, and that tells whoever watches."""

    database: WatchedDatabase
    on_claimed: Callable[[Sequence[Claimed]], None]
    on_recorded: Callable[[Sequence[Outcome]], None]

    def claim(self, channel: str, limit: int) -> list[Any]:
        with self.database.named("claim"):
            jobs = super().claim(channel, limit)
        self.on_claimed([job.claimed for job in jobs])
        return jobs

    def record(self, outcomes: Sequence[Outcome]) -> None:
        with self.database.named("record"):
            super().record(outcomes)
        self.on_recorded(outcomes)

    def recover(self, *, lease: int = 600_000_000) -> int:
        with self.database.named("claim"):
            found = super().recover(lease=lease)
        if not found:  # nothing was changed: nobody need look
            self.database.points.n_commits -= 1
        return found


class DrainingProcess:
    """A process that drains: an event loop, and the store."""

    def __init__(self, number: int, disk: Disk, points: Points, clock: Clock, seconds: Callable[[], float]) -> None:
        self.number = number
        self.clock = clock
        self.database = WatchedDatabase(disk.open_store(), points)
        self.loop = SteppedLoop(seconds)
        self.sink: Sink | None = None

    def start_drain(
        self, channels: Mapping[str, Channel], workspace: Callable[[], Workspace], seed: int, *, alone: bool,
        on_claimed: Callable[[Sequence[Claimed]], None], on_recorded: Callable[[Sequence[Outcome]], None],
    ) -> None:  # fmt: skip
        """Begin to drain, at the next step of the loop."""
        composer = Composer(workspace, _LINKS, TargetNumbers(self.database), prefix=PREFIX)
        self.drain = SimulatedDrain(
            self.database, self.clock, channels, composer, workspace, events=self.sink, prefix=PREFIX,
            randomness=Random(f"{seed} drain {self.number}"), name=f"worker-{self.number}",  # noqa: S311 - a world is no secret
        )  # fmt: skip
        self.drain.database, self.drain.on_claimed, self.drain.on_recorded = self.database, on_claimed, on_recorded
        self.loop.within(lambda: self.loop.create_task(self.drain.run(poll_seconds=POLL_SECONDS, alone=alone)))

    def die(self) -> None:
        """Nobody goes on; what was not committed is gone."""
        self.database.dead = True
        self.loop.abandon()
        self.database.close()


class MainProcess(DrainingProcess):
    """The process that takes events and runs the engine, and drains as well."""

    def __init__(self, number: int, disk: Disk, points: Points, clock: Clock, seconds: Callable[[], float]) -> None:
        super().__init__(number, disk, points, clock, seconds)
        self.log = WatchedLog(disk.open_log(clock), points)
        self._disk = disk
        self._points = points

    def open(self) -> None:
        """Make the stores agree, as at every start; a crash may come in the middle of it."""
        self.log.claim()
        self.committer = GroupCommitter(self.log, threaded=False)
        self.sink = Sink(self.committer)
        warehouse = self._disk.open_warehouse(self._points)
        with self.database.named("relay"):
            self.was_rebuilt = make_agree(self.database, self.log, warehouse, self.committer.commit_now)
        engine = Engine(warehouse, lambda workspace: WarehouseJudge(warehouse, workspace), prefix=PREFIX)
        mender = Mender(warehouse, SharedWarehouse(warehouse), lambda _: False)
        self.engine_loop = EngineLoop(
            self.database,
            self.log,
            engine,
            self.committer.commit_now,
            record_rejected,
            mender=mender,
            eraser=Eraser(self.database, self.log, warehouse, self.loop.time),
        )
        self.engine_loop.refresh()

    def die(self) -> None:
        super().die()
        self.log.close()
        self._disk.lose_power()
