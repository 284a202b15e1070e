"""`trait("address.city")` and `prop("total")`: a place in the traits or in an event's properties, asked by an operator.

Each operator of the language is a method of the same name (`in` is `in_`), and `== != > >= < <=` are short for six of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from relance.conditions.clauses import NEGATIONS
from relance.conditions.dsl.tree import Condition, leaf
from relance.conditions.dsl.values import (
    MOST_CHOICES,
    Instant,
    Length,
    Scalar,
    as_instant,
    as_length,
    as_list,
    as_ordered,
    as_path,
    as_scalar,
    as_text,
    refuse,
    show,
)
from relance.conditions.patterns import InvalidPattern, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Answer = TypeVar("Answer")
_OPPOSITES = NEGATIONS | {positive: negative for negative, positive in NEGATIONS.items()}


class Filter:
    """Tests of an event's properties that must all hold: what `where` takes. `&` adds more of them."""

    def __init__(self, clauses: tuple[Mapping[str, Any], ...]) -> None:
        self.clauses = clauses

    def __and__(self, other: object) -> Filter:
        if not isinstance(other, Filter):
            says = getattr(other, "unfinished", f"{show(other)} is no filter: compare a prop()")
            refuse(f"{says}; put brackets around each comparison, since & binds tighter than >= and ==")
        return Filter(self.clauses + other.clauses)

    def __invert__(self) -> Filter:
        """The exact opposite of one test that has one: of `eq`, `in`, `contains` and `is_set`, and back."""
        opposite = _OPPOSITES.get(self.clauses[0]["op"]) if len(self.clauses) == 1 else None
        if opposite is None:
            refuse("there is no opposite of this filter: ask for the event without it, or put ~ before the whole condition")
        return Filter(({**self.clauses[0], "op": opposite},))

    def __or__(self, other: object) -> NoReturn:
        refuse("filters of an event must all hold: for either of two write did(..., where=a) | did(..., where=b), or in_()")

    def __bool__(self) -> bool:
        msg = "a filter is neither true nor false before an event is seen: write & for and"
        raise TypeError(msg)

    def __eq__(self, other: object) -> bool:
        return repr(self) == repr(other) if isinstance(other, Filter) else NotImplemented

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        from relance.conditions.dsl.text import filters_as_python

        return filters_as_python(self.clauses)


