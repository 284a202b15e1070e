"""What is counted, summed or scored, and the limits it must keep: `did("Order Completed").sum("total") >= 250`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from relance.conditions.dsl.tree import Condition, leaf
from relance.conditions.dsl.values import (
    as_choices,
    as_number,
    as_number_between,
    as_path,
    as_scalar,
    as_whole,
    refuse,
    show,
)
from relance.conditions.model import CATEGORIES
from relance.conditions.read_fields import LIMIT_OPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.conditions.dsl.values import Scalar
    from relance.conditions.model import AggregateFunction


class Unasked(ABC):
    """Something that is no condition until it is compared."""

    unfinished: str  # what is missing, for whoever takes it as a condition

    def _refuse(self, _other: object = None) -> NoReturn:
        refuse(f"{self.unfinished}; & and | bind tighter than >= and ==, so put brackets around each comparison")

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = _refuse

    def __bool__(self) -> bool:
        raise TypeError(self.unfinished)


Made = TypeVar("Made", bound=Condition)


class Figure(Unasked, Generic[Made]):
    """A number, or the first or last value, that must keep limits: `>= 3`, `.between(2, 5)`, `.meets(gte=1, lt=4)`."""

    __hash__ = None  # type: ignore[assignment]  # `==` asks, it does not compare

    @abstractmethod
    def _limited(self, limits: Mapping[str, Any]) -> Made: ...

    @abstractmethod
    def _value(self, op: str, value: Any) -> Any:
        """A limit, looked at."""

    @property
    def unfinished(self) -> str:  # type: ignore[override]
        return f"{self!r} is only a figure: compare it, such as {self!r} >= 1"

    def meets(self, **limits: Scalar) -> Made:
        """It keeps all of these limits: `eq ne gt gte lt lte`."""
        unknown = [op for op in limits if op not in LIMIT_OPS]
        if unknown or not limits:
            refuse(f"meets() takes some of {', '.join(LIMIT_OPS)}{f', not {unknown[0]}' if unknown else ''}")
        return self._limited({op: self._value(op, value) for op, value in limits.items()})

    def between(self, low: Scalar, high: Scalar) -> Made:
        """It lies between two limits, both included."""
        return self.meets(gte=low, lte=high)

    def eq(self, value: Scalar) -> Made:
        """It is this; `==`."""
        return self.meets(eq=value)

    def ne(self, value: Scalar) -> Made:
        """It is not this; `!=`. A figure over nothing, but sums and counts, keeps no limit at all."""
        return self.meets(ne=value)

    def gt(self, value: Scalar) -> Made:
        """It is greater; `>`."""
        return self.meets(gt=value)

    def gte(self, value: Scalar) -> Made:
        """It is greater or the same; `>=`."""
        return self.meets(gte=value)

    def lt(self, value: Scalar) -> Made:
        """It is less; `<`."""
        return self.meets(lt=value)

    def lte(self, value: Scalar) -> Made:
        """It is less or the same; `<=`."""
        return self.meets(lte=value)

    def __eq__(self, value: object) -> Made:  # type: ignore[override]
        return self.eq(value)  # type: ignore[arg-type]  # looked at there

    def __ne__(self, value: object) -> Made:  # type: ignore[override]
        return self.ne(value)  # type: ignore[arg-type]

    def __gt__(self, value: Scalar) -> Made:
        return self.gt(value)

    def __ge__(self, value: Scalar) -> Made:
        return self.gte(value)

    def __lt__(self, value: Scalar) -> Made:
        return self.lt(value)

    def __le__(self, value: Scalar) -> Made:
        return self.lte(value)


class Did(Condition):
    """Something happened, once or more if nothing else is said; or a figure over what happened keeps its limits."""

    @property
    def times(self) -> Times:
        """How often it happened: `did("Order Completed").times >= 3`."""
        return Times(self)

    def sum(self, path: str) -> Aggregate:
        """The sum of a property; over nothing it is 0."""
        return Aggregate(self, "sum", path)

    def avg(self, path: str) -> Aggregate:
        """The average of a property."""
        return Aggregate(self, "avg", path)

    def min(self, path: str) -> Aggregate:
        """The smallest value of a property."""
        return Aggregate(self, "min", path)

    def max(self, path: str) -> Aggregate:
        """The largest value of a property."""
        return Aggregate(self, "max", path)

    def count_distinct(self, path: str) -> Aggregate:
        """How many different values a property has; over nothing it is 0."""
        return Aggregate(self, "count_distinct", path)

    def first(self, path: str) -> Aggregate:
        """The value of a property when it happened first; a text, a number, True or False."""
        return Aggregate(self, "first", path)

    def last(self, path: str) -> Aggregate:
        """The value of a property when it happened last; a text, a number, True or False."""
        return Aggregate(self, "last", path)

    def _with(self, name: str, value: Mapping[str, Any]) -> Did:
        """The same with `times` or `aggregate`; the time limits stay last, as one writes them."""
        source = dict(self._source)
        limits: dict[str, Any] = {key: source.pop(key) for key in ("within", "between", "since", "before") if key in source}
        made: Did = leaf({**source, name: value, **limits}, Did)
        return made


class Times(Figure[Did]):
    """How often something happened."""

    def __init__(self, did: Did) -> None:
        self._did = did

    def _value(self, op: str, value: Any) -> int:  # noqa: ARG002 - one shape for all figures
        return as_whole(value, "a number of times")

    def _limited(self, limits: Mapping[str, Any]) -> Did:
        return self._did._with("times", {**self._did._source.get("times", {}), **limits})  # noqa: SLF001

    def __repr__(self) -> str:
        return f"{self._did!r}.times"


class Aggregate(Figure[Did]):
    """A figure over the values at a path of what happened."""

    def __init__(self, did: Did, function: AggregateFunction, path: str) -> None:
        if "aggregate" in did._source:  # noqa: SLF001
            refuse("a condition has one figure: join two conditions with &")
        self._did, self._function, self._path = did, function, as_path(path)

    def _value(self, op: str, value: Any) -> Scalar:
        if self._function not in ("first", "last"):
            return as_number(value, f"a limit of {self._function}()")
        if op not in ("eq", "ne") and isinstance(value, bool):
            refuse(f"`{op}` compares with a number or a text, not {value}")
        return as_scalar(value, f"a limit of {self._function}()")

    def _limited(self, limits: Mapping[str, Any]) -> Did:
        return self._did._with("aggregate", {"fn": self._function, "path": self._path, **limits})  # noqa: SLF001

    def __repr__(self) -> str:
        return f"{self._did!r}.{self._function}({self._path!r})"


class Prediction(Unasked):
    """A prediction, whose score or category is to be asked."""

    def __init__(self, prediction: str, within: str | None = None) -> None:
        """Args: `within`: how old the score may be."""
        self._id, self._within = prediction, within
        self.unfinished = f"{self!r} is only a prediction: ask its score or category, such as {self!r}.score >= 75"

    @property
    def score(self) -> Score:
        """The score from 0 to 100: `predicted("buys-30d").score >= 75`."""
        return Score(self, "score", "a score", 100)

    @property
    def percentile(self) -> Score:
        """How many in a hundred have a lower score: `predicted("buys-30d").percentile >= 90` is the upper tenth."""
        return Score(self, "percentile", "a percentile", 100)

    @property
    def value(self) -> Score:
        """The amount that is expected: `predicted("spend-90d").value >= 50`."""
        return Score(self, "value", "an amount", None)

    @property
    def category(self) -> Category:
        """Low, medium or high: `predicted("buys-30d").category == "high"`."""
        return Category(self)

    def top(self, n: int) -> Condition:
        """One of so many highest scores: `predicted("buys-30d").top(1000)`."""
        return self.asked("top", as_whole(n, "how many", 1))

    def asked(self, name: str, value: Any) -> Condition:
        """One of its figures, as a condition."""
        age = {} if self._within is None else {"within": self._within}
        made: Condition = leaf({"type": "predicted", "prediction": self._id, name: value, **age})
        return made

    def __repr__(self) -> str:
        return f"predicted({self._id!r})" if self._within is None else f"predicted({self._id!r}, within={self._within!r})"


class Score(Figure[Condition]):
    """The score of a prediction, its percentile, or the amount that is expected."""

    def __init__(self, prediction: Prediction, name: str, noun: str, high: float | None) -> None:
        self._prediction, self._name, self._noun, self._high = prediction, name, noun, high

    def _value(self, op: str, value: Any) -> float:  # noqa: ARG002
        return as_number_between(value, self._noun, 0, self._high)

    def _limited(self, limits: Mapping[str, Any]) -> Condition:
        return self._prediction.asked(self._name, dict(limits))

    def __repr__(self) -> str:
        return f"{self._prediction!r}.{self._name}"


class Category(Unasked):
    """The category of a prediction."""

    __hash__ = None  # type: ignore[assignment]  # `==` asks, it does not compare

    def __init__(self, prediction: Prediction) -> None:
        self._prediction = prediction
        self.unfinished = f"{self!r} is only a category: compare it, such as {self!r} == 'high'"

    def in_(self, categories: str | Iterable[str]) -> Condition:
        """It is one of these: low, medium, high."""
        chosen = as_choices(categories, "a category", CATEGORIES)
        return self._prediction.asked("category", chosen)

    def __eq__(self, category: object) -> Condition:  # type: ignore[override]
        if not isinstance(category, str):
            refuse(f"a category is one of {', '.join(CATEGORIES)}, not {show(category)}")
        return self.in_(category)

    def __ne__(self, category: object) -> NoReturn:
        refuse("a category has no `!=`: name those that are wanted, category.in_(['low', 'medium'])")

    def __repr__(self) -> str:
        return f"{self._prediction!r}.category"
