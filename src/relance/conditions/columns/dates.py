"""When the passing of time alone may change what dates among the traits say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from relance.conditions import model
from relance.conditions.clauses import LENGTH_OPS
from relance.conditions.moves import path_edges

if TYPE_CHECKING:
    from relance.conditions.clauses import Clause
    from relance.conditions.columns.frame import Array, Frame
    from relance.conditions.columns.needs import Needs


def reads_clock(leaf: model.Condition) -> bool:
    """Whether a leaf compares a trait with now."""
    return isinstance(leaf, model.Trait) and leaf.clause.op in LENGTH_OPS


def date_clauses(needs: Needs) -> list[Clause]:
    """The clauses on traits that read the clock."""
    return [leaf.clause for leaf in needs.leaves.values() if isinstance(leaf, model.Trait) and reads_clock(leaf)]


class DateEdges:
    """The edges of all that dates among the traits say, in `low < at <= until`. They are found once for each value and zone."""

    def __init__(self, needs: Needs, low: int, until: int) -> None:
        self.low, self.until = low, until
        self._clauses: dict[str, dict[tuple[str, ...], list[Clause]]] = {}  # by the first key of their paths, and by these
        for clause in date_clauses(needs):
            self._clauses.setdefault(clause.path[0], {}).setdefault(clause.path, []).append(clause)
        self._found: dict[tuple[str, str, str], tuple[int, ...]] = {}

    def of(self, frame: Frame) -> tuple[Array, Array]:
        """The edges of some moments that come after them.

        Shape:
            two arrays, one element an edge: the place of the moment, and the instant.
        """
        moments, instants = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        zones = frame.states["zone"].values
        for key in self._clauses:
            texts = frame.traits(key)
            sources, of = frame.in_zones(texts)
            edges = [self._edges(key, texts.coded.values[c], zones[z], frame) if c >= 0 else () for c, z in sources]
            some = np.array([bool(found) for found in edges], dtype=bool)[of]
            for moment in np.flatnonzero(some).tolist():
                later = [at for at in edges[of[moment]] if at > frame.at[moment]]
                moments.append(np.full(len(later), moment))
                instants.append(np.array(later, dtype=np.int64))
        return np.concatenate(moments), np.concatenate(instants)

    def _edges(self, key: str, text: str, zone: str, frame: Frame) -> tuple[int, ...]:
        where = (key, text, zone)
        if where not in self._found:
            root = {key: json.loads(text) if text else None}
            asked = self._clauses[key].items()
            every = (at for path, clauses in asked for at in path_edges(path, clauses, root, self.low, frame.zone(zone)))
            self._found[where] = tuple({at for at in every if self.low < at <= self.until})
        return self._found[where]
