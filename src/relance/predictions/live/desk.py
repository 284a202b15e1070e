"""Answers about predictions for screens and the command line."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, format_instant
from relance.errors import Conflict, InvalidInput, NotFound
from relance.localtime import UTC_ZONE, find_zone
from relance.predictions.live import registry
from relance.predictions.live.check import check_data
from relance.predictions.live.definition import parse_prediction
from relance.predictions.live.outcomes import find_drift, read_outcomes
from relance.predictions.live.page import NO_AMOUNTS, describe, page_of, parse_selection
from relance.predictions.live.registry import sql
from relance.predictions.live.schedule import next_rescore
from relance.predictions.live.selected import read_selected
from relance.predictions.live.why import explain_score
from relance.predictions.modes import ACTIVE, ARCHIVED, BUILT_ONCE, DRAFT
from relance.profiles.read import find_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.clock import Clock
    from relance.predictions.live.definition import Prediction
    from relance.predictions.live.page import Curve
    from relance.predictions.live.registry import Current, Run
    from relance.store import Connection, Database
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

Answer = dict[str, Any]

MOST_CURVES = 8
MOST_RUNS = 20
LATE = 6 * HOUR  # after which scores that were due count as stale


class Desk:
    """Answers for the instant at which it is asked. May be asked from any thread."""

    def __init__(
        self,
        database: Database,
        warehouse: ReadableWarehouse,
        workspace: Callable[[], Workspace],
        clock: Clock,
        curves: dict[tuple[str, int], Curve] | None = None,
    ) -> None:
        """Args: `curves`: those that a scoring left, if it was made in this process."""
        self._database = database
        self._warehouse = warehouse
        self._workspace = workspace
        self._clock = clock
        self._curves = {} if curves is None else curves
        self._lock = threading.Lock()

    # ------------------------------------------------------------------ what there is

    def list(self) -> Answer:
        """All predictions with their states and figures."""
        with self._database.reading() as connection:
            items = [self._summary(connection, parse_prediction(body)) for body in self._workspace().predictions.values()]
        return {"items": items, "now": format_instant(self._clock.now())}

    def show(self, name: str) -> Answer:
        """One prediction: everything its page shows."""
        prediction = self.require(name)
        with self._database.reading() as connection:
            found = self._summary(connection, prediction)
            current = registry.read_current(connection, name)
            found["runs"] = [run.as_json() for run in registry.read_runs(connection, name, MOST_RUNS)]
            found["versions"] = [version.as_json() for version in registry.read_versions(connection, name)]
            found["targets"] = [
                {"kind": kind, "id": made, "selection": json.loads(selection), "made_at": format_instant(at)}
                for kind, made, selection, at in connection.rows(sql["targets"], {"prediction": name})
            ]
            found["outcomes"] = [
                {**o, "at": format_instant(o["at"]), "measured_at": format_instant(o["measured_at"])}
                for o in read_outcomes(connection, name)
            ]
            found["drift"] = find_drift(connection, name, current) if current is not None else None
        found["definition"] = dict(self._workspace().predictions[name])
        found["now"] = format_instant(self._clock.now())
        if current is not None:
            found |= page_of(current) | current.page | {"steps": self._curve(name, current).steps()}
        return found

    def check(self, name: str) -> Answer:
        """Whether the data can teach this prediction, and how many it is about now."""
        prediction = self.require(name)
        return check_data(self._warehouse, self._workspace(), prediction, self._clock.now())

    def check_of(self, body: Mapping[str, Any]) -> Answer:
        """The same of a checked definition that is not saved."""
        return check_data(self._warehouse, self._workspace(), parse_prediction(body), self._clock.now())

    def _summary(self, connection: Connection, prediction: Prediction) -> Answer:
        current = registry.read_current(connection, prediction.id)
        runs = registry.read_runs(connection, prediction.id, 1)
        last = runs[0] if runs else None
        zone = find_zone(self._workspace().settings.timezone) or UTC_ZONE
        stale = why_stale(
            prediction, current, self._clock.now(), next_rescore(prediction, current.as_of, zone) if current else None
        )
        return {
            "id": prediction.id, "name": prediction.name, "mode": prediction.mode, "state": state_of(prediction, current, last),
            "targetable": prediction.is_targetable and current is not None, "why_not_targetable": why_not_targetable(prediction, current),
            "stale": stale is not None, "why_stale": stale, "version": current.version if current else None,
            "people": current.people if current else None, "base_rate": current.base_rate if current else None,
            "trained_at": format_instant(current.trained_as_of) if current else None,
            "scored_at": format_instant(current.scored_at) if current else None,
            "next_rescore_at": format_instant(next_rescore(prediction, current.as_of, zone)) if current else None,
            "window_days": prediction.window / DAY, "run": last.as_json() if last else None,
            "quality": ((current.report.get("holdout") or {}).get("quality")) if current else None,
            "quality_label": ((current.report.get("holdout") or {}).get("quality_label")) if current else None,
            "use": current.report.get("use") if current else None,
            "target": self._workspace().predictions[prediction.id]["target"], "audience": prediction.audience,
        }  # fmt: skip

    # ------------------------------------------------------------------ runs

    def build(self, name: str, kind: str = "build") -> Answer:
        """Have it built, or scored anew. What is already waiting or under way is answered.

        Raises:
            Conflict: it is a draft, archived, or may be built once only and was.
        """
        prediction = self.require(name)
        with self._database.writing() as connection:
            current = registry.read_current(connection, name)
            _require_buildable(prediction, current, kind)
            return registry.ask_run(connection, name, kind, prediction.digest, now=self._clock.now()).as_json()

    def cancel(self, name: str) -> Answer:
        """Take back what is waiting or under way.

        Raises:
            Conflict: nothing is.
        """
        self.require(name)
        with self._database.writing() as connection:
            row = connection.row(sql["open_run"], {"prediction": name})
            if row is None:
                msg = f"nothing is under way for {name!r}"
                raise Conflict(msg)
            registry.end_run(connection, row[0], "cancelled", now=self._clock.now())
            return registry.read_run(connection, row[0]).as_json()

    def run(self, name: str, run_id: int) -> Answer:
        """How far a run is."""
        with self._database.reading() as connection:
            found = registry.read_run(connection, run_id)
        if found.prediction != name:
            msg = f"{name!r} has no run {run_id}"
            raise NotFound(msg)
        return found.as_json()

    # ------------------------------------------------------------------ scores

    def panel(self, name: str, selection: Mapping[str, Any]) -> Answer:
        """What a selection of scores, categories, percentiles or places comes to."""
        chosen = parse_selection(selection)
        current = self._scored(name)
        return {"selection": chosen, "says": describe(chosen), **self._curve(name, current).panel_of(chosen)}

    def profit(self, name: str, margin: float, cost: float) -> Answer:
        """What reaching the highest scores would bring."""
        if margin <= 0 or cost < 0:
            msg = "the margin is above 0, the cost of reaching somebody 0 or above"
            raise InvalidInput(msg, problems=[msg])
        return self._curve(name, self._scored(name)).profit(margin, cost)

    def scores(self, name: str, *, limit: int, after: int = 0) -> Answer:
        """A page of scores."""
        current = self._scored(name)
        with self._database.reading() as connection:
            items = registry.read_scores(connection, name, limit=limit, after=after)
        following = items[-1]["profile_id"] if len(items) == limit else None
        for item in items:
            del item["profile_id"]
        return {"items": items, "next": following, "base_rate": current.base_rate, "version": current.version}

    def people(self, name: str, selection: Mapping[str, Any], *, limit: int, after: str = "") -> Answer:
        """A page of the people of a selection, the highest scores first."""
        chosen = parse_selection(selection)
        prediction, current = self.require(name), self._scored(name)
        if "value" in chosen and not prediction.asks_value:
            raise InvalidInput(NO_AMOUNTS, problems=[NO_AMOUNTS])
        with self._database.reading() as connection:
            found = read_selected(connection, name, chosen, limit=limit, after=after)
        return {"selection": chosen, **found, "scored_at": format_instant(current.scored_at), "version": current.version}

    def person(self, name: str, user_id: str) -> Answer:
        """What it says of one person, what it said before, and why."""
        prediction, current = self.require(name), self._scored(name)
        with self._database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            told = [s for s in registry.scores_of_profile(connection, profile_id) if s["prediction"] == name]
            _, text = registry.read_model(connection, name, current.version)
        if not told:
            msg = f"{name!r} says nothing of {user_id!r}: the person came after the last scoring, or is not in its audience"
            raise NotFound(msg)
        people = self._warehouse.people([profile_id])
        history = [
            {"at": format_instant(row.at), "score": row.score if row.category else None, "category": row.category or None}
            for row in sorted(people[0].scores if people else (), key=lambda row: row.at)
            if row.prediction == name
        ]
        reasons = explain_score(self._warehouse, text, prediction.goal, profile_id, current.as_of)
        return {"user_id": user_id, **told[0], "history": history, "reasons": reasons}

    def _curve(self, name: str, current: Current) -> Curve:
        with self._lock:
            found = self._curves.get((name, current.scored_at))
            if found is None:  # this process has not made it
                made = registry.read_curve(self._database, name)
                if len(self._curves) >= MOST_CURVES:
                    self._curves.clear()
                found = self._curves[name, current.scored_at] = made
            return found

    # ------------------------------------------------------------------ finding

    def require(self, name: str) -> Prediction:
        """A prediction of the workspace.

        Raises:
            NotFound: there is none.
        """
        body = self._workspace().predictions.get(name)
        if body is None:
            msg = f"there is no prediction {name!r}"
            raise NotFound(msg)
        return parse_prediction(body)

    def _scored(self, name: str) -> Current:
        self.require(name)
        with self._database.reading() as connection:
            current = registry.read_current(connection, name)
        if current is None:
            msg = f"{name!r} has no scores yet: it was not built"
            raise NotFound(msg)
        return current


def state_of(prediction: Prediction, current: Current | None, last: Run | None) -> str:
    """`draft`, `training`, `failed`, `active`, `preview`, `demo` or `archived`."""
    if prediction.mode in (DRAFT, ARCHIVED) or current is not None:
        return prediction.mode
    return "failed" if last is not None and last.state in ("failed", "cancelled") else "training"


def why_not_targetable(prediction: Prediction, current: Current | None) -> str | None:
    """Why no segment or campaign may be made of it; None when it may."""
    if prediction.mode in BUILT_ONCE:
        return f"a {prediction.mode} can be looked at, not targeted: set `mode: active` to use its scores"
    if prediction.mode == DRAFT:
        return "a draft has no scores: set `mode: active` to build it"
    return None if current is not None else "it has no scores yet: it was not built"


def why_stale(prediction: Prediction, current: Current | None, now: int, due_at: int | None) -> str | None:
    """Why its scores may not be those of today."""
    if current is None:
        return None
    if prediction.mode == ARCHIVED:
        return f"it is archived: its scores are those of {format_instant(current.scored_at)}"
    if current.definition_digest != prediction.digest:
        return "its definition has changed since it was built; it serves what it learnt before"
    if due_at is not None and now > due_at + LATE:
        return f"it was to be scored anew at {format_instant(due_at)}"
    return None


def _require_buildable(prediction: Prediction, current: Current | None, kind: str) -> None:
    if prediction.mode == ARCHIVED:
        msg = f"{prediction.id!r} is archived: set `mode: active` to let it go on"
        raise Conflict(msg)
    if prediction.mode == DRAFT:
        msg = f"{prediction.id!r} is a draft: set `mode: preview` or `mode: active` to build it"
        raise Conflict(msg)
    if prediction.mode in BUILT_ONCE and current is not None and current.definition_digest == prediction.digest:
        msg = f"{prediction.id!r} is a {prediction.mode}, which is built once: set `mode: active` to keep it up to date"
        raise Conflict(msg)
    if kind == "rescore" and current is None:
        msg = f"{prediction.id!r} was not built yet, so there is nothing to score with"
        raise Conflict(msg)
    assert prediction.mode in (ACTIVE, *BUILT_ONCE)  # noqa: S101 - all modes were looked at
