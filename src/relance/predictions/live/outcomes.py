"""What became of scores: measured once their window has ended, and watched for drift."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from relance.conditions.read import parse_condition
from relance.predictions.live import registry
from relance.predictions.live.gather import plain_table, texts
from relance.predictions.live.spread import ENOUGH as ENOUGH_PEOPLE
from relance.predictions.live.spread import find_moved, stability_index
from relance.predictions.measures import auc_interval, category_rates, measure
from relance.store import load_queries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relance.conditions.compiling.compiler import Compiler
    from relance.predictions.live.definition import Prediction
    from relance.predictions.live.registry import Current
    from relance.store import Connection
    from relance.warehouse.base import ReadableWarehouse

    Floats = NDArray[np.float64]

_sql = load_queries("relance.predictions.live", "gather.sql")

SHIFTED = 0.25  # population stability index from which a distribution counts as another one
WORSE = 0.05  # of the AUC, and below the interval it was measured with
OFF = 1.25  # as many times more or fewer acted than were expected
MOST_NAMED = 3
ENOUGH = 50  # people who acted, or were to


def measure_scoring(
    warehouse: ReadableWarehouse,
    compiler: Compiler,
    prediction: Prediction,
    at: int,
    base_rate: float,
    total: float | None = None,
) -> dict[str, Any]:
    """How the scores of an instant did in the window after it.

    Args:
        warehouse: knows the scores and what happened.
        compiler: of the workspace.
        prediction: whose.
        at: the instant of the scoring.
        base_rate: of that scoring; a score and it make a probability.
        total: of the amounts that were expected, where such are foretold.
    """
    table = warehouse.read_table(_sql["scores_at"].format(prediction=prediction.id, at=at))
    people, first = np.unique(np.asarray(table["profile_id"].to_numpy(), np.int64), return_index=True)
    probability = probability_of_scores(np.asarray(table["score"].to_numpy(), np.float64)[first], base_rate)
    yes = compiler.compile(parse_condition(prediction.goal.conditions(prediction.window_text)))
    happened = np.isin(people, np.asarray(warehouse.members(yes, at + prediction.window), np.int64))
    if not len(people):
        return {"people": 0, "positives": 0, "auc": None}
    found = measure(happened, probability)
    if found["auc"] is not None:
        found["auc_interval"] = auc_interval(found["auc"], found["positives"], found["people"] - found["positives"])
    found["expected"] = float(probability.sum())
    found["categories"] = category_rates(happened, probability, base_rate)
    if total is not None and prediction.goal.value_path:
        actual = _spent(warehouse, prediction, people, at)
        found["value"] = {"predicted": total, "actual": actual, "ratio": total / actual if actual > 0 else None}
    return found


def _spent(warehouse: ReadableWarehouse, prediction: Prediction, people: NDArray[np.int64], at: int) -> float:
    """What some people came to spend in the window after an instant."""
    asked = _sql["happened"].format(names=texts(sorted(prediction.goal.names)), after=at, until=at + prediction.window)
    table = plain_table(warehouse.read_table(asked))
    table = table.filter(pa.array(np.isin(table["profile_id"].to_numpy(), people)))
    if not table.num_rows:
        return 0.0
    named = table["name"].combine_chunks().dictionary_encode()
    codes = named.indices.to_numpy(zero_copy_only=False)
    masks = prediction.goal.masks(named.dictionary.to_pylist(), codes, table["properties"], table["at"].to_numpy())
    return float(prediction.goal.worth(masks, table["properties"]).sum())


def probability_of_scores(scores: Floats, base_rate: float) -> Floats:
    """The probabilities that scores stand for: `measures.scores_of` the other way round."""
    b = min(max(base_rate, 1e-9), 1 - 1e-9)
    likely, unlikely = scores * b, (100 - scores) * (1 - b)
    found: Floats = likely / (likely + unlikely)
    return found


def find_drift(connection: Connection, prediction: str, current: Current) -> dict[str, Any]:
    """How far the scores of the serving version have moved since its first, and how well it foretells.

    Returns: the figures, and under `alarm` a sentence for each that is too far off; under `alarms` the same as `code` and figures.
    """
    rows = connection.rows(registry.sql["scorings"], {"prediction": prediction, "version": current.version})
    found: dict[str, Any] = {"scores": None, "base_rate": None, "features": [], "quality": None, "alarm": [], "alarms": []}

    def alarm(code: str, sentence: str, **figures: Any) -> None:
        found["alarm"].append(sentence)
        found["alarms"].append({"code": code, **figures})

    if len(rows) > 1:
        first, last = rows[0], rows[-1]
        found["scores"] = stability_index(json.loads(first[3]), json.loads(last[3]))
        found["base_rate"] = {"first": first[1], "last": last[1]}
        if found["scores"] > SHIFTED:
            sentence = f"scores are spread otherwise than when it was built (stability index {found['scores']:.2f})"
            alarm("scores_moved", sentence, index=found["scores"])
        low, high = sorted((first[1], last[1]))
        if high > OFF * low and high * last[2] >= ENOUGH:
            sentence = f"{last[1]:.1%} are expected to act, {first[1]:.1%} were when it was built"
            alarm("base_rate_moved", sentence, first=first[1], last=last[1])
        found["features"] = find_moved(*(json.loads(row[4] or "{}") for row in (first, last)))
        moved = [one for one in found["features"] if one["index"] > SHIFTED] if min(first[2], last[2]) >= ENOUGH_PEOPLE else []
        if moved:
            named = ", ".join(f"{one['feature']} ({one['index']:.2f})" for one in moved[:MOST_NAMED])
            features = [one["feature"] for one in moved[:MOST_NAMED]]
            alarm("people_moved", f"people are not as they were when it was built: {named}", features=features)
    outcome = next((o for o in read_outcomes(connection, prediction, 1) if o["version"] == current.version), None)
    if outcome is not None and outcome.get("auc") is not None:
        held = current.report.get("holdout") or {}
        found["quality"] = {"measured": outcome["auc"], "promised": held.get("auc")}
        if held.get("auc") is not None and outcome["auc"] < min(held["auc"] - WORSE, (held.get("auc_interval") or [1.0])[0]):
            sentence = f"it ranks worse than it promised: AUC {outcome['auc']:.3f} against {held['auc']:.3f}"
            alarm("ranks_worse", sentence, measured=outcome["auc"], promised=held["auc"])
        expected, acted = outcome["expected"], outcome["positives"]
        if max(expected, acted) >= ENOUGH and max(expected, acted) > OFF * min(expected, acted):
            alarm("counts_off", f"{acted} acted where {expected:.0f} were expected", acted=acted, expected=expected)
    return found


def read_outcomes(connection: Connection, prediction: str, most: int = 50) -> list[dict[str, Any]]:
    """How scorings did, the newest first; instants in microseconds."""
    rows = connection.rows(registry.sql["outcomes"], {"prediction": prediction, "most": most})
    return [
        {"at": at, "version": version, "measured_at": measured, **json.loads(report)} for at, version, measured, report in rows
    ]
