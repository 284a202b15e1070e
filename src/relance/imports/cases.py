"""What events are made of: one case is a row, or the rows of a group. Values are got for all cases at once.

A value that can not be got fails its case; the others count.
"""

from __future__ import annotations

import math
import re
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from relance.imports.filters import compile_clauses
from relance.imports.mapping import ColumnValue, ConstantValue, CountValue, RowsValue, SumValue, TemplateValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relance.imports.filters import Test
    from relance.imports.mapping import Clause, Fields, Value

    Row = Sequence[Any]
    Get = Callable[["Cases"], Sequence[Any]]

_IN_TEMPLATE = re.compile(r"\{([^{}]*)\}")


class Unfit(ValueError):
    """A case lacks what its event needs."""

    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code, self.message = column, code, message


class Cases:
    """Some cases.

    Args:
        rows: the rows of each case; it has one at least.
        columns: the values of the cases' first rows by column, where they are at hand.
    """

    def __init__(self, rows: Sequence[Sequence[Row]] | PlainRows, columns: Sequence[Sequence[Any]] | None = None) -> None:
        self.rows = rows
        self._columns = columns
        self.failed: dict[int, Unfit] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, at: int) -> Sequence[Any]:
        """The value of each case's first row in a column."""
        if self._columns is None:
            self._columns = list(zip(*(rows[0] for rows in self.rows), strict=True))
        return self._columns[at] if self._columns else ()

    def fail(self, index: int, why: Unfit) -> None:
        """Note what is wrong with a case; the first word counts."""
        self.failed.setdefault(index, why)

    def chosen(self, indexes: Sequence[int]) -> Cases:
        """Some of the cases."""
        return Cases([self.rows[i] for i in indexes])


class PlainRows:
    """A column-wise table as cases of one row each, made when somebody asks."""

    def __init__(self, columns: Sequence[Sequence[Any]], n: int) -> None:
        self._columns, self._n = columns, n
        self._rows: list[tuple[Row]] | None = None

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Any:
        return iter(self._made())

    def __getitem__(self, index: Any) -> Any:
        return self._made()[index]

    def _made(self) -> list[tuple[Row]]:
        if self._rows is None:
            self._rows = list(zip(zip(*self._columns, strict=True))) if self._columns else [((),)] * self._n
        return self._rows


# -------------------------------------------------------------------------------------------------------------- values
def compile_value(value: Value, places: dict[str, int]) -> Get:
    """What gets a value for all cases; None where there is none."""
    match value:
        case ColumnValue(column):
            at = places[column]
            return lambda cases: cases.column(at)
        case ConstantValue(constant):
            return lambda cases: [constant] * len(cases)
        case TemplateValue(text, _):
            return _compile_template(text, places)
        case RowsValue(fields, when):
            return _compile_rows(compile_object(fields, places), compile_choice(when, places))
        case SumValue(columns, when, digits, negate):
            total = _compile_sum([places[name] for name in columns], columns, digits, -1 if negate else 1)
            return _compile_each(total, compile_choice(when, places))
        case CountValue(when):
            return _compile_each(len, compile_choice(when, places))


def compile_choice(when: Sequence[Clause], places: dict[str, int]) -> Callable[[Sequence[Row]], Sequence[Row]]:
    """What chooses the rows of a case that some clauses hold for."""
    test: Test | None = compile_clauses(when, places)
    if test is None:
        return lambda rows: rows
    return lambda rows: [row for row in rows if test(row)]


def _compile_each(measure: Callable[[Sequence[Row]], Any], chosen: Callable[[Sequence[Row]], Sequence[Row]]) -> Get:
    def measure_each(cases: Cases) -> list[Any]:
        found: list[Any] = []
        for i, rows in enumerate(cases.rows):
            try:
                found.append(measure(chosen(rows)))
            except Unfit as e:
                cases.fail(i, e)
                found.append(None)
        return found

    return measure_each


def _compile_sum(at: Sequence[int], names: Sequence[str], digits: int, sign: int) -> Callable[[Sequence[Row]], int | float]:
    def total(rows: Sequence[Row]) -> int | float:
        products = []
        for row in rows:
            factors = [row[i] for i in at]
            for name, factor in zip(names, factors, strict=True):
                if not isinstance(factor, int | float):
                    raise Unfit(name, "wrong_type", "no number, and a sum needs one; give the column the type number")
            products.append(math.prod(factors))
        try:
            result = round(sign * math.fsum(products), digits)
        except OverflowError:
            raise Unfit(names[0], "wrong_type", "the sum is too large for a number") from None
        return int(result) if result.is_integer() else result

    return total


def _compile_template(text: str, places: dict[str, int]) -> Get:
    parts = _IN_TEMPLATE.split(text)  # what stands between, and the columns, in turn

    def fill(cases: Cases) -> list[str | None]:
        columns = [cases.column(places[part]) if i % 2 else repeat(part, len(cases)) for i, part in enumerate(parts)]
        return [None if None in values else "".join(map(str, values)) for values in zip(*columns, strict=True)]

    return fill


def _compile_rows(build: Get, chosen: Callable[[Sequence[Row]], Sequence[Row]]) -> Get:
    def list_rows(cases: Cases) -> list[list[Any]]:
        lists = [chosen(rows) for rows in cases.rows]
        flat = list(chain.from_iterable(lists))
        if not flat:
            return [[] for _ in lists]
        inner = Cases([(row,) for row in flat])
        objects = iter(build(inner))
        owners = [i for i, rows in enumerate(lists) for _ in rows]
        for i, why in inner.failed.items():
            cases.fail(owners[i], why)
        return [[next(objects) for _ in rows] for rows in lists]

    return list_rows


# ------------------------------------------------------------------------------------------------------------- objects
def compile_object(fields: Fields, places: dict[str, int]) -> Get:
    """What builds an object; a dotted name makes objects within it, a missing value leaves its field out."""
    tree: dict[str, Any] = {}
    for name, value in fields:
        inner = tree
        *path, last = name.split(".")
        for key in path:
            inner = inner.setdefault(key, {})
        inner[last] = compile_value(value, places)
    return _compile_tree(tree)[1]


def _compile_tree(tree: dict[str, Any]) -> tuple[type[Any], Get]:
    shape = make_shape(list(tree))
    members: list[Get] = [_compile_inner(value) if isinstance(value, dict) else value for value in tree.values()]

    def build(cases: Cases) -> list[Any]:
        return list(map(shape, *(with_gaps(get(cases)) for get in members)))

    return shape, build


def _compile_inner(tree: dict[str, Any]) -> Get:
    shape, build = _compile_tree(tree)
    nothing = shape()
    return lambda cases: [None if one == nothing else one for one in build(cases)]


def make_shape(names: Sequence[str], **options: Any) -> type[Any]:
    """A class of records that are written as an object with these keys, without those that were left out."""
    members: list[tuple[str, Any, Any]] = [(f"f{i}", Any, UNSET) for i in range(len(names))]
    return msgspec.defstruct(
        "Shape", members, rename=dict(zip((m[0] for m in members), names, strict=True)), gc=False, **options
    )


def with_gaps(values: Sequence[Any]) -> Sequence[Any]:
    """The values, with those that are missing told so that their fields are left out."""
    return [UNSET if value is None else value for value in values] if None in values else values
