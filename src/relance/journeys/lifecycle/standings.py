"""How journeys stand, as far as the engine has come: what its ticks go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.journeys.lifecycle.model import Standing
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.store import Connection

SQL = load_queries("relance.journeys.lifecycle")


def load_standing(connection: Connection, source: str) -> Standing:
    """How the engine treats a journey."""
    row = connection.row(SQL["standing"], {"source": source})
    return Standing(*row) if row else Standing()


def load_standings(connection: Connection) -> tuple[dict[str, Standing], frozenset[str]]:
    """How the engine treats journeys of which anything was asked, and which are archived."""
    standings = {source: Standing(*row) for source, *row in connection.rows(SQL["standings"])}
    return standings, frozenset(source for source, _ in connection.rows(SQL["archived"]))
