"""The table of an experiment: who was treated, what came of it, and what was known before.

A column that came about after the treatment is no feature. Three marks give one away: its name, that it tells the outcome,
or that the treated differ in it from the others, which what was there before an honest draw does not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.errors import InvalidInput
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OUTCOME_WORDS = frozenset({
    "visit", "visits", "visited", "conversion", "converted", "conversions", "spend", "spent", "revenue", "purchase", "purchased",
    "bought", "clicked", "click", "clicks", "opened", "response", "responded", "outcome", "label", "redeemed", "exposure",
})  # fmt: skip
MAX_VALUES = 12  # of a text column that get a column each
UNBALANCED = 4.5  # standard errors between treated and others
NOT_DRAWN = 0.15  # with this share of columns unbalanced it was no draw


@dataclass(frozen=True)
class Experiment:
    """One row a person.

    Shape: `features` is (people, columns).
    """

    features: Floats
    names: tuple[str, ...]
    treated: NDArray[np.bool_]
    outcome: Floats
    rows: NDArray[np.int64]  # the number of each row in the table, from 1
    notes: tuple[str, ...]
    drawn: bool  # whether the treated look like a random draw


def read_columns(path: Path) -> dict[str, list[Any]]:
    """A CSV or Parquet file, column by column.

    Raises:
        InvalidInput: it can not be read.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    try:
        name = path.name.lower().removesuffix(".gz")
        table = pa.parquet.read_table(path) if name.endswith((".parquet", ".pq")) else pa.csv.read_csv(path)
    except (pa.ArrowException, OSError) as e:
        msg = f"{path.name} can not be read as {'Parquet' if 'parquet' in path.name else 'CSV'}: {e}"
        raise InvalidInput(msg, problems=[Problem("file_unreadable", msg)]) from e
    return {str(c): table.column(c).to_pylist() for c in table.column_names}


def read_experiment(
    columns: dict[str, list[Any]],
    *,
    treatment: str,
    outcome: str,
    treated: str | None,
    control: str | None,
    ignore: Sequence[str] = (),
) -> Experiment:
    """Take the experiment out of a table.

    Args:
        columns: the table.
        treatment: the column that says who was treated.
        outcome: the column of a yes or no, or an amount.
        treated: the value of those who were; default: the larger of two numbers, or true.
        control: the value of those who were not. Rows with other values are left out.
        ignore: columns that are no features.

    Raises:
        InvalidInput: a column is missing, or has not the values it must have; all problems are listed.
    """
    problems = [
        Problem("missing_column", f"there is no column {name!r}; the columns are {', '.join(list(columns)[:40])}")
        for name in (treatment, outcome, *ignore)
        if name not in columns
    ]
    if problems:
        raise InvalidInput("; ".join(p.message for p in problems), problems=problems)
    arm, values = columns[treatment], columns[outcome]
    one, other = _arms(arm, treatment, treated, control)
    keep = [i for i, a in enumerate(arm) if _text(a) in {one, other} and values[i] is not None]
    is_treated = np.asarray([_text(arm[i]) == one for i in keep])
    told = np.asarray([_number(values[i]) for i in keep], np.float64)
    if np.isnan(told).any() or len(np.unique(told)) < 2:
        msg = f"the outcome {outcome!r} must be numbers, or yes and no, and not the same for all"
        raise InvalidInput(msg, problems=[Problem("invalid_outcome", msg)])
    few = min(int(is_treated.sum()), int((~is_treated).sum()))
    if few < 50:
        msg = f"only {few} people are in the smaller arm; 50 are the least that say anything"
        raise InvalidInput(msg, problems=[Problem("too_few_people", msg)])
    notes: list[str] = []
    features, names, unbalanced, looked = [], [], [], 0
    for name, column in columns.items():
        if name in {treatment, outcome} or name in ignore:
            continue
        made = _feature(name, [column[i] for i in keep])
        if not made:
            continue
        looked += 1
        why = _like_an_outcome(name, made, told)
        if why:
            notes.append(f"the column {name} is left out: {why}; name it with --ignore to say so yourself")
        elif any(_apart(values, is_treated) > UNBALANCED for _, values in made):
            unbalanced.append(name)
        else:
            names += [label for label, _ in made]
            features += [values for _, values in made]
    drawn = len(unbalanced) < max(3, NOT_DRAWN * looked)
    notes += [
        f"the column {name} is left out: the treated differ in it, as if it came after the treatment" for name in unbalanced
    ]
    if not features and drawn:
        msg = "no column is left that tells people apart before the treatment"
        raise InvalidInput(msg, problems=[Problem("no_features", msg)])
    matrix = np.column_stack(features) if features else np.zeros((len(keep), 0))
    return Experiment(matrix, tuple(names), is_treated, told, np.asarray(keep) + 1, tuple(notes), drawn)


