"""Why somebody has a score: what each feature adds to it, by the trees (SHAP values)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.predictions.fitted import with_repeat
from relance.predictions.live.gather import gather_people
from relance.predictions.live.learn import builder_of
from relance.predictions.live.model import Model
from relance.warehouse.engines.duckdb_scratch import Scratch

if TYPE_CHECKING:
    from relance.predictions.live.definition import Goal
    from relance.warehouse.base import ReadableWarehouse

SHOWN = 10


def explain_score(
    warehouse: ReadableWarehouse, model_text: str, goal: Goal, profile_id: int, as_of: int
) -> list[dict[str, Any]]:
    """The features that moved one person's likelihood most, up or down.

    Shape: one entry a feature: its name, its value, and what it adds to the log-odds.
    """
    model = Model.from_text(model_text)
    part = gather_people(warehouse, as_of, [profile_id])
    if not part.people.num_rows:
        return []
    with Scratch() as scratch:
        snapshot = builder_of(scratch, model, goal, part).snapshot(as_of)
    repeat = model.repeat_odds(snapshot)
    adds = model.fitted.reasons(snapshot, repeat)[0]
    values = with_repeat(snapshot.matrix, repeat)[0][model.fitted.usable]
    order = np.argsort(-np.abs(adds), kind="stable")[:SHOWN]
    return [
        {
            "feature": model.fitted.names[i], "value": None if np.isnan(values[i]) else float(values[i]), "adds": float(adds[i]),
            "makes": "more likely" if adds[i] > 0 else "less likely",
        }
        for i in order
        if adds[i] != 0
    ]  # fmt: skip
