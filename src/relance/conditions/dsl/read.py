"""From a definition's condition to the Python form: every field passes through the function that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.conditions.dsl import leaves
from relance.conditions.dsl.paths import Filter, PropertyPath, TraitPath
from relance.conditions.dsl.tree import Condition, group
from relance.conditions.dsl.values import refuse
from relance.conditions.read import parse_condition
from relance.conditions.read_fields import LIMIT_OPS, as_id
from relance.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.conditions.dsl.figures import Score
    from relance.conditions.dsl.paths import Path

WINDOW = ("within", "between", "since", "before")
_METHODS = {"in": "in_"}  # a word of Python itself


def from_dict(source: Mapping[str, Any]) -> Condition:
    """The condition of a definition, as YAML or JSON gives it. `to_dict` leads back.

    Raises:
        InvalidCondition: it has problems; all of them are told.
    """
    try:
        parse_condition(source)
    except InvalidInput as e:
        refuse("; ".join(f"{problem.path or '/'}: {problem.message}" for problem in e.problems))
    return _read(source)


def _read(source: Mapping[str, Any]) -> Condition:
    given = _present(source)
    kind = given["type"]
    if kind == "not":
        return ~_read(given["of"])
    if kind in ("all", "any"):
        return group(kind, [_read(part) for part in given["of"]])
    return READERS[kind](given)


def _present(source: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if value is not None}


def _window(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in WINDOW if name in given}


def ask(place: Path[Any], clause: Mapping[str, Any]) -> Any:
    """A clause, asked of its place."""
    method = getattr(place, _METHODS.get(clause["op"], clause["op"]))
    if "value" not in clause:
        return method()
    value = clause["value"]
    return method(*value) if clause["op"] == "between" else method(value)


def _trait(given: Mapping[str, Any]) -> Condition:
    made: Condition = ask(TraitPath(given["path"], ignore_case=given.get("ignore_case", False)), given)
    return made


def _filters(given: Mapping[str, Any]) -> list[Filter]:
    clauses = [_present(clause) for clause in given.get("where", ())]
    return [ask(PropertyPath(one["path"], ignore_case=one.get("ignore_case", False)), one) for one in clauses]


def _did(given: Mapping[str, Any]) -> Condition:
    made = leaves.did(given["event"], where=_filters(given), **_window(given))
    if "times" in given:
        made = made.times.meets(**_present(given["times"]))
    if "aggregate" in given:
        figure = _present(given["aggregate"])
        limits = {op: figure[op] for op in LIMIT_OPS if op in figure}
        made = getattr(made, figure["fn"])(figure["path"]).meets(**limits)
    return made


def _sequence(given: Mapping[str, Any]) -> Condition:
    steps = [_present(step) for step in given["steps"]]
    made = [leaves.then(step["event"], where=_filters(step), within=step.get("within")) for step in steps]
    return leaves.sequence(*made, **_window(given))


def _subscribed(given: Mapping[str, Any]) -> Condition:
    return leaves.subscribed(as_id(given["group"]) if "group" in given else None, channel=given.get("channel"))


def _predicted(given: Mapping[str, Any]) -> Condition:
    prediction = leaves.predicted(as_id(given["prediction"]), within=given.get("within"))
    if "category" in given:
        return prediction.category.in_(given["category"])
    if "top" in given:
        return prediction.top(given["top"])
    name = next(name for name in ("score", "percentile", "value") if name in given)
    figure: Score = getattr(prediction, name)
    return figure.meets(**_present(given[name]))


def _step(given: Mapping[str, Any]) -> str | None:
    return as_id(given["step"]) if "step" in given else None


def _message(given: Mapping[str, Any]) -> Condition:
    return leaves.message(given["source"], step=_step(given), status=given.get("status"), **_window(given))


READERS: dict[str, Callable[[Mapping[str, Any]], Condition]] = {
    "trait": _trait,
    "did": _did,
    "sequence": _sequence,
    "can_receive": lambda given: leaves.can_receive(given["channel"], because=given.get("because")),
    "subscribed": _subscribed,
    "in_segment": lambda given: leaves.in_segment(as_id(given["segment"])),
    "in_list": lambda given: leaves.in_list(as_id(given["list"])),
    "predicted": _predicted,
    "message": _message,
    "journey": lambda given: leaves.journey(as_id(given["journey"]), state=given.get("state"), step=_step(given)),
    "near": lambda given: leaves.near(given["path"], lat=given["lat"], lon=given["lon"], km=given["km"]),
    "bucket": lambda given: leaves.bucket(given["salt"], given["from"], given["to"]),
}
