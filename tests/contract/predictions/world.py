"""A store, a warehouse, the engine between them, and predictions that are run by hand in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import parse_instant
from relance.definitions.check import check_definitions
from relance.definitions.load import load_text
from relance.definitions.store import apply, load_documents, load_workspace
from relance.events.model import Event
from relance.events.parse import parse_item
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.predictions.live import registry
from relance.predictions.live.desk import Desk
from relance.predictions.live.runner import Runner
from relance.predictions.live.worker import OwnHands
from relance.segments.judge import WarehouseJudge, make_compiler
from relance.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relance.predictions.live.registry import Current, Run
    from relance.store import Database
    from relance.warehouse import Warehouse

BUYS = """
kind: prediction
id: buys-30d
name: Buys within a month
target: {event: Order Completed}
window: 30d
mode: active
rescore: {every: day, at: "03:00"}
retrain_after: 90d
"""


@dataclass
class World:
    """Everything of a small installation; its clock moves when it is told to."""

    database: Database
    warehouse: Warehouse
    now: int = 0
    workspace: Workspace = field(default_factory=Workspace)
    announced: list[Mapping[str, Any]] = field(default_factory=list)
    n_events: int = 0

    def __post_init__(self) -> None:
        self.engine = Engine(self.warehouse, lambda workspace: WarehouseJudge(self.warehouse, workspace))
        self.clock = _Clock(self)
        self.runner = Runner(
            self.database, self.warehouse, lambda: self.workspace, self.clock, lambda: self.now, self.announced.extend,
            lambda _: OwnHands(),
        )  # fmt: skip
        self.desk = Desk(self.database, self.warehouse, lambda: self.workspace, self.clock, self.runner.curves)
        self.use("")

    def use(self, definitions: str) -> None:
        """Publish definitions."""
        with self.database.writing() as connection:
            if definitions:
                documents = load_text(definitions).require()
                found = check_definitions(documents, published=load_documents(connection))
                assert [] == [p.message for p in found if p.severity == "error"]
                apply(connection, documents, self.now)
            self.workspace = load_workspace(connection)
            self.engine.use(connection, self.workspace)

    def send(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Events, each received when it happened; time goes on to the last of them."""
        parsed: list[Event] = []
        for told in events:
            self.n_events += 1
            at = parse_instant(told["timestamp"]) or 0
            item = msgspec.json.decode(msgspec.json.encode({"messageId": f"e{self.n_events}", **told}))
            event = parse_item(item, position=self.n_events, source="file", received_at=at, trusted=True, history=False)
            assert isinstance(event, Event)
            parsed.append(event)
        self.move_to(max([self.now, *(e.received_at for e in parsed)]), parsed)

    def move_to(self, at: int, events: Sequence[Event] = ()) -> None:
        """Let time pass."""
        self.now = at
        advance(self.engine, self.database.writing, events, position=self.n_events, until=at, timezone="UTC")

    def work(self) -> None:
        """Do all that is due, and let the engine know."""
        for _ in range(10):
            worked = self.runner.work()
            self.move_to(self.now + 1)
            if not worked:
                return

    def last_run(self, name: str = "buys-30d") -> Run:
        with self.database.reading() as connection:
            return registry.read_runs(connection, name, 1)[0]

    def current(self, name: str = "buys-30d") -> Current:
        with self.database.reading() as connection:
            found = registry.read_current(connection, name)
        assert found is not None
        return found

    def scores(self, name: str = "buys-30d") -> dict[str, dict[str, Any]]:
        """What is said of everybody, by user id."""
        return {s.pop("user_id"): s for s in registry.read_all_scores(self.database, name)}

    def members(self, condition: Mapping[str, Any]) -> set[str]:
        """Whom a condition holds for now."""
        from relance.conditions.read import parse_condition

        question = make_compiler(self.workspace).compile(parse_condition(condition))
        found = self.warehouse.members(question, self.now)
        people = {p.profile_id: p for p in self.warehouse.people(found)}
        assert set(found) == {p for p in found if question.holds(people[p], self.now, 1 << 61)}, (
            "the plain reading says otherwise"
        )
        with self.database.reading() as connection:
            return {name for p, name in connection.rows("SELECT profile_id, user_id FROM profiles") if p in set(found)}


@dataclass
class _Clock:
    world: World

    def now(self) -> int:
        return self.world.now
