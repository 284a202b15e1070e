"""A bundle of conditions, asked together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions import model
from relance.conditions.columns.frame import Frame
from relance.conditions.columns.leaves import leaf_holds
from relance.conditions.columns.needs import Needs
from relance.conditions.compiler import Compiler, put_segments
from relance.warehouse.base import Moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions.columns.frame import Array
    from relance.warehouse.base import ReadableWarehouse


MOST_REMEMBERED = 500_000  # dates


class Bundle:
    """Conditions that share what they read; equal leaves are asked once."""

    def __init__(self, conditions: Iterable[model.Condition], compiler: Compiler) -> None:
        """`compiler` knows the segments that conditions name, and the settings."""
        self.trees = [put_segments(condition, compiler.segments) for condition in conditions]
        self.needs = Needs.of(self.trees, compiler.settings.consent)
        self._compiler = compiler
        self._statements: dict[str, dict[str, str]] = {}
        self._memory: dict[Any, Any] = {}

    def look(self, warehouse: ReadableWarehouse, moments: Moments) -> Frame:
        """Fetch what the conditions read at some moments.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """
        if warehouse.dialect not in self._statements:
            from relance.conditions.columns.statements import make_statements

            self._statements[warehouse.dialect] = make_statements(self.needs, self._compiler.settings, warehouse.dialect)
        return self._frame(warehouse, moments, self._statements[warehouse.dialect])

    def look_at_states(self, warehouse: ReadableWarehouse, moments: Moments) -> Frame:
        """Fetch what the conditions read of the profiles alone."""
        if warehouse.dialect not in self._statements:
            self.look(warehouse, Moments([], [], []))
        return self._frame(warehouse, moments, {"states": self._statements[warehouse.dialect]["states"]})

    def _frame(self, warehouse: ReadableWarehouse, moments: Moments, statements: dict[str, str]) -> Frame:
        if len(self._memory) > MOST_REMEMBERED:
            self._memory.clear()
        return Frame.of(self.needs, moments, warehouse.fetch(statements, moments), self._memory)

    def ask(self, warehouse: ReadableWarehouse, moments: Moments) -> tuple[Array, Array]:
        """Whether each condition holds at each moment.

        Shape:
            `(conditions, moments)` truth values, and one truth value a moment: whether the profile was there.
        """
        frame = self.look(warehouse, moments)
        return self.answer(warehouse, moments, frame), frame.known

    def answer(self, warehouse: ReadableWarehouse, moments: Moments, frame: Frame) -> Array:
        """Whether each condition holds at each moment that was looked at.

        Shape:
            `(conditions, moments)` truth values.
        """
        truths = {key: leaf_holds(leaf, frame) for key, leaf in self.needs.leaves.items()}
        for key, leaf in self.needs.others.items():
            truths[key] = np.array(warehouse.ask(self._compiler.compile(leaf), moments), dtype=bool)
        answers = np.zeros((len(self.trees), frame.n), dtype=bool)
        for place, tree in enumerate(self.trees):
            answers[place] = combine(tree, truths, frame.n)
        return answers


def combine(tree: model.Condition, truths: dict[str, Array], n: int) -> Array:
    """The truth of a tree at `n` moments, of those of its leaves by their text."""
    if isinstance(tree, model.Not):
        return ~combine(tree.of, truths, n)
    if isinstance(tree, (model.All, model.AnyOf)):
        combined = np.full(n, isinstance(tree, model.All))
        for part in tree.of:
            found = combine(part, truths, n)
            combined = combined & found if isinstance(tree, model.All) else combined | found
        return combined
    return truths[repr(tree)]
