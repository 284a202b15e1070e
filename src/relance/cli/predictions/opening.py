"""Who answers about predictions: the stores of this machine, or a server over HTTP. Both answer alike."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from relance.cli.asking import answer as answer_any
from relance.cli.asking import find_server
from relance.cli.remote import Remote
from relance.cli.segment.opening import opened_stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relance.cli.place import Place
    from relance.predictions.live.desk import Desk
    from relance.predictions.live.runner import Runner
    from relance.store import Database
    from relance.warehouse import Warehouse

Answer = dict[str, Any]
POLL_SECONDS = 0.5
A_PAGE = 10_000


class Predictions(Protocol):
    """Who answers."""

    def list(self) -> Answer: ...

    def show(self, name: str) -> Answer: ...

    def check(self, name: str) -> Answer: ...

    def scores(self, name: str, *, limit: int, after: int) -> Answer: ...

    def person(self, name: str, user_id: str) -> Answer: ...

    def panel(self, name: str, selection: Mapping[str, Any]) -> Answer: ...

    def run(self, name: str, kind: str, tell: Callable[[Answer], None]) -> Answer: ...

    def cancel(self, name: str) -> Answer: ...

    def target(self, name: str, asked: Mapping[str, Any]) -> Answer: ...


class LocalPredictions:
    """The stores of this machine."""

    def __init__(self, desk: Desk, runner: Runner, database: Database, warehouse: Warehouse) -> None:
        self._desk, self._runner, self._database, self._warehouse = desk, runner, database, warehouse

    def list(self) -> Answer:
        return self._desk.list()

    def show(self, name: str) -> Answer:
        return self._desk.show(name)

    def check(self, name: str) -> Answer:
        return self._desk.check(name)

    def scores(self, name: str, *, limit: int, after: int) -> Answer:
        return self._desk.scores(name, limit=limit, after=after)

    def person(self, name: str, user_id: str) -> Answer:
        return self._desk.person(name, user_id)

    def panel(self, name: str, selection: Mapping[str, Any]) -> Answer:
        return self._desk.panel(name, selection)

    def run(self, name: str, kind: str, tell: Callable[[Answer], None]) -> Answer:
        """It is done here and now; the warehouse is told at once, for no engine runs that would."""
        from relance.journeys.history import tell_scores
        from relance.predictions.live.registry import read_run

        asked = self._desk.build(name, kind)
        with self._database.reading() as connection:
            waiting = read_run(connection, asked["run"])
        self._runner.on_progress = lambda stage, percent: tell({"stage": stage, "percent": percent})
        done = self._runner.run(waiting)
        with self._database.writing() as connection:
            tell_scores(connection, self._warehouse)
        return done.as_json()

    def cancel(self, name: str) -> Answer:
        return self._desk.cancel(name)

    def target(self, name: str, asked: Mapping[str, Any]) -> Answer:
        from relance.clock import SystemClock
        from relance.definitions.prediction_targets import target_prediction

        with self._database.writing() as connection:
            return target_prediction(
                connection, name, asked, asked["create"], now=SystemClock().now(), definition_id=asked.get("id"),
                name=asked.get("name"), template=asked.get("template"), by="cli",
            )  # fmt: skip


class RemotePredictions(Remote):
    """A running server."""

    def list(self) -> Answer:
        return self._ask("GET", "")

    def show(self, name: str) -> Answer:
        return self._ask("GET", self._path(name))

    def check(self, name: str) -> Answer:
        return self._ask("GET", self._path(name, "check"))

    def scores(self, name: str, *, limit: int, after: int) -> Answer:
        return self._ask("GET", self._path(name, "scores"), params={"limit": limit, "after": after})

    def person(self, name: str, user_id: str) -> Answer:
        return self._ask("GET", self._path(name, "person"), params={"user_id": user_id})

    def panel(self, name: str, selection: Mapping[str, Any]) -> Answer:
        return self._ask("POST", self._path(name, "panel"), json=dict(selection))

    def run(self, name: str, kind: str, tell: Callable[[Answer], None]) -> Answer:
        """The server does it; this waits for its end."""
        run = self._ask("POST", self._path(name, kind))
        while run["state"] in ("waiting", "running"):
            tell(run)
            time.sleep(POLL_SECONDS)
            run = self._ask("GET", self._path(name, f"runs/{run['run']}"))
        return run

    def cancel(self, name: str) -> Answer:
        return self._ask("POST", self._path(name, "cancel"))

    def target(self, name: str, asked: Mapping[str, Any]) -> Answer:
        return self._ask("POST", self._path(name, "target"), json=dict(asked))

    @staticmethod
    def _path(name: str, what: str = "") -> str:
        return f"/{quote(name, safe='')}" + (f"/{what}" if what else "")

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        return self._read(self._client.build_request(method, f"predictions{path}", **more))


def answer(place: Place, ask: Callable[[Predictions], int], *, as_json: bool) -> int:
    """Ask whoever answers at a place; what goes wrong is told. Answers the exit code."""
    return answer_any(lambda: open_predictions(place), ask, as_json=as_json)


@contextmanager
def open_predictions(place: Place) -> Iterator[Predictions]:
    """Whoever answers at a place.

    Raises:
        NotFound: there is no store.
        WarehouseError: it can not be opened, such as while a server has it.
    """
    server = find_server(place.url, is_local=any((place.data, place.store, place.warehouse)))
    if server is not None:
        with closing(RemotePredictions(*server)) as remote:
            yield remote
        return
    from relance.clock import SystemClock
    from relance.predictions.live.desk import Desk
    from relance.predictions.live.runner import Runner

    clock = SystemClock()
    with opened_stores(place) as (database, warehouse, workspace):
        runner = Runner(database, warehouse, lambda: workspace, clock, clock.now)
        yield LocalPredictions(Desk(database, warehouse, lambda: workspace, clock, runner.curves), runner, database, warehouse)
