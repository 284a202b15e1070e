"""Which columns of scores a condition reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relance.conditions.model import Predicted


def columns_of(condition: Predicted) -> tuple[str, ...]:
    """The columns of `score_history` that it reads, beside whose and when."""
    asked = {"percentile": bool(condition.percentile), "place": condition.top is not None, "value": bool(condition.value)}
    return ("score", "category", *(name for name, wanted in asked.items() if wanted))
