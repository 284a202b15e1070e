"""Who is in some segments, of all people: for segments that are new, or mean something else now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.columns.bundle import Bundle
from relance.errors import UnsupportedByEngine
from relance.warehouse.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.conditions.columns.frame import Frame
    from relance.conditions.compiling.compiler import Compiler
    from relance.warehouse.base import Warehouse

Array = np.ndarray[Any, Any]

ANSWERS_AT_ONCE = 120_000_000  # of people and segments: more would need gigabytes
PEOPLE_AT_ONCE = 1_000_000


def find_members(warehouse: Warehouse, compiler: Compiler, segments: list[str], at: int) -> Iterator[tuple[str, Array]]:
    """The members of each segment, as `(segment, profiles)`, in order of the profiles. Many segments are asked together."""
    assert warehouse.kept is not None  # noqa: S101 - else nothing is kept
    people = warehouse.kept.everybody()
    n = max(1, ANSWERS_AT_ONCE // max(len(people), 1))
    for start in range(0, len(segments), n):
        some = segments[start : start + n]
        bundle = Bundle([compiler.segments[segment] for segment in some], compiler)
        others = {
            key: np.asarray(warehouse.member_ids(compiler.compile(leaf), at), dtype=np.int64)
            for key, leaf in bundle.needs.others.items()
        }
        found: list[list[Array]] = [[] for _ in some]
        for frame in _frames(warehouse, bundle, people, at):
            answers = bundle.combine(frame, {key: np.isin(frame.profiles, ids) for key, ids in others.items()})
            for members, answer in zip(found, answers, strict=True):
                members.append(frame.profiles[answer & frame.known])
            del frame, answers, answer  # before the next people are looked at
        for segment, members in zip(some, found, strict=True):
            yield segment, np.concatenate(members) if members else people


def _frames(warehouse: Warehouse, bundle: Bundle, people: Array, at: int) -> Iterator[Frame]:
    """What the conditions read of some people after the other.

    Each look reads through the events of everybody, so there are few of them: half a million people at a time, with the
    next looked at while the last were judged, took a fourth more.
    """
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        part = people[first : first + PEOPLE_AT_ONCE]
        yield bundle.look_at_members(warehouse, at, (int(part[0]), int(part[-1])))


def find_unsupported(dialect: str, compiler: Compiler) -> dict[str, str]:
    """The segments whose members an engine can not tell exactly, and why."""
    if not DIALECTS[dialect].lacks:
        return {}
    found = {}
    for segment, condition in compiler.segments.items():
        try:
            for leaf in Bundle([condition], compiler).needs.others.values():
                compiler.compile(leaf).sql(dialect, "members")
        except UnsupportedByEngine as e:
            found[segment] = e.message
    return found
