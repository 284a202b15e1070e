"""The truth of trees at many moments, of that of their leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relance.conditions import model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relance.conditions.columns.frame import Array

LATE = (model.Bucket,)  # leaves of which each answer costs so much that only those are asked for on which something depends


@dataclass(frozen=True, slots=True)
class Tree:
    """A condition whose leaves go by number."""

    kind: type
    of: tuple[Tree, ...] = ()  # what has late leaves comes last
    leaf: int = -1
    late: bool = False  # whether it has late leaves


def arrange(condition: model.Condition, numbers: Mapping[str, int]) -> Tree:
    """The tree of a condition; `numbers` are those of its leaves, by their text."""
    if isinstance(condition, model.Not):
        return _node(model.Not, [arrange(condition.of, numbers)])
    if isinstance(condition, (model.All, model.AnyOf)):
        return _node(type(condition), [arrange(part, numbers) for part in condition.of])
    return Tree(type(condition), (), numbers[repr(condition)], isinstance(condition, LATE))


def _node(kind: type, parts: Sequence[Tree]) -> Tree:
    return Tree(kind, tuple(sorted(parts, key=lambda part: part.late)), late=any(part.late for part in parts))


def truth_of(tree: Tree, truths: Sequence[Array | None], asked: Array, late: Callable[[int, Array], Array]) -> Array:
    """Whether a tree holds at the moments that are asked about; at others the answer may be wrong.

    Args:
        tree: the tree.
        truths: those of the leaves, by number; None for late ones.
        asked: one truth value a moment.
        late: the truth of a late leaf, of its number and the moments at which it is asked.
    """
    if tree.kind is model.Not:
        return ~truth_of(tree.of[0], truths, asked, late)
    if tree.kind is model.All or tree.kind is model.AnyOf:
        every = tree.kind is model.All
        combined = np.full(len(asked), every)
        for part in tree.of:
            undecided = asked & (combined if every else ~combined) if part.late else asked
            found = truth_of(part, truths, undecided, late)
            combined = combined & found if every else combined | found
        return combined
    known = truths[tree.leaf]
    return late(tree.leaf, asked) if known is None else known
