"""Conditions as values in Python: made once, combined with `&`, `|` and `~`, turned into the tree or into a definition."""

from __future__ import annotations

import copy
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from relance.conditions import model
from relance.conditions.dsl.values import refuse, show
from relance.conditions.read import MAX_DEPTH, parse_condition
from relance.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NO_TRUTH = (
    "a condition is neither true nor false before somebody is asked: write & for and, | for or, ~ for not, "
    "and figure.between(2, 5) for 2 <= figure <= 5"
)
_GROUPS: dict[str, type[model.All | model.AnyOf]] = {"all": model.All, "any": model.AnyOf}


class Condition:
    """A condition over profiles, as `did`, `trait` and the others make it.

    `a & b` holds where both hold, `a | b` where one does, `~a` where it does not. Two conditions are equal when they are
    written the same. Nothing changes a condition once it is made.
    """

    def __init__(self, source: Mapping[str, Any], tree: model.Condition, parts: Sequence[Condition] = ()) -> None:
        self._source = source
        self._tree = tree
        self._parts = parts  # of a group, or what is denied
        heights = [part._height + 1 for part in parts]  # noqa: SLF001 - of the same class
        self._height: int = max(heights, default=0)  # conditions inside each other
        if self._height > MAX_DEPTH:
            refuse(f"conditions nest at most {MAX_DEPTH} deep: put a part of this into a segment and name it with in_segment()")

    @property
    def tree(self) -> model.Condition:
        """The frozen tree, as reading the same definition gives it."""
        return self._tree

    def to_dict(self) -> dict[str, Any]:
        """The condition as a definition has it, ready for JSON; a copy of its own each time."""
        return dict(copy.deepcopy(self._source))

    def to_yaml(self) -> str:
        """The condition as YAML."""
        from relance.conditions.write_yaml import as_yaml

        return as_yaml(self._source)

    @cached_property
    def _written(self) -> str:
        return json.dumps(self._source, sort_keys=True)  # unlike Python's own comparison it tells 1, 1.0 and True apart

    def __and__(self, other: object) -> Condition:
        return _join("all", self, other)

    def __or__(self, other: object) -> Condition:
        return _join("any", self, other)

    def __rand__(self, other: object) -> NoReturn:
        _refuse_part(other)

    __ror__ = __rand__

    def __invert__(self) -> Condition:
        return Condition({"type": "not", "of": self._source}, model.Not(self._tree), [self])

    def __bool__(self) -> bool:
        raise TypeError(_NO_TRUTH)

    def __eq__(self, other: object) -> bool:
        return self._written == other._written if isinstance(other, Condition) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._written)

    def __repr__(self) -> str:
        from relance.conditions.dsl.text import as_python

        return as_python(self._source)


def leaf(source: Mapping[str, Any], kind: type[Condition] = Condition) -> Any:
    """The condition of one checked object without conditions inside.

    Raises:
        InvalidCondition: what only reading it can find, such as a regular expression that can not be used.
    """
    try:
        return kind(source, parse_condition(dict(source)))
    except InvalidInput as e:
        refuse("; ".join(str(problem.message) for problem in e.problems))


def all_of(*conditions: Condition) -> Condition:
    """All of these hold; of none given that is everyone."""
    return group("all", conditions)


def any_of(*conditions: Condition) -> Condition:
    """One of these holds at least; of none given that is nobody."""
    return group("any", conditions)


def group(kind: str, parts: Sequence[Condition]) -> Condition:
    """The condition `all` or `any` over some."""
    for part in parts:
        if not isinstance(part, Condition):
            _refuse_part(part)
    source = {"type": kind, "of": [part._source for part in parts]}  # noqa: SLF001 - of the same class
    return Condition(source, _GROUPS[kind](tuple(part.tree for part in parts)), parts)


def _join(kind: str, left: Condition, right: object) -> Condition:
    """`a & b & c` is one `all` of three, not one inside another."""
    if not isinstance(right, Condition):
        _refuse_part(right)
    parts: list[Condition] = []
    for side in (left, right):
        parts += side._parts if isinstance(side.tree, _GROUPS[kind]) else [side]  # noqa: SLF001
    return group(kind, parts)


def _refuse_part(part: object) -> NoReturn:
    says = getattr(part, "unfinished", None)
    if says:
        refuse(f"{says}; in a longer condition put brackets around each comparison, since & and | bind tighter than >= and ==")
    if isinstance(part, (list, tuple)):
        refuse("conditions are given one by one, not as a list: put a star in front of it")
    refuse(
        f"{show(part)} is no condition: those are made with did(), trait(), can_receive() and the others. If it belongs to a "
        "comparison, put brackets around that"
    )
