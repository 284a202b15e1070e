"""The compiler: conditions in, questions for a warehouse out. Statements are made when first needed, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.conditions import model
from relance.conditions.evaluate import View, holds
from relance.conditions.nesting import check_segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.warehouse.base import Person, Shape


class Compiler:
    """Compiles the conditions of one workspace; the same condition twice is compiled once."""

    def __init__(
        self, segments: Mapping[str, model.Condition] | None = None, settings: model.ConditionSettings | None = None
    ) -> None:
        self.segments = dict(segments or {})
        self.settings = settings or model.ConditionSettings()
        self._compiled: dict[str, CompiledCondition] = {}

    def compile(self, condition: model.Condition) -> CompiledCondition:
        """The question a condition asks.

        Raises:
            InvalidCondition: it names a segment that is not there, or segments go round in circles.
        """
        key = repr(condition)  # not the condition: True == 1, but a test for one is not a test for the other
        found = self._compiled.get(key)
        if found is None:
            check_segments(condition, self.segments, ())
            found = self._compiled[key] = CompiledCondition(condition, self.segments, self.settings)
        return found

    def segment(self, segment_id: str) -> CompiledCondition:
        """The question whether somebody is in a segment."""
        return self.compile(model.InSegment(segment_id))


class CompiledCondition:
    """A condition that can be asked of a warehouse."""

    def __init__(
        self, condition: model.Condition, segments: Mapping[str, model.Condition], settings: model.ConditionSettings
    ) -> None:
        self.condition, self.segments, self.settings = condition, segments, settings
        self._statements: dict[tuple[str, str], str] = {}

    def sql(self, dialect: str, shape: Shape) -> str:
        """The statement for one engine and shape. Ibis is imported here, at the first statement, and not before."""
        found = self._statements.get((dialect, shape))
        if found is None:
            from relance.conditions.compiling.statements import compile_statement

            found = compile_statement(self.condition, self.segments, self.settings, dialect, shape)
            self._statements[dialect, shape] = found
        return found

    def holds(self, person: Person, at: int, seq: int) -> bool:
        """Ask it of one person in plain Python."""
        return holds(self.condition, View(person, at, seq, self.settings, self.segments))
