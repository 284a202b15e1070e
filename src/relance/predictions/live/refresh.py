"""Scores people anew as soon as something happened to them, for predictions that ask for it (`rescore: {on_event: true}`).

Behind the engine: it looks at what ticks wrote to the warehouse, at some people at a time, and lets a niced process do the
work. It rests as long as a round took, so that it never has more than half of a core.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog

from relance.conditions.read import parse_condition
from relance.errors import InternalError
from relance.predictions.live import registry
from relance.predictions.live.definition import parse_prediction
from relance.predictions.live.gather import LEFT_OUT, gather_people, texts
from relance.predictions.live.next_event import instants_of
from relance.predictions.live.places import place_among
from relance.predictions.live.worker import Cancelled, Hands, WorkerProcess, drop_part, save_part
from relance.predictions.measures import categories_of, scores_of
from relance.predictions.modes import ACTIVE
from relance.segments.judge import make_compiler
from relance.store import load_queries
from relance.warehouse.base import FAR_SEQ, Moments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.clock import Clock
    from relance.predictions.live.definition import Prediction
    from relance.predictions.live.page import Curve
    from relance.predictions.live.registry import Current
    from relance.store import Database
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

log = structlog.get_logger(__name__)
_sql = load_queries("relance.predictions.live", "gather.sql")

AT_ONCE = 200  # people a round
MOST_WAITING = 20_000  # people; what is more, as in an import, is left to the next scoring of everybody
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 2.0
_TICK = "SELECT tick FROM engine_state WHERE id = 1"


@dataclass
class _Line:
    """Who waits for one prediction."""

    prediction: Prediction
    waiting: dict[int, int] = field(default_factory=dict)  # when what they did was received, by profile
    meanwhile: dict[int, int] = field(
        default_factory=dict
    )  # the same, while everybody is scored: they are scored again after it


@dataclass
class Refresher:
    """Works on one installation. Called by one thread.

    Args:
        database: the store.
        warehouse: what is asked.
        workspace: the definitions in force.
        clock: the time.
        reached: up to when everything that was received is in the warehouse, 0 before the engine began.
        curves: the scores of the last scorings, by prediction and instant.
        hands: makes whoever scores.
    """

    database: Database
    warehouse: ReadableWarehouse
    workspace: Callable[[], Workspace]
    clock: Clock
    reached: Callable[[], int]
    curves: dict[tuple[str, int], Curve]
    hands: Callable[[Callable[[], bool]], Hands] = WorkerProcess
    n_refreshed: int = 0
    _lines: dict[str, _Line] = field(default_factory=dict)
    _known: Workspace | None = None
    _tick: int = -1  # of the engine, up to which it was looked who did something
    _working: Hands | None = None
    _folder: Path | None = None
    _models: dict[str, int] = field(default_factory=dict)  # the version that stands in the folder
    _stopping: threading.Event = field(default_factory=threading.Event)
    _seconds: float = 0.0

    def work(self) -> bool:
        """Look who did something, and score some of them anew. Answers whether to go on at once."""
        self._seconds = 0.0
        if self.reached() == 0:
            return False
        self._take_definitions()
        if not self._lines:
            self._tick = -1
            self._let_go()
            return False
        self._find()
        began = time.perf_counter()
        try:
            for line in self._lines.values():
                if line.waiting or line.meanwhile or self._working is None:
                    self._refresh(line)
        except InternalError:
            self._let_go()  # another process does it next time
            raise
        except Cancelled:  # the process ends
            self._let_go()
        self._seconds = time.perf_counter() - began
        return False

    def wait(self) -> None:
        """Rest as long as the last round took."""
        self._stopping.wait(min(max(PAUSE_SECONDS, self._seconds), LONGEST_PAUSE_SECONDS))

    def stop(self) -> None:
        """The process ends."""
        self._stopping.set()

    def close(self) -> None:
        """End whoever scores."""
        self._let_go()

    def _take_definitions(self) -> None:
        workspace = self.workspace()
        if workspace is self._known:
            return
        wanted = [parse_prediction(body) for body in workspace.predictions.values()]
        before = self._lines
        self._lines = {}
        for prediction in wanted:
            if prediction.mode == ACTIVE and prediction.on_event:
                line = before.get(prediction.id) or _Line(prediction)
                line.prediction = prediction
                self._lines[prediction.id] = line
        self._known = workspace

    def _find(self) -> None:
        """Whom something happened to, in ticks that the store knows."""
        with self.database.reading() as connection:
            tick = int(connection.value(_TICK))
        after, self._tick = self._tick, tick
        if after < 0 or tick <= after:  # what happened while nobody looked is left to the next scoring
            return
        asked = _sql["touched"].format(after=after, until=tick, left_out=texts(LEFT_OUT))
        found = self.warehouse.read_table(asked)
        people = dict(zip(found["profile_id"].to_pylist(), found["known"].to_pylist(), strict=True))
        for line in self._lines.values():
            line.waiting |= people
            if len(line.waiting) > MOST_WAITING:
                log.info("refresh_left_to_the_next_scoring", prediction=line.prediction.id, people=len(line.waiting))
                line.waiting.clear()

    def _refresh(self, line: _Line) -> None:
        """Score some of those who wait."""
        prediction = line.prediction
        with self.database.reading() as connection:
            current = registry.read_current(connection, prediction.id)
            busy = connection.row(registry.sql["open_run"], {"prediction": prediction.id}) is not None
        if current is None or current.definition_digest != prediction.digest:
            line.waiting.clear()  # it is built, or built anew: with it everybody is scored
            return
        if not busy and line.meanwhile:  # the scoring that ended did not see what they did
            line.waiting |= line.meanwhile
            line.meanwhile.clear()
        people = dict(islice(line.waiting.items(), AT_ONCE))
        if not people:
            self._get_ready(prediction, current)
            return
        as_of = max(self.reached(), *people.values()) + 1
        ids = self._in_audience(prediction, sorted(people), as_of)
        if ids:
            self._score(prediction, current, ids, as_of)
        for profile in people:
            del line.waiting[profile]
        if busy and len(line.meanwhile) < MOST_WAITING:
            line.meanwhile |= people

    def _get_ready(self, prediction: Prediction, current: Current) -> None:
        """Have somebody who has loaded what it takes: the first to come would wait for seconds. Nothing is kept of what is told."""
        if self._working is None:
            with self.database.reading() as connection:
                anybody = registry.read_scores(connection, prediction.id, limit=1)
            if anybody:
                self._ask(prediction, current, [anybody[0]["profile_id"]], self.reached() + 1)

    def _in_audience(self, prediction: Prediction, people: Sequence[int], as_of: int) -> list[int]:
        if prediction.audience is None:
            return list(people)
        question = make_compiler(self.workspace()).compile(parse_condition(prediction.audience))
        n = len(people)
        held = self.warehouse.ask(question, Moments(list(people), [as_of - 1] * n, [FAR_SEQ] * n))
        return [profile for profile, holds in zip(people, held, strict=True) if holds]

    def _score(self, prediction: Prediction, current: Current, ids: Sequence[int], as_of: int) -> None:
        columns = self._ask(prediction, current, ids, as_of)
        if not len(columns["ids"]):
            return
        score = scores_of(columns["probability"], current.base_rate)
        n = len(score)
        values = columns["value"].tolist() if "value" in columns else [registry.UNKNOWN] * n
        next_at = instants_of(columns["next_in"], as_of) if "next_in" in columns else [None] * n
        scores, now = self._curve(prediction.id, current).scores, self.clock.now()
        rows = []
        with self.database.writing() as connection:
            told_of = (
                columns["ids"].tolist(),
                columns["probability"].tolist(),
                score.tolist(),
                categories_of(score),
                values,
                next_at,
            )
            for profile, probability, points, category, value, then in zip(*told_of, strict=True):
                before = connection.row(registry.sql["one_score"], {"prediction": prediction.id, "profile_id": profile})
                own = before[0] if before is not None and before[1] else None
                place = place_among(scores, own, points)
                rows.append(
                    (prediction.id, profile, now, current.version, probability, points, category, *place, value, then, 0, 1)
                )
            connection.execute_many(registry.sql["put_score"], rows)
        self.n_refreshed += len(rows)

    def _ask(self, prediction: Prediction, current: Current, ids: Sequence[int], as_of: int) -> dict[str, Any]:
        """What the model says of some people, by column; `ids` are those of whom it says anything."""
        model, target = self._model_of(prediction.id, current.version), self.workspace().predictions[prediction.id]["target"]
        stem = save_part(gather_people(self.warehouse, as_of, ids), model.parent, "people")
        out = str(model.parent / "scores.npz")
        asked = {"do": "score", "target": target, "model": str(model), "as_of": as_of, "part": stem, "out": out}
        try:
            self._hands().perform(asked, lambda stage, share: None)  # noqa: ARG005
        finally:
            drop_part(stem)
        with np.load(out) as told:
            return {name: told[name] for name in told.files}

    def _curve(self, name: str, current: Current) -> Curve:
        found = self.curves.get((name, current.scored_at))
        if found is None:
            found = self.curves[name, current.scored_at] = registry.read_curve(self.database, name)
        return found

    def _model_of(self, name: str, version: int) -> Path:
        """Where the model stands as a file."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="relance-refresh-"))
        path = self._folder / f"{name}-{version}.json"
        if self._models.get(name) != version:
            with self.database.reading() as connection:
                path.write_text(registry.read_model(connection, name, version)[1], encoding="utf-8")
            (self._folder / f"{name}-{self._models.get(name)}.json").unlink(missing_ok=True)
            self._models[name] = version
        return path

    def _hands(self) -> Hands:
        if self._working is None:
            self._working = self.hands(self._stopping.is_set)
        return self._working

    def _let_go(self) -> None:
        if self._working is not None:
            self._working.close()
            self._working = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            self._models.clear()
