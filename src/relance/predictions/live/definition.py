"""A prediction as it is defined: what is foretold, of whom, and when it is made anew."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from relance.clock import DAY, parse_duration
from relance.conditions.clauses import is_number
from relance.errors import InvalidDefinition
from relance.predictions.modes import BUILT_ONCE, DEMO, DRAFT
from relance.predictions.target import Rule, Target, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

LONGEST = 365 * DAY
RETRAIN_AFTER = 14 * DAY
MOST_ROWS = 16

_DATES = frozenset({"within_last", "within_next", "more_than_ago", "anniversary_within", "before", "after"})


@dataclass(frozen=True)
class Goal:
    """What is foretold: events that happen in the window, or do not."""

    rows: tuple[Target, ...]
    rule: Rule
    value_path: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The events it names."""
        return frozenset(row.event for row in self.rows)

    @property
    def reads_properties(self) -> frozenset[str]:
        """Those of them whose properties it reads."""
        return frozenset(row.event for row in self.rows if row.condition.where or self.value_path)

    def masks(self, names: Sequence[str], codes: NDArray[Any], properties: Any, at: NDArray[np.int64]) -> NDArray[np.int32]:
        """Which rows each event meets, a bit a row.

        Args:
            names: the distinct names.
            codes: of each event the place of its name.
            properties: of each event, JSON text; an Arrow column.
            at: of each event.
        """
        found = np.zeros(len(codes), np.int32)
        for bit, row in enumerate(self.rows):
            if row.event not in names:
                continue
            which = np.nonzero(codes == names.index(row.event))[0]
            if row.condition.where:
                which = which[_fitting(row, properties.take(which), at[which])]
            found[which] |= 1 << bit
        return found

    def worth(self, masks: NDArray[np.int32], properties: Any) -> NDArray[np.float64]:
        """What each event is worth: 0 where nothing is summed."""
        found = np.zeros(len(masks))
        if self.value_path:
            which = np.nonzero(masks)[0]
            decode = msgspec.json.Decoder().decode
            found[which] = [self.rows[0].worth(decode(text)) for text in properties.take(which).to_pylist()]
        return found

    def conditions(self, window: str) -> dict[str, Any]:
        """The same as a condition: whether it was a yes in the window before a moment."""
        rows = []
        for bit, row in enumerate(self.rows):
            asked: dict[str, Any] = {"type": "did", "event": row.event, "within": window}
            if row.where:
                asked["where"] = list(row.where)
            rows.append(asked if self.rule.done & 1 << bit else {"type": "not", "of": asked})
        return {"type": "all" if self.rule.every else "any", "of": rows}


@dataclass(frozen=True)
class Prediction:
    """One prediction of a workspace.

    Units: microseconds.
    """

    id: str
    name: str
    mode: str
    goal: Goal
    window: int
    window_text: str
    audience: Mapping[str, Any] | None
    rescore: Mapping[str, Any] | None
    retrain_after: int
    on_event: bool  # whoever does something is scored anew at once
    digest: str  # of all that a model depends on: when it changes the prediction is built anew

    @property
    def is_targetable(self) -> bool:
        """Whether segments and campaigns may be made of its scores."""
        return self.mode not in (*BUILT_ONCE, DRAFT)

    @property
    def asks_value(self) -> bool:
        return bool(self.goal.value_path)


def parse_prediction(body: Mapping[str, Any]) -> Prediction:
    """Read a checked definition.

    Raises:
        InvalidDefinition: its window is none.
    """
    window = parse_duration(body["window"])
    retrain = parse_duration(body.get("retrain_after")) or RETRAIN_AFTER
    if window is None or not 0 < window <= LONGEST:
        msg = f"the window of {body['id']!r} is longer than nothing and at most 365 d"
        raise InvalidDefinition(msg)
    told = [body["target"], body["window"], body.get("audience"), body.get("mode") == DEMO]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=dict).encode()).hexdigest()[:16]
    return Prediction(
        body["id"], str(body.get("name") or body["id"]), str(body.get("mode") or DRAFT), parse_goal(body["target"]), window,
        body["window"], body.get("audience"), body.get("rescore"), retrain,
        bool((body.get("rescore") or {}).get("on_event")), digest,
    )  # fmt: skip


def parse_goal(target: Mapping[str, Any]) -> Goal:
    """Read what a checked definition foretells: `{event, where}`, `{churn: {all | any}}` or `{value: {event, path}}`."""
    if "value" in target:
        value = target["value"]
        row = parse_target(value["event"], value.get("where") or (), value["path"])
        return Goal((row,), Rule(), row.value_path)
    if "churn" not in target:
        return Goal((parse_target(target["event"], target.get("where") or ()),), Rule())
    churn = target["churn"]
    items = churn.get("all") or churn.get("any")
    if len(items) > MOST_ROWS:
        msg = f"at most {MOST_ROWS} rows of do and do not can be foretold together"
        raise InvalidDefinition(msg)
    done = sum(1 << bit for bit, item in enumerate(items) if "did" in item)
    undone = sum(1 << bit for bit, item in enumerate(items) if "did" not in item)
    rows = tuple(parse_target(item.get("did") or item["did_not"], item.get("where") or ()) for item in items)
    return Goal(rows, Rule(done, undone, "all" in churn))


def _fitting(row: Target, properties: Any, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each event's properties are as wanted; each distinct text is looked at once, unless now counts."""
    decode = msgspec.json.Decoder().decode
    if any(clause.op in _DATES for clause in row.condition.where):
        each = zip(properties.to_pylist(), at.tolist(), strict=True)
        return np.fromiter((row.fits(decode(text), when) for text, when in each), bool, len(at))
    coded = (
        properties.combine_chunks().dictionary_encode()
        if hasattr(properties, "combine_chunks")
        else properties.dictionary_encode()
    )
    fits = np.fromiter((row.fits(decode(text), 0) for text in coded.dictionary.to_pylist()), bool, len(coded.dictionary))
    found: NDArray[np.bool_] = fits[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def is_share(value: object) -> bool:
    """Whether a value is a number from 0 to 100."""
    return is_number(value) and 0 <= value <= 100  # type: ignore[operator]
