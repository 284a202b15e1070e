"""Runs, models and scores as the store keeps them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from relance.clock import format_instant
from relance.errors import NotFound
from relance.predictions.live.page import Curve
from relance.predictions.live.places import places_of
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from relance.store import Connection, Database

    Floats = NDArray[np.float64]

_COLUMNS = "run_id, prediction, kind, state, stage, percent, digest, asked_at, started_at, ended_at, code, message"
sql = {name: text.replace("{columns}", _COLUMNS) for name, text in load_queries("relance.predictions.live").items()}
HIDDEN = 2  # as `told`: the warehouse is not to know
UNKNOWN = -1.0  # as a percentile or an amount
AT_ONCE = 20_000  # scores a transaction: the engine waits no longer than that


@dataclass(frozen=True)
class Run:
    """A build or a rescoring."""

    run_id: int
    prediction: str
    kind: str
    state: str
    stage: str
    percent: int
    digest: str
    asked_at: int
    started_at: int | None
    ended_at: int | None
    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run_id, "prediction": self.prediction, "kind": self.kind, "state": self.state, "stage": self.stage,
            "percent": self.percent, "asked_at": format_instant(self.asked_at), "started_at": format_instant(self.started_at),
            "ended_at": format_instant(self.ended_at), "code": self.code or None, "message": self.message or None,
        }  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One version of a model, without its body."""

    version: int
    digest: str
    definition_digest: str
    data_digest: str
    seed: int
    as_of: int
    built_at: int
    report: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        held = self.report.get("holdout") or {}
        return {
            "version": self.version, "digest": self.digest, "data_digest": self.data_digest, "seed": self.seed,
            "as_of": format_instant(self.as_of), "built_at": format_instant(self.built_at), "use": self.report.get("use"),
            "model": self.report.get("chosen_model"), "parameters": self.report.get("training"),
            **{name: held.get(name) for name in ("auc", "auc_interval", "average_precision", "brier", "ece", "quality", "quality_label")},
        }  # fmt: skip


@dataclass(frozen=True)
class Current:
    """The version that serves, and its last scoring."""

    version: int
    as_of: int
    scored_at: int
    base_rate: float
    people: int
    page: dict[str, Any]
    definition_digest: str
    trained_as_of: int
    report: dict[str, Any]


@dataclass(frozen=True)
class Scores:
    """What a scoring says.

    Shape: one entry a person.
    """

    profile_ids: Sequence[int]
    probability: Floats
    score: Floats
    category: Sequence[str]
    value: Floats | None = None  # the amounts that are expected, where such are foretold
    next_at: Sequence[int | None] | None = None  # when the next event of the target is expected, where that can be told


def ask_run(connection: Connection, prediction: str, kind: str, digest: str, *, now: int) -> Run:
    """Have something done, unless it is already waiting or under way. Effects: writes `prediction_runs`."""
    row = connection.row(sql["open_run"], {"prediction": prediction})
    if row is not None:
        return Run(*row)
    run_id = connection.rows(sql["add_run"], {"prediction": prediction, "kind": kind, "digest": digest, "now": now})[0][0]
    return read_run(connection, run_id)


def read_run(connection: Connection, run_id: int) -> Run:
    """One run.

    Raises:
        NotFound: there is none.
    """
    row = connection.row(sql["one_run"], {"run_id": run_id})
    if row is None:
        msg = f"there is no run {run_id}"
        raise NotFound(msg)
    return Run(*row)


def read_runs(connection: Connection, prediction: str, most: int = 20) -> list[Run]:
    """The newest runs of a prediction, the newest first."""
    return [Run(*row) for row in connection.rows(sql["runs"], {"prediction": prediction, "most": most})]


def end_run(connection: Connection, run_id: int, state: str, *, now: int, code: str = "", message: str = "") -> bool:
    """Write down how a run ended; answers whether it had not ended before."""
    row = {"run_id": run_id, "state": state, "now": now, "code": code, "message": message}
    return connection.execute(sql["end_run"], row) > 0


def read_versions(connection: Connection, prediction: str) -> list[Version]:
    """All versions, the newest first."""
    return [_version(row) for row in connection.rows(sql["versions"], {"prediction": prediction})]


def read_model(connection: Connection, prediction: str, version: int) -> tuple[Version, str]:
    """One version with its model as text.

    Raises:
        NotFound: there is none.
    """
    row = connection.row(sql["model"], {"prediction": prediction, "version": version})
    if row is None:
        msg = f"{prediction!r} has no version {version}"
        raise NotFound(msg)
    return _version(row), row[-1]


def _version(row: Sequence[Any]) -> Version:
    return Version(row[0], row[1], row[2], row[3], row[4], row[5], row[6], json.loads(row[7]))


def read_current(connection: Connection, prediction: str) -> Current | None:
    """The version that serves, if any does."""
    row = connection.row(sql["current"], {"prediction": prediction})
    if row is None:
        return None
    version, as_of, scored_at, base, people, page, digest, trained, report = row
    return Current(version, as_of, scored_at, base, people, json.loads(page), digest, trained, json.loads(report))


