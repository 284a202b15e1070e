"""The figures of a prediction's page: made once a scoring, asked in no time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.clauses import is_number
from relance.errors import InvalidInput
from relance.predictions.live.definition import is_share
from relance.predictions.measures import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from relance.predictions.live.registry import Current

    Floats = NDArray[np.float64]

BUCKETS = 20
_BOUNDS = {"low": (0.0, 50.0), "medium": (50.0, 75.0), "high": (75.0, 101.0)}


@dataclass(frozen=True)
class Curve:
    """All scores in order, with what is expected of those below each.

    Shape: `scores` has an entry a person; `expected` one more: its entry i is the sum of the chances of the first i. So has
        `worth`, of the amounts, where such are foretold.
    """

    scores: Floats
    expected: Floats
    worth: Floats | None = None
    by_value: Curve | None = None  # the same in the order of the amounts, in the place of the scores

    @classmethod
    def of(cls, scores: Floats, probability: Floats, value: Floats | None = None) -> Curve:
        """Args: `value`: the amounts; negative where none is foretold."""
        plain = cls._in_order(scores, probability, value)
        return (
            plain if plain.worth is None or value is None else replace(plain, by_value=cls._in_order(value, probability, value))
        )

    @classmethod
    def _in_order(cls, scores: Floats, probability: Floats, value: Floats | None) -> Curve:
        order = np.argsort(scores, kind="stable")
        worth = None
        if value is not None and (value >= 0).any():
            worth = np.concatenate([[0.0], np.cumsum(np.maximum(value[order], 0))])
        return cls(scores[order], np.concatenate([[0.0], np.cumsum(probability[order])]), worth)

    def panel(self, ranges: Sequence[tuple[float, float]]) -> dict[str, Any]:
        """What a selection comes to (SEMANTICS 33).

        Args:
            ranges: scores from the first (included) to before the second; they do not overlap.
        """
        return self._sum([np.searchsorted(self.scores, [low, high], side="left").tolist() for low, high in ranges])

    def panel_of(self, selection: Mapping[str, Any]) -> dict[str, Any]:
        """The same of a parsed selection.

        Raises:
            InvalidInput: it is one by amounts, and none are foretold.
        """
        n = len(self.scores)
        if "value" in selection:
            if self.by_value is None:
                raise InvalidInput(NO_AMOUNTS, problems=[NO_AMOUNTS])
            return self.by_value.panel(_ranges_of(selection["value"], np.inf))
        if "top" in selection:
            return self._sum([(max(n - selection["top"], 0), n)])
        if "percentile" not in selection:
            return self.panel(ranges_of(selection))
        start, end = 0, n
        for op, value in selection["percentile"].items():
            cut = (bisect_left if op in ("gte", "lt") else bisect_right)(range(n), value, key=self._percentile)
            start, end = (max(start, cut), end) if op in ("gte", "gt") else (start, min(end, cut))
        return self._sum([(start, max(start, end))])

    def _percentile(self, i: int) -> float:
        return 100 * int(np.searchsorted(self.scores, self.scores[i], side="left")) / len(self.scores)

    def _sum(self, slices: Iterable[Sequence[int]]) -> dict[str, Any]:
        n, people, total = 0, len(self.scores), float(self.expected[-1])
        performers = worth = 0.0
        for start, end in slices:
            n += int(end - start)
            performers += float(self.expected[end] - self.expected[start])
            worth += float(self.worth[end] - self.worth[start]) if self.worth is not None else 0.0
        others, all_others = n - performers, people - total
        return {
            "audience": people, "selected": n, "selected_share": n / people if people else None,
            "expected_performers": performers, "expected_performers_share": performers / total if total else None,
            "expected_non_performers": others, "expected_non_performers_share": others / all_others if all_others else None,
            **({"expected_value": worth} if self.worth is not None else {}),
        }  # fmt: skip

    def histogram(self) -> dict[str, Any]:
        """20 equal buckets, and the categories."""
        edges = [100 / BUCKETS * i for i in range(BUCKETS)] + [101.0]
        buckets = []
        for low, high in pairwise(edges):
            one = self.panel([(low, high)])
            buckets.append(
                {"from": low, "to": min(high, 100.0), "people": one["selected"], "expected": one["expected_performers"]}
            )
        categories = {}
        for name in CATEGORIES:
            one = self.panel([_BOUNDS[name]])
            categories[name] = {"people": one["selected"], "expected": one["expected_performers"]}
        return {"buckets": buckets, "categories": categories}

    def steps(self) -> dict[str, list[Any]]:
        """What lies below each whole score, and up to it: with these a screen tells any selection at once.

        Shape: 101 entries each, for the scores 0 to 100. From `a` to `b`: `up_to[b] - below[a]`.
        """
        whole = np.arange(101.0)
        found: dict[str, list[Any]] = {}
        for name, side in (("below", "left"), ("up_to", "right")):
            places = np.searchsorted(self.scores, whole, side=side)  # type: ignore[call-overload]
            found[f"people_{name}"] = places.tolist()
            found[f"expected_{name}"] = self.expected[places].tolist()
        return found

    def lift(self, points: int = 100) -> list[dict[str, float]]:
        """From the highest scores down: which share of those who will act a share of the people holds, by what is expected."""
        n, total = len(self.scores), float(self.expected[-1])
        found = []
        for i in range(1, points + 1) if n and total else ():
            k = round(n * i / points)
            gained = (total - float(self.expected[n - k])) / total
            found.append({"share": i / points, "gain": gained, "lift": gained / (i / points)})
        return found

    def profit(self, margin: float, cost: float) -> dict[str, Any]:
        """What reaching the highest scores brings: margin for each who acts, less the cost of each who is reached."""
        n = len(self.scores)
        top = np.arange(n + 1)
        brought = (self.expected[-1] - self.expected[::-1]) * margin - top * cost
        best = int(np.argmax(brought)) if n else 0
        shown = sorted({round(n * i / 100) for i in range(101)} | {best})
        points = [{"people": k, "share": k / n if n else 0.0, "profit": float(brought[k])} for k in shown]
        return {
            "points": points, "best": {"people": best, "profit": float(brought[best]), "from_score": float(self.scores[n - best]) if best else None},
        }  # fmt: skip


def spread_of(value: Floats) -> dict[str, float | int]:
    """How the amounts that are expected are spread: their sum, their mean, and what a half, a tenth and a hundredth exceed."""
    n = len(value)
    middle, tenth, hundredth = (float(v) for v in np.quantile(value, (0.5, 0.9, 0.99))) if n else (0.0, 0.0, 0.0)
    return {
        "people": n, "total": float(value.sum()), "mean": float(value.mean()) if n else 0.0, "median": middle, "top_tenth": tenth,
        "top_hundredth": hundredth,
    }  # fmt: skip


def parse_selection(told: Mapping[str, Any]) -> dict[str, Any]:
    """A selection as a condition has it: `{"score": {...}}`, `{"category": [...]}`, `{"percentile": {...}}`, `{"top": n}` or `{"value": {...}}`.

    Raises:
        InvalidInput: it is none of them, or several.
    """
    asked = [name for name in _SELECTORS if told.get(name) is not None]
    if len(asked) != 1:
        msg = (
            "select by one of `score`, such as {gte: 60, lte: 100}, `category`, such as [high], `percentile`, such as {gte: 90}, "
            "`top`, such as 1000, or `value`, such as {gte: 50}"
        )
        raise InvalidInput(msg, problems=[msg])
    name, category = asked[0], told.get("category")
    problems = []
    if name == "top":
        top = told["top"]
        if isinstance(top, int) and not isinstance(top, bool) and top >= 1:
            return {"top": top}
        problems = [f"top: {top!r} is no whole number of at least 1"]
    elif category is not None:
        category = [category] if isinstance(category, str) else list(category)
        problems = [
            f"there is no category {c!r}: take some of {', '.join(CATEGORIES)}" for c in category if c not in CATEGORIES
        ]
        problems += [] if category else ["name at least one category"]
        if not problems:
            return {"category": [c for c in CATEGORIES if c in category]}
    else:
        bounds = dict(told[name]) if isinstance(told[name], dict) else {}
        problems = [f"there is no bound {op!r} of a {name}: take gte, gt, lte and lt" for op in bounds if op not in _OPS]
        problems += [
            f"{op}: {value!r} is no number {'of at least 0' if name == 'value' else 'from 0 to 100'}"
            for op, value in bounds.items()
            if op in _OPS and not (is_number(value) and value >= 0 if name == "value" else is_share(value))
        ]
        problems += [] if bounds else [f"name at least one bound of the {name}, such as {{gte: 60}}"]
        if not problems and not _ranges_of(bounds, np.inf if name == "value" else _ABOVE):
            problems = [f"no {name} lies between these bounds"]
        if not problems:
            return {name: bounds}
    raise InvalidInput(problems[0], problems=problems)


NO_AMOUNTS = "it foretells no amounts: its target is no `value`"
_SELECTORS = ("score", "category", "percentile", "top", "value")
_ABOVE = 101.0  # all scores
_OPS = ("gte", "gt", "lte", "lt")


def ranges_of(selection: Mapping[str, Any]) -> list[tuple[float, float]]:
    """The scores of a parsed selection by score or category, each from the first to before the second."""
    if "category" in selection:
        return [_BOUNDS[name] for name in selection["category"]]
    return _ranges_of(selection["score"], _ABOVE)


def bounds_of(name: str, bounds: Mapping[str, Any]) -> tuple[float, float]:
    """The range of a parsed selection by score, percentile or value: from the first to before the second."""
    return _ranges_of(bounds, np.inf if name == "value" else _ABOVE)[0]


def _ranges_of(bounds: Mapping[str, Any], high: float) -> list[tuple[float, float]]:
    low = 0.0
    for op, value in bounds.items():
        number = float(value)
        after = float(np.nextafter(number, np.inf))
        low = max(low, number if op == "gte" else after if op == "gt" else low)
        high = min(high, number if op == "lt" else after if op == "lte" else high)
    return [(low, high)] if low < high else []


def describe(selection: Mapping[str, Any]) -> str:
    """A selection in a few words."""
    if "category" in selection:
        return " or ".join(selection["category"])
    if "top" in selection:
        return f"top {selection['top']}"
    name = next(iter(selection))
    signs = {"gte": "from", "gt": "above", "lte": "to", "lt": "below"}
    bounds = sorted(selection[name].items(), key=lambda b: _OPS.index(b[0]))
    return f"{name} " + " ".join(f"{signs[op]} {value:g}" for op, value in bounds)


def page_of(current: Current) -> dict[str, Any]:
    """Quality, calibration and correlations of what serves, from its report."""
    report = current.report
    held = report.get("holdout") or {}
    return {
        "use": report.get("use"), "model": report.get("chosen_model"), "quality": held.get("quality"), "quality_label": held.get("quality_label"),
        "auc": held.get("auc"), "auc_interval": held.get("auc_interval"), "average_precision": held.get("average_precision"),
        "brier": held.get("brier"), "ece": held.get("ece"), "calibration": held.get("calibration"),
        "lift_by_decile": held.get("lift_by_decile"), "categories_observed": held.get("categories"), "measured_at": held.get("at"),
        "correlations": report.get("correlations"), "features": report.get("features"), "notes": report.get("notes"),
        "value": report.get("value"),
    }  # fmt: skip
