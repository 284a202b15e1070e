"""Everything about a prediction goes, whose definition is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.store import Connection

_sql = load_queries("relance.predictions.live", "forget.sql")
_DROPS = tuple(name for name in _sql if name.startswith("drop_"))


def cancel_runs(connection: Connection, predictions: Iterable[str], *, now: int) -> None:
    """Take back what waits or is under way for predictions; a build notices at its next step."""
    for prediction in predictions:
        connection.execute(_sql["cancel_runs"], {"prediction": prediction, "now": now})


def forget_predictions(connection: Connection, predictions: Iterable[str]) -> None:
    """Forget runs, models and scores of predictions that are defined no more. Effects: deletes from all tables of predictions."""
    for prediction in predictions:
        for name in _DROPS:
            connection.execute(_sql[name], {"prediction": prediction})
