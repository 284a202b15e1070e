"""Does what is due: builds, rescorings, announcements. One at a time, beside the engine, in a process of its own.

A run that fails says why and leaves the last good model serving: that one is replaced in one step, at the very end.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog

from relance.clock import format_instant
from relance.conditions.read import parse_condition
from relance.errors import RelanceError, UserError
from relance.events.names import PREDICTION_SCORED
from relance.localtime import UTC_ZONE, find_zone
from relance.predictions.families import SEED
from relance.predictions.live import registry
from relance.predictions.live.definition import parse_prediction
from relance.predictions.live.everybody import Told, score_parts
from relance.predictions.live.gather import Gathering
from relance.predictions.live.model import digest_of
from relance.predictions.live.next_event import instants_of
from relance.predictions.live.outcomes import find_drift, measure_scoring
from relance.predictions.live.page import Curve, spread_of
from relance.predictions.live.registry import Run, Scores, Version
from relance.predictions.live.schedule import what_is_due
from relance.predictions.live.spread import as_json
from relance.predictions.live.worker import Cancelled, Hands, WorkerProcess, drop_part, save_part
from relance.predictions.measures import categories_of, scores_of
from relance.predictions.modes import ACTIVE, BUILT_ONCE, DRAFT
from relance.predictions.study import cutoffs_looked_at
from relance.segments.judge import make_compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from relance.clock import Clock
    from relance.predictions.live.definition import Prediction
    from relance.store import Database
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

log = structlog.get_logger(__name__)

ANNOUNCED_AT_ONCE = 500
_BUILD, _RESCORE = "build", "rescore"


@dataclass
class Runner:
    """Works on the runs of one installation. Called by one thread.

    Args:
        database: the store.
        warehouse: what is asked.
        workspace: the definitions in force.
        clock: the time.
        reached: up to when everything that was received is in the warehouse, 0 before the engine began.
        append: puts events into the log.
        hands: makes whoever learns; told how to find out that the run was taken back.
        folder: where what is gathered stands meanwhile; the system's own if none.
    """

    database: Database
    warehouse: ReadableWarehouse
    workspace: Callable[[], Workspace]
    clock: Clock
    reached: Callable[[], int]
    append: Callable[[Sequence[Mapping[str, Any]]], object] = lambda _: None
    hands: Callable[[Callable[[], bool]], Hands] = WorkerProcess
    folder: Path | None = None
    on_progress: Callable[[str, float], object] | None = None  # told beside the store
    curves: dict[tuple[str, int], Curve] = field(default_factory=dict)  # by prediction and scoring, for the page
    _begun: bool = False
    _stopping: bool = False

    def work(self) -> bool:
        """Do one thing that is due. Answers whether there was any."""
        if not self._begun:
            with self.database.writing() as connection:  # what a stop cut short
                connection.execute(registry.sql["interrupted_runs"])
            self._begun = True
        if self.reached() == 0:
            return False
        announced = self.announce()
        self.ask_what_is_due()
        with self.database.reading() as connection:
            row = connection.row(registry.sql["next_run"])
        if row is None:
            return self.measure() or announced > 0
        done = self.run(Run(*row))
        log.info("prediction_run", prediction=done.prediction, kind=done.kind, state=done.state, message=done.message)
        return True

    def stop(self) -> None:
        """The process ends: what runs is cut short, and begun again by the next start."""
        self._stopping = True

    # ------------------------------------------------------------------ what is due

    def ask_what_is_due(self) -> None:
        """Write down what is due. Effects: writes `prediction_runs`."""
        workspace, now = self.workspace(), self.clock.now()
        zone = find_zone(workspace.settings.timezone) or UTC_ZONE
        for body in workspace.predictions.values():
            prediction = parse_prediction(body)
            with self.database.reading() as connection:
                current = registry.read_current(connection, prediction.id)
                runs = registry.read_runs(connection, prediction.id, 1)
                hidden = (
                    current is not None and prediction.mode == ACTIVE and connection.row(_HIDDEN, {"prediction": prediction.id})
                )
            last = runs[0] if runs else None
            due = what_is_due(prediction, current, last, now, zone)
            if due == _RESCORE and current is not None:
                with self.database.reading() as connection:
                    drifted = bool(find_drift(connection, prediction.id, current)["alarm"])
                due = what_is_due(prediction, current, last, now, zone, drifted=drifted)
            if due is None and not hidden:
                continue
            with self.database.writing() as connection:
                if hidden:  # it was a preview
                    connection.execute(registry.sql["tell_hidden"], {"prediction": prediction.id, "at": now})
                if due is not None:
                    registry.ask_run(connection, prediction.id, due, prediction.digest, now=now)

    # ------------------------------------------------------------------ one run

    def run(self, run: Run) -> Run:
        """Do one run to its end, whatever that is; answers how it ended."""
        with self.database.writing() as connection:
            started = connection.execute(registry.sql["start_run"], {"run_id": run.run_id, "now": self.clock.now()})
        if started:
            state, code, message = "done", "", ""
            try:
                self._perform(run)
            except Cancelled:
                if self._stopping:
                    return run
                state = "cancelled"
            except RelanceError as e:
                state, code, message = "failed", e.code, e.message
            except Exception as e:  # a bug in a build must not end the loop: it is told, and the last good model serves on
                log.exception("prediction_broken", prediction=run.prediction)
                state, code, message = "failed", "internal_error", f"{type(e).__name__}: {e}"
            with self.database.writing() as connection:
                registry.end_run(connection, run.run_id, state, now=self.clock.now(), code=code, message=message)
        with self.database.reading() as connection:
            return registry.read_run(connection, run.run_id)

    def _perform(self, run: Run) -> None:
        body = self.workspace().predictions.get(run.prediction)
        if body is None:
            msg = f"there is no prediction {run.prediction!r} any more"
            raise UserError(msg)
        prediction = parse_prediction(body)
        folder = Path(tempfile.mkdtemp(prefix="relance-prediction-", dir=self.folder))

        def more_hands() -> Hands:
            return self.hands(lambda: self._is_cancelled(run))

        hands = more_hands()
        try:
            _Job(self, run, prediction, body["target"], folder, hands, more_hands).perform()
        finally:
            hands.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _is_cancelled(self, run: Run) -> bool:
        if self._stopping:
            return True
        with self.database.reading() as connection:
            return registry.read_run(connection, run.run_id).state != "running"

    def tell(self, run: Run, stage: str, percent: float) -> None:
        """Write down how far a run is.

        Raises:
            Cancelled: it was taken back.
        """
        if self.on_progress is not None:
            self.on_progress(stage, percent)
        with self.database.writing() as connection:
            row = {"run_id": run.run_id, "stage": stage, "percent": int(percent)}
            if not connection.execute(registry.sql["tell_run"], row) or self._stopping:
                raise Cancelled

    # ------------------------------------------------------------------ what became of scores

    def measure(self) -> bool:
        """Measure one scoring whose window has ended. Answers whether there was any."""
        workspace = self.workspace()
        for body in workspace.predictions.values():
            prediction = parse_prediction(body)
            if prediction.mode in (DRAFT, *BUILT_ONCE):
                continue
            until = {"prediction": prediction.id, "until": self.reached() - prediction.window}
            with self.database.reading() as connection:
                row = connection.row(registry.sql["unmeasured"], until)
            if row is None:
                continue
            at, _, base_rate, digest, total = row
            report = None  # something else is foretold by now: there is nothing to hold it against
            if digest == prediction.digest:
                report = measure_scoring(self.warehouse, make_compiler(workspace), prediction, at, base_rate, total)
            told = {
                "prediction": prediction.id,
                "at": at,
                "now": self.clock.now(),
                "report": json.dumps(report) if report else None,
            }
            with self.database.writing() as connection:
                connection.execute(registry.sql["measured"], told)
            return True
        return False

    # ------------------------------------------------------------------ changes of category

    def announce(self) -> int:
        """Put changes of category into the log, once the warehouse knows them. Answers how many.

        A crash between the log and the store repeats them, and the log knows their ids.
        """
        with self.database.reading() as connection:
            rows = connection.rows(registry.sql["unannounced"], {"most": ANNOUNCED_AT_ONCE})
        if not rows:
            return 0
        self.append([_event(*row) for row in rows])
        with self.database.writing() as connection:
            connection.execute_many(registry.sql["announced"], [(row[0], row[1], row[4]) for row in rows])
            connection.execute(registry.sql["announced_nobody"])
        return len(rows)


_HIDDEN = "SELECT 1 FROM prediction_scores WHERE prediction = :prediction AND told = 2 LIMIT 1"


def _event(
    prediction: str, profile_id: int, user_id: str, known: int, at: int, score: float, probability: float, category: str,
    previous: str, version: int, place: int, percentile: float, value: float,
) -> dict[str, Any]:  # fmt: skip
    return {
        "type": "track", "userId" if known else "anonymousId": user_id, "event": PREDICTION_SCORED,
        "messageId": f"scored-{prediction}-{profile_id}-{at}",
        "properties": {
            "prediction": prediction, "score": score, "probability": probability, "category": category,
            "previous_category": previous or None, "scored_at": format_instant(at), "version": version,
            **({"place": place, "percentile": percentile} if place else {}), **({"value": value} if value >= 0 else {}),
        },
    }  # fmt: skip


@dataclass
class _Job:
    """One run, from the gathering to the swap."""

    runner: Runner
    run: Run
    prediction: Prediction
    target: Mapping[str, Any]
    folder: Path
    hands: Hands
    more_hands: Callable[[], Hands]

    def perform(self) -> None:
        as_of = self.runner.reached() + 1
        with self.runner.database.reading() as connection:
            current = registry.read_current(connection, self.prediction.id)
            last = int(connection.value(registry.sql["last_version"], {"prediction": self.prediction.id}))
        built: tuple[Version, str] | None = None
        if self.run.kind == _RESCORE and current is not None and current.definition_digest == self.prediction.digest:
            with self.runner.database.reading() as connection:
                _, text = registry.read_model(connection, self.prediction.id, current.version)
            version = current.version
            (self.folder / "model.json").write_text(text, encoding="utf-8")
        else:
            version = last + 1
            built = self._build(as_of, version)
        (ids, probability, value, next_in, _), features = self._score(as_of, 55 if built else 5)
        self.runner.tell(self.run, "saving", 95)
        now = max(self.runner.clock.now(), (current.scored_at + 1) if current is not None else 0)
        base = float(probability.mean()) if len(probability) else 0.0
        score = scores_of(probability, base)
        curve = Curve.of(score, probability, value)
        if built is not None:
            with self.runner.database.writing() as connection:
                registry.add_model(connection, self.prediction.id, *built)
        next_at = None if next_in is None else instants_of(next_in, as_of)
        scores = Scores(ids.tolist(), probability, score, categories_of(score), value, next_at)
        registry.put_scores(
            self.runner.database, self.prediction.id, version, scores, at=now, first=current is None,
            hidden=self.prediction.mode in BUILT_ONCE,
        )  # fmt: skip
        page: dict[str, Any] = {"histogram": curve.histogram(), "lift": curve.lift()}
        total = None
        if value is not None:
            total, page["values"] = float(value.sum()), spread_of(value)
        row = {
            "prediction": self.prediction.id, "version": version, "as_of": as_of, "scored_at": now, "base_rate": base,
            "people": len(ids), "page": json.dumps(page),
        }  # fmt: skip
        with self.runner.database.writing() as connection:
            connection.execute(registry.sql["serve"], row)
            shape = json.dumps([bucket["people"] for bucket in page["histogram"]["buckets"]])
            told = {
                "prediction": self.prediction.id,
                "at": now,
                "version": version,
                "base_rate": base,
                "people": len(ids),
                "shape": shape,
                "total": total,
                "features": json.dumps(features),
            }
            connection.execute(registry.sql["add_scoring"], told)
        self.runner.curves.clear()
        self.runner.curves[self.prediction.id, now] = curve

    def _question(self) -> Any:
        if self.prediction.audience is None:
            return None
        return make_compiler(self.runner.workspace()).compile(parse_condition(self.prediction.audience))

    def _build(self, as_of: int, version: int) -> tuple[Version, str]:
        audience = ""
        gathering = Gathering(self.runner.warehouse, as_of)
        part = gathering.sample()
        stem = save_part(part, self.folder, "sample")
        question = self._question()
        if question is not None:
            people = part.people["profile_id"].to_numpy()
            cutoffs = cutoffs_looked_at(as_of, gathering.start, self.prediction.window)
            found: dict[str, Any] = {}
            for n, cutoff in enumerate(cutoffs):
                self.runner.tell(self.run, "audience", 2 + 8 * n / len(cutoffs))
                found[str(cutoff)] = gathering.audience(question, people, cutoff)
            audience = str(self.folder / "audience.npz")
            np.savez(audience, **found)
        asked = {
            "do": "learn", "target": self.target, "window": self.prediction.window, "as_of": as_of, "start": gathering.start,
            "part": stem, "audience": audience, "model": str(self.folder / "model.json"),
        }  # fmt: skip
        told = self.hands.perform(asked, lambda stage, share: self.runner.tell(self.run, stage, 10 + 45 * share))
        drop_part(stem)
        text = (self.folder / "model.json").read_text(encoding="utf-8")
        made = Version(
            version,
            digest_of(text),
            self.prediction.digest,
            told["data_digest"],
            SEED,
            as_of,
            self.runner.clock.now(),
            told["report"],
        )
        return made, text

    def _score(self, as_of: int, percent: float) -> tuple[Told, dict[str, Any]]:
        """Everybody; and how the features are spread."""
        asked = {"do": "names", "target": self.target, "model": str(self.folder / "model.json"), "as_of": as_of}
        looked_at = self.hands.perform(asked, lambda stage, share: None)  # noqa: ARG005
        self.runner.tell(self.run, "gathering", percent)
        gathering = Gathering(self.runner.warehouse, as_of)
        question = self._question()
        among = gathering.audience_now(question) if question is not None else None
        n = max(len(gathering.bounds(gathering.people)), 1)

        def tell(part: int) -> None:
            self.runner.tell(self.run, "scoring", percent + (95 - percent) * min(part / n, 1.0))

        with ExitStack() as opened:
            crew = [self.hands]
            if n > 1 and (os.cpu_count() or 1) > 1:
                crew.append(self.more_hands())
                opened.callback(crew[1].close)
            told = score_parts(gathering.parts(looked_at["names"], among), crew, asked, self.folder, tell)
        return told, {} if told.spread is None else as_json(dict(looked_at["edges"]), told.spread)