class Path(ABC, Generic[Answer]):
    """A place that is to be asked something."""

    __hash__ = None  # type: ignore[assignment]  # `==` asks, it does not compare

    def __init__(self, path: str, *, ignore_case: bool = False) -> None:
        self._path = as_path(path)
        if not isinstance(ignore_case, bool):
            refuse(f"ignore_case is True or False, not {show(ignore_case)}")
        self._ignore_case = ignore_case

    @property
    def unfinished(self) -> str:
        """What is missing, for whoever takes it as a condition."""
        return f"{self!r} is only a place: compare it, such as {self!r}.is_set()"

    @abstractmethod
    def _answer(self, clause: Mapping[str, Any]) -> Answer: ...

    def _ask(self, op: str, value: Any = None) -> Answer:
        clause: dict[str, Any] = {"path": self._path, "op": op}
        if value is not None:
            clause["value"] = value
        if self._ignore_case:
            clause["ignore_case"] = True
        return self._answer(clause)

    def eq(self, value: Scalar) -> Answer:
        """It is this, and of the same type; `==`."""
        return self._ask("eq", as_scalar(value))

    def ne(self, value: Scalar) -> Answer:
        """The exact opposite of `eq`, so it holds where there is nothing; `!=`."""
        return self._ask("ne", as_scalar(value))

    def in_(self, values: Iterable[Scalar]) -> Answer:
        """It is one of these."""
        return self._ask("in", _choices(values, "in_"))

    def not_in(self, values: Iterable[Scalar]) -> Answer:
        """The exact opposite of `in_`, so it holds where there is nothing."""
        return self._ask("not_in", _choices(values, "not_in"))

    def gt(self, value: Scalar) -> Answer:
        """It is greater; `>`. Numbers with numbers, texts with texts."""
        return self._ask("gt", as_ordered(value, "gt"))

    def gte(self, value: Scalar) -> Answer:
        """It is greater or the same; `>=`."""
        return self._ask("gte", as_ordered(value, "gte"))

    def lt(self, value: Scalar) -> Answer:
        """It is less; `<`."""
        return self._ask("lt", as_ordered(value, "lt"))

    def lte(self, value: Scalar) -> Answer:
        """It is less or the same; `<=`."""
        return self._ask("lte", as_ordered(value, "lte"))

    def between(self, low: Scalar, high: Scalar) -> Answer:
        """It lies between two numbers or two texts, both included."""
        pair = [as_ordered(low, "between"), as_ordered(high, "between")]
        if isinstance(pair[0], str) != isinstance(pair[1], str):
            refuse(f"between() takes two numbers or two texts, not {show(low)} and {show(high)}")
        return self._ask("between", pair)

    def contains(self, value: Scalar) -> Answer:
        """It has this as an element of a list, or as a part of a text."""
        return self._ask("contains", as_scalar(value))

    def not_contains(self, value: Scalar) -> Answer:
        """The exact opposite of `contains`, so it holds where there is nothing."""
        return self._ask("not_contains", as_scalar(value))

    def starts_with(self, text: str) -> Answer:
        """It is a text that begins so."""
        return self._ask("starts_with", as_text(text, "starts_with()", empty=True))

    def ends_with(self, text: str) -> Answer:
        """It is a text that ends so."""
        return self._ask("ends_with", as_text(text, "ends_with()", empty=True))

    def matches(self, pattern: str) -> Answer:
        """It is a text in which this regular expression finds something."""
        text = as_text(pattern, "matches()", empty=True)
        try:
            compile_pattern(text, ignore_case=self._ignore_case)
        except InvalidPattern as e:
            refuse(f"the pattern {show(text)} can not be used: {e}")
        return self._ask("matches", text)

    def is_set(self) -> Answer:
        """There is something."""
        return self._ask("is_set")

    def is_not_set(self) -> Answer:
        """There is nothing."""
        return self._ask("is_not_set")

    def is_true(self) -> Answer:
        """It is true."""
        return self._ask("is_true")

    def is_false(self) -> Answer:
        """It is false, not missing."""
        return self._ask("is_false")

    def before(self, instant: Instant) -> Answer:
        """It is a date or instant before this one."""
        return self._ask("before", as_instant(instant, "before()"))

    def after(self, instant: Instant) -> Answer:
        """It is a date or instant after this one."""
        return self._ask("after", as_instant(instant, "after()"))

    def within_last(self, length: Length) -> Answer:
        """It lies less than this before now, and not after now."""
        return self._ask("within_last", as_length(length, "within_last()", none=True))

    def within_next(self, length: Length) -> Answer:
        """It lies after now, and at most this far."""
        return self._ask("within_next", as_length(length, "within_next()", none=True))

    def more_than_ago(self, length: Length) -> Answer:
        """It lies this long before now, or longer."""
        return self._ask("more_than_ago", as_length(length, "more_than_ago()", none=True))

    def anniversary_within(self, length: Length) -> Answer:
        """Its next anniversary is at most this far; the day itself counts."""
        return self._ask("anniversary_within", as_length(length, "anniversary_within()", none=True))

    def __eq__(self, value: object) -> Answer:  # type: ignore[override]
        return self.eq(value)  # type: ignore[arg-type]  # looked at there

    def __ne__(self, value: object) -> Answer:  # type: ignore[override]
        return self.ne(value)  # type: ignore[arg-type]

    def __gt__(self, value: Scalar) -> Answer:
        return self.gt(value)

    def __ge__(self, value: Scalar) -> Answer:
        return self.gte(value)

    def __lt__(self, value: Scalar) -> Answer:
        return self.lt(value)

    def __le__(self, value: Scalar) -> Answer:
        return self.lte(value)

    def _refuse(self, _other: object = None) -> NoReturn:
        refuse(f"{self.unfinished}; & and | bind tighter than >= and ==, so put brackets around each comparison")

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = _refuse

    def __bool__(self) -> bool:
        raise TypeError(self.unfinished)

    def __repr__(self) -> str:
        fold = ", ignore_case=True" if self._ignore_case else ""
        return f"{self._word}({self._path!r}{fold})"

    _word = ""


class TraitPath(Path[Condition]):
    """A trait of the profile."""

    _word = "trait"

    def _answer(self, clause: Mapping[str, Any]) -> Condition:
        made: Condition = leaf({"type": "trait", **clause})
        return made


class PropertyPath(Path[Filter]):
    """A property of an event."""

    _word = "prop"

    def _answer(self, clause: Mapping[str, Any]) -> Filter:
        return Filter((clause,))


def as_where(where: Filter | Iterable[Filter] | Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The clauses of a `where`: a filter, several of them, or what properties must equal, by path."""
    if where is None:
        return []
    if isinstance(where, Filter):
        return [dict(clause) for clause in where.clauses]
    if isinstance(where, dict):
        return [dict(_equal(path, value).clauses[0]) for path, value in where.items()]
    unfinished = getattr(where, "unfinished", None)
    if unfinished or isinstance(where, Condition):
        refuse(unfinished or "where takes filters of the event's properties, made with prop(), not a condition on the person")
    found = []
    for one in as_list(where, "where"):
        if not isinstance(one, Filter):
            refuse(getattr(one, "unfinished", None) or f"{show(one)} is no filter: where takes comparisons of prop()")
        found += [dict(clause) for clause in one.clauses]
    return found


def _equal(path: str, value: Any) -> Filter:
    place = PropertyPath(path)
    return place.in_(value) if isinstance(value, (list, tuple, set, frozenset)) else place.eq(value)


def _choices(values: Iterable[Scalar], op: str) -> list[Scalar]:
    found = as_list(values, f"what {op}() takes")
    if len(found) > MOST_CHOICES:
        refuse(f"{op}() takes at most {MOST_CHOICES:,} values, not {len(found):,}: keep them on a list and ask in_list()")
    return [as_scalar(value) for value in (sorted(found, key=repr) if isinstance(values, (set, frozenset)) else found)]
