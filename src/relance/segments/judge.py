"""What answers conditions for the engine: compiled once, asked of the warehouse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import ConditionSettings, Frozen
from relance.conditions.read import parse_condition
from relance.segments.flow import watch
from relance.segments.standings import Standings
from relance.warehouse.base import Moments
from relance.warehouse.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relance.conditions.compiling.compiler import CompiledCondition
    from relance.segments.flow import Watched
    from relance.segments.standings import Standing
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace


def make_compiler(workspace: Workspace) -> Compiler:
    """The compiler for a workspace's segments and settings."""
    settings = ConditionSettings(workspace.settings.timezone, tuple(sorted(workspace.settings.consent.items())))
    segments = {name: parse_condition(where) for name, where in workspace.segments.items()}
    for name, at in workspace.archived.items():
        if name in segments:
            segments[name] = Frozen(name, at, segments[name])
    return Compiler(segments, settings)


class WarehouseJudge:
    """Asks the warehouse whether conditions hold."""

    def __init__(self, warehouse: ReadableWarehouse, workspace: Workspace) -> None:
        self._warehouse = warehouse
        self._compiler = make_compiler(workspace)
        self._compiled: dict[str, CompiledCondition] = {}
        self._standings: Standings | None = None

    def _compile(self, condition: Mapping[str, Any]) -> CompiledCondition:
        key = json.dumps(condition, sort_keys=True)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compiler.compile(parse_condition(condition))
        return found

    def prepare(self, conditions: Iterable[Mapping[str, Any]]) -> None:
        """Make the statements of conditions now, so that nobody waits for it later. A warehouse in plain Python has none."""
        for condition in conditions if self._warehouse.dialect in DIALECTS else ():
            self._compile(condition).sql(self._warehouse.dialect, "moments")

    def ask(self, condition: Mapping[str, Any], moments: Sequence[tuple[int, int, int]]) -> Sequence[bool]:
        """Whether the condition holds at each moment `(profile_id, at, seq)`."""
        profiles, ats, seqs = zip(*moments, strict=True)
        return self._warehouse.ask(self._compile(condition), Moments(profiles, ats, seqs))

    def members(self, condition: Mapping[str, Any], at: int, seq: int) -> Sequence[int]:
        """The profiles for which it holds at one instant."""
        return self._warehouse.members(self._compile(condition), at, seq)

    def watch(self, segments: Iterable[str] | None) -> Watched:
        """What can change the membership of some segments, or of all."""
        known = self._compiler.segments
        return watch(known, self._compiler.settings, known if segments is None else segments)

    def standings(self, watched: Watched, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        """In which of the watched segments people are, each at one moment, and when time alone may change that."""
        if self._standings is None or self._standings.watched is not watched:
            self._standings = Standings(self._warehouse, self._compiler, watched)
        return self._standings.of(moments)
