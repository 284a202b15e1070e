"""The warehouse: events and the history of profiles, consent, suppression, messages, journeys, lists and scores.

Made for questions about many people. Owns its own file or database, derived from the log and the store and rebuildable. Written by the engine's tick alone (`begin`,
`add_*`, `unite`, `commit`), read by whoever asks a compiled condition. Differences between engines live in `engines/`.
"""

from relance.warehouse.base import (
    FAR_SEQ,
    ConsentRow,
    EventRow,
    JourneyRow,
    ListRow,
    MessageRow,
    Moments,
    ProfileRow,
    ReadableWarehouse,
    ScoreRow,
    SuppressionRow,
    Warehouse,
)
from relance.warehouse.opening import open_warehouse

__all__ = [
    "FAR_SEQ",
    "ConsentRow",
    "EventRow",
    "JourneyRow",
    "ListRow",
    "MessageRow",
    "Moments",
    "ProfileRow",
    "ReadableWarehouse",
    "ScoreRow",
    "SuppressionRow",
    "Warehouse",
    "open_warehouse",
]
