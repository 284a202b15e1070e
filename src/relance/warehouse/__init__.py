"""The warehouse: events, profile history, consent and suppression history, made for questions about many people.

Owns its own file or database, derived from the log and rebuildable from it. Written by the engine's tick alone (`begin`,
`add_*`, `unite`, `commit`), read by whoever asks a compiled condition. Differences between engines live in `engines/`.
"""

from relance.warehouse.base import (
    FAR_SEQ,
    ConsentRow,
    EventRow,
    Moments,
    ProfileRow,
    SuppressionRow,
    Warehouse,
)
from relance.warehouse.opening import open_warehouse

__all__ = [
    "FAR_SEQ",
    "ConsentRow",
    "EventRow",
    "Moments",
    "ProfileRow",
    "SuppressionRow",
    "Warehouse",
    "open_warehouse",
]
