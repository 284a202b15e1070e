"""A bundle of conditions, asked together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.columns.dates import reads_clock
from relance.conditions.columns.frame import Frame
from relance.conditions.columns.leaves import bucket_holds, leaf_holds
from relance.conditions.columns.needs import Needs
from relance.conditions.columns.trees import LATE, arrange, truth_of
from relance.conditions.nesting import put_segments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions import model
    from relance.conditions.columns.frame import Array
    from relance.conditions.compiling.compiler import Compiler
    from relance.warehouse.base import Moments, ReadableWarehouse, Shape


MANY = 100_000  # moments, from which on two threads are quicker than one
THREADS = 2
MOST_REMEMBERED = 500_000  # dates


class Bundle:
    """Conditions that share what they read; equal leaves are asked once."""

    def __init__(self, conditions: Iterable[model.Condition], compiler: Compiler) -> None:
        """`compiler` knows the segments that conditions name, and the settings."""
        spelt_out = [put_segments(condition, compiler.segments) for condition in conditions]
        self.needs = Needs.of(spelt_out, compiler.settings.consent)
        numbers = {key: number for number, key in enumerate((*self.needs.leaves, *self.needs.others))}
        self._trees = [arrange(condition, numbers) for condition in spelt_out]
        self._compiler = compiler
        self._statements: dict[tuple[str, Shape], dict[str, str]] = {}
        self._memory: dict[Any, Any] = {}

    def look(self, warehouse: ReadableWarehouse, moments: Moments) -> Frame:
        """Fetch what the conditions read at some moments.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """
        return self._frame(moments, warehouse.fetch(self._made(warehouse, "moments"), moments))

    def look_at_members(self, warehouse: ReadableWarehouse, at: int, profiles: tuple[int, int]) -> Frame:
        """Fetch what the conditions read of all profiles from a number to another one at an instant, as of all that is known."""
        found = warehouse.fetch_members(self._made(warehouse, "members"), at, profiles)
        return Frame.of_members(self.needs, at, found, self._remembered())

    @cached_property
    def dates(self) -> Bundle:
        """The leaves that read dates among the traits, as a bundle of their own."""
        return Bundle([leaf for leaf in self.needs.leaves.values() if reads_clock(leaf)], self._compiler)

    def _made(self, warehouse: ReadableWarehouse, shape: Shape) -> dict[str, str]:
        key = (warehouse.dialect, shape)
        if key not in self._statements:
            from relance.conditions.columns.statements import make_statements

            self._statements[key] = make_statements(self.needs, self._compiler.settings, warehouse.dialect, shape)
        return self._statements[key]

    def _frame(self, moments: Moments, fetched: dict[str, dict[str, Any]]) -> Frame:
        return Frame.of(self.needs, moments, fetched, self._remembered())

    def _remembered(self) -> dict[Any, Any]:
        if len(self._memory) > MOST_REMEMBERED:
            self._memory.clear()
        return self._memory

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
        others = {
            key: np.array(warehouse.ask(self._compiler.compile(leaf), moments), dtype=bool)
            for key, leaf in self.needs.others.items()
        }
        return self.combine(frame, others)

    def combine(self, frame: Frame, others: dict[str, Array]) -> Array:
        """The same, of the answers of the leaves that are asked one by one."""
        leaves = list(self.needs.leaves.values())
        found: list[Array | None] = [None] * len(leaves)
        asked = [number for number, leaf in enumerate(leaves) if not isinstance(leaf, LATE)]
        if frame.n < MANY:
            for number in asked:
                found[number] = leaf_holds(leaves[number], frame)
        else:
            with ThreadPoolExecutor(THREADS) as pool:  # what both find out first, both keep: no answer depends on who was first
                answered = pool.map(lambda number: leaf_holds(leaves[number], frame), asked)
                for number, answer in zip(asked, answered, strict=True):
                    found[number] = answer
        found += (others[key] for key in self.needs.others)
        known = frame.known

        def ask_late(number: int, where: Array) -> Array:
            leaf: Any = leaves[number]
            return bucket_holds(leaf, frame, where)

        answers = np.zeros((len(self._trees), frame.n), dtype=bool)
        for place, tree in enumerate(self._trees):
            answers[place] = truth_of(tree, found, known, ask_late)
        return answers