def add_model(connection: Connection, prediction: str, version: Version, body: str) -> None:
    """Keep a model. Effects: writes `prediction_models`."""
    row = {
        "prediction": prediction, "version": version.version, "digest": version.digest, "data_digest": version.data_digest,
        "definition_digest": version.definition_digest, "seed": version.seed, "as_of": version.as_of, "built_at": version.built_at,
        "body": body, "report": json.dumps(version.report),
    }  # fmt: skip
    connection.execute(sql["add_model"], row)


def put_scores(
    database: Database, prediction: str, version: int, scores: Scores, *, at: int, hidden: bool, first: bool
) -> None:
    """Say something else of people, some at a time; whoever is not among them has no score any more.

    Args:
        database: the store.
        prediction: which one.
        version: of the model.
        scores: of everybody in the audience.
        at: from when on.
        hidden: nobody but the page is to know: no condition holds, nothing is announced.
        first: nobody had a score, so that no change of category is one.

    Effects: writes `prediction_scores`.
    """
    announce, told = int(not hidden and not first), HIDDEN if hidden else 0
    n = len(scores.profile_ids)
    places = (column.tolist() for column in places_of(scores.score, scores.profile_ids))
    value = scores.value.tolist() if scores.value is not None else [UNKNOWN] * n
    next_at = scores.next_at if scores.next_at is not None else [None] * n
    columns = (scores.profile_ids, scores.probability.tolist(), scores.score.tolist(), scores.category, *places, value, next_at)
    rows = [(prediction, p, at, version, *row, told, announce) for p, *row in zip(*columns, strict=True)]
    for start in range(0, len(rows), AT_ONCE):
        with database.writing() as connection:
            connection.execute_many(sql["put_score"], rows[start : start + AT_ONCE])
    with database.writing() as connection:
        connection.execute(sql["lapse_scores"], {"prediction": prediction, "at": at, "told": told})


def read_curve(database: Database, prediction: str) -> Curve:
    """All scores of a prediction, for figures."""
    with database.reading() as connection:
        rows = np.asarray(connection.rows(sql["column"], {"prediction": prediction}), np.float64).reshape(-1, 3)
    return Curve.of(rows[:, 0], rows[:, 1], rows[:, 2])


def read_scores(connection: Connection, prediction: str, *, limit: int, after: int = 0) -> list[dict[str, Any]]:
    """A page of scores, in the order of profiles, those behind `after`."""
    rows = connection.rows(sql["scores"], {"prediction": prediction, "after": after, "most": limit})
    return [
        {
            "profile_id": profile_id, "user_id": user_id, "probability": probability, "score": score, "category": category,
            "scored_at": format_instant(at), **among_all(*among),
        }
        for profile_id, user_id, probability, score, category, at, *among in rows
    ]  # fmt: skip


def read_all_scores(database: Database, prediction: str, page: int = AT_ONCE) -> Iterator[dict[str, Any]]:
    """All of them."""
    after = 0
    while True:
        with database.reading() as connection:
            found = read_scores(connection, prediction, limit=page, after=after)
        yield from found
        if len(found) < page:
            return
        after = found[-1]["profile_id"]


class ScoreOfPerson(TypedDict):
    """What a prediction says of somebody now. `place` and what follows: None where it is not known."""

    prediction: str
    probability: float
    score: float
    category: str
    previous_category: str | None
    scored_at: str
    version: int
    place: int | None
    percentile: float | None
    value: float | None
    next_at: str | None


def scores_of_profile(connection: Connection, profile_id: int) -> list[ScoreOfPerson]:
    """What all predictions say of one person now."""
    return [
        {
            "prediction": prediction, "probability": probability, "score": score, "category": category,
            "previous_category": previous or None, "scored_at": format_instant(at), "version": version,
            "place": place or None, "percentile": percentile if percentile >= 0 else None, "value": value if value >= 0 else None,
            "next_at": format_instant(next_at),
        }
        for prediction, at, version, probability, score, category, previous, place, percentile, value, next_at in connection.rows(
            sql["score_of"], {"profile_id": profile_id}
        )
    ]  # fmt: skip


def scores_for_templates(connection: Connection, profile_id: int) -> dict[str, dict[str, Any]]:
    """What predictions that may be targeted say of one person, by their ids."""
    return {
        prediction: {
            "score": score, "probability": probability, "category": category, "scored_at": format_instant(at), **among_all(*among),
        }
        for prediction, score, probability, category, at, *among in connection.rows(sql["known_of"], {"profile_id": profile_id})
    }  # fmt: skip


def among_all(place: int, percentile: float, value: float, next_at: int | None) -> dict[str, Any]:
    """What is known of a score beside itself; None for what is not."""
    return {
        "place": place or None, "percentile": percentile if percentile >= 0 else None, "value": value if value >= 0 else None,
        "next_at": format_instant(next_at),
    }  # fmt: skip
