"""Who is in some segments, of all people: for segments that are new, or mean something else now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions import model
from relance.conditions.columns.bundle import Bundle, combine
from relance.conditions.compiler import put_segments
from relance.errors import UnsupportedByEngine
from relance.warehouse.base import FAR_SEQ, Moments
from relance.warehouse.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.conditions.compiler import Compiler
    from relance.warehouse.base import Warehouse

Array = np.ndarray[Any, Any]

ANSWERS_AT_ONCE = 120_000_000  # of people and segments: more would need gigabytes
PEOPLE_AT_ONCE = 1_000_000
# What is asked of profiles costs what there is of distinct values, column by column; the rest is asked of the events, in SQL.
_OF_PROFILES = (model.Trait, model.CanReceive, model.Subscribed, model.Bucket, model.Near, model.Earlier)


def find_members(warehouse: Warehouse, compiler: Compiler, segments: list[str], at: int) -> Iterator[tuple[str, Array]]:
    """The members of each segment, as `(segment, profiles)`, in order of the profiles. Many segments are asked together."""
    assert warehouse.kept is not None  # noqa: S101 - else nothing is kept
    people = warehouse.kept.everybody()
    n = max(1, ANSWERS_AT_ONCE // max(len(people), 1))
    for start in range(0, len(segments), n):
        some = segments[start : start + n]
        trees = {segment: put_segments(compiler.segments[segment], compiler.segments) for segment in some}
        leaves = {repr(leaf): leaf for tree in trees.values() for leaf in _leaves(tree)}
        of_profiles: dict[str, model.Condition] = {k: leaf for k, leaf in leaves.items() if isinstance(leaf, _OF_PROFILES)}
        others = {key: leaf for key, leaf in leaves.items() if key not in of_profiles}
        truths = _ask_profiles(warehouse, compiler, of_profiles, people, at) if of_profiles else {}
        if others:
            truths |= _ask_events(warehouse, compiler, others, people, at)
        for segment, tree in trees.items():
            yield segment, people[combine(tree, truths, len(people))]


def find_unsupported(dialect: str, compiler: Compiler) -> dict[str, str]:
    """The segments whose members an engine can not tell exactly, and why."""
    if not DIALECTS[dialect].lacks:
        return {}
    found = {}
    for segment, condition in compiler.segments.items():
        try:
            for leaf in _leaves(put_segments(condition, compiler.segments)):
                if not isinstance(leaf, _OF_PROFILES):
                    compiler.compile(leaf).sql(dialect, "members")
        except UnsupportedByEngine as e:
            found[segment] = e.message
    return found


def _leaves(tree: model.Condition) -> Iterator[model.Condition]:
    return (part for part in model.walk(tree) if not isinstance(part, (model.All, model.AnyOf, model.Not)))


def _ask_events(
    warehouse: Warehouse, compiler: Compiler, leaves: dict[str, model.Condition], people: Array, at: int
) -> dict[str, Array]:
    from relance.conditions.compile import BITS_A_WORD, compile_together

    statement = compile_together(leaves.values(), compiler.segments, compiler.settings, warehouse.dialect)
    found = warehouse.fetch_everybody(statement, at)
    order = np.searchsorted(people, found["profile_id"])
    words = {}
    for name in found.keys() - {"profile_id"}:
        words[name] = np.zeros(len(people), dtype=np.int64)
        words[name][order] = found[name]
    places = {key: divmod(place, BITS_A_WORD) for place, key in enumerate(leaves)}
    return {key: (words[f"word{word}"] >> bit & 1).astype(bool) for key, (word, bit) in places.items()}


def _ask_profiles(
    warehouse: Warehouse, compiler: Compiler, leaves: dict[str, model.Condition], people: Array, at: int
) -> dict[str, Array]:
    bundle = Bundle(leaves.values(), compiler)
    truths = {key: np.zeros(len(people), dtype=bool) for key in leaves}
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        some = people[start : start + PEOPLE_AT_ONCE]
        answers, _ = bundle.ask(warehouse, Moments(some, np.full(len(some), at), np.full(len(some), FAR_SEQ - 1)))
        for truth, answer in zip(truths.values(), answers, strict=True):
            truth[start : start + len(some)] = answer
    return truths