def _arms(arm: list[Any], name: str, treated: str | None, control: str | None) -> tuple[str, str]:
    there = Counter(_text(a) for a in arm if a is not None)
    shown = ", ".join(repr(v) for v in sorted(there)[:10])
    if (treated is None) != (control is None) and len(there) == 2:
        given = treated if treated is not None else control
        left = [v for v in there if v != given]
        treated, control = (given, left[0]) if treated is not None else (left[0], given)
    if treated is None and control is None and len(there) == 2:
        low, high = sorted(there, key=lambda v: (_number(v), v))
        if {_number(low), _number(high)} != {0.0, 1.0}:
            msg = (
                f"the column {name!r} holds {shown}: say which means treated with --treated, and which does not with --control"
            )
            raise InvalidInput(msg, problems=[Problem("arms_unknown", msg)])
        return high, low
    if treated is None or control is None or treated not in there or control not in there or treated == control:
        msg = f"the column {name!r} holds {shown}: name two of them with --treated and --control"
        raise InvalidInput(msg, problems=[Problem("arms_unknown", msg)])
    return treated, control


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> float:
    if isinstance(value, str) and value.lower() in {"true", "yes", "false", "no"}:
        return float(value.lower() in {"true", "yes"})
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _feature(name: str, values: list[Any]) -> list[tuple[str, Floats]]:
    """The columns that one column of the table becomes; none where it tells nothing, or only who it is."""
    given = [v for v in values if v is not None and v != ""]
    if not given or len(set(map(_text, given))) < 2:
        return []
    if len(set(map(_text, given))) == len(values) and (name.lower().endswith("id") or isinstance(given[0], str)):
        return []
    numbers = [isinstance(v, int | float) for v in given]
    if all(numbers):
        return [(name, np.asarray([_number(v) if v is not None else np.nan for v in values], np.float64))]
    counts = Counter(_text(v) for v in given)
    if len(counts) > 0.5 * len(values):
        return []
    top = [v for v, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:MAX_VALUES]]
    return [(f"{name} = {t}", np.asarray([v is not None and _text(v) == t for v in values], np.float64)) for t in top]


def _like_an_outcome(name: str, made: list[tuple[str, Floats]], outcome: Floats) -> str:
    if name.lower() in OUTCOME_WORDS:
        return "its name is that of an outcome"
    acted = outcome > 0
    for _, values in made:
        filled = np.nan_to_num(values, nan=-1e18)
        distinct, counts = np.unique(filled, return_counts=True)
        usual = filled == distinct[int(np.argmax(counts))]
        if usual.mean() < 0.5 or (~usual).sum() < 20 or acted.sum() < 20:
            continue
        if acted[~usual].mean() > 0.98 and acted.mean() < 0.9:
            return "whoever differs in it acted"
        if not acted[usual].any():
            return "nobody acted who does not differ in it"
    return ""


def _apart(values: Floats, treated: NDArray[np.bool_]) -> float:
    """How many standard errors the treated and the others lie apart."""
    there = ~np.isnan(values)
    a, b = values[there & treated], values[there & ~treated]
    if len(a) < 10 or len(b) < 10:
        return 0.0
    error = np.sqrt(a.var() / len(a) + b.var() / len(b))
    return float(abs(a.mean() - b.mean()) / error) if error > 0 else 0.0
