"""Reading a condition from a definition: strict, every problem listed at once with its JSON pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relance.conditions import model
from relance.conditions.answers import STATUSES, by_people
from relance.conditions.read_clause import read_clause, read_path
from relance.conditions.read_fields import MISSING, Fields, as_id
from relance.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 50


class ConditionProblem(NamedTuple):
    """One thing that is wrong with a condition."""

    code: str
    path: str  # JSON pointer
    message: str


def parse_condition(source: object, path: str = "") -> model.Condition:
    """Read a condition.

    Args:
        source: the definition, as YAML or JSON gives it.
        path: JSON pointer of `source` in its document.

    Raises:
        InvalidInput: the condition has problems; `problems` lists them all.
    """
    problems: list[ConditionProblem] = []
    condition = read_condition(source, path, problems)
    if problems:
        msg = f"{problems[0].path}: {problems[0].message}"
        raise InvalidInput(msg, problems=problems)
    return condition


def read_condition(source: object, path: str, problems: list[ConditionProblem]) -> model.Condition:
    """Read a condition and add what is wrong with it to `problems`; what is answered then is of no use."""
    return _read(source, path, problems, 0)


def _read(source: object, path: str, problems: list[ConditionProblem], depth: int) -> model.Condition:
    def report(code: str, pointer: str, message: str) -> None:
        problems.append(ConditionProblem(code, pointer, message))

    if not isinstance(source, dict):
        report("wrong_type", path, "a condition is an object with a `type`, such as {type: all, of: []}")
        return model.EVERYONE
    if depth > MAX_DEPTH:
        report("too_deep", path, f"conditions nest at most {MAX_DEPTH} deep")
        return model.EVERYONE
    fields = Fields(source, path, report)
    kind = fields.text("type")
    if kind in ("all", "any", "not"):
        return _read_group(kind, fields, problems, depth)
    reader = _READERS.get(kind or "")
    if reader is not None:
        found = reader(fields)
        fields.finish()
        return found
    if kind:
        report("unknown_type", f"{path}/type", f"there is no condition type {kind!r}; there are {', '.join(sorted(_TYPES))}")
    return model.EVERYONE


def _read_group(kind: str, fields: Fields, problems: list[ConditionProblem], depth: int) -> model.Condition:
    of = fields.take("of")
    fields.finish()
    pointer = fields.pointer("of")
    if of is MISSING:
        fields.report("missing_field", pointer, "`of` is missing")
        return model.EVERYONE
    if kind == "not":
        return model.Not(_read(of, pointer, problems, depth + 1))
    if not isinstance(of, list):
        fields.report("wrong_type", pointer, "`of` is a list of conditions")
        return model.EVERYONE
    parts = tuple(_read(part, f"{pointer}/{i}", problems, depth + 1) for i, part in enumerate(of))
    return model.All(parts) if kind == "all" else model.AnyOf(parts)


def read_where(fields: Fields, name: str = "where") -> tuple[Any, ...]:
    """The clauses of a `where`, which are tests of an event's properties."""
    where = fields.take(name)
    if where is MISSING:
        return ()
    if not isinstance(where, list):
        fields.report(
            "wrong_type", fields.pointer(name), f"`{name}` is a list of clauses such as {{path: total, op: gt, value: 50}}"
        )
        return ()
    found = []
    for i, clause in enumerate(where):
        inner = fields.inner(clause, f"{name}/{i}")
        if inner is not None:
            found.append(read_clause(inner, ("event", "properties")))
            inner.finish()
    return tuple(found)


def _read_window(fields: Fields) -> model.Window:
    within = fields.duration("within")
    since, before = fields.instant("since"), fields.instant("before")
    between = fields.take("between")
    if between is not MISSING:
        pointer = fields.pointer("between")
        if since is not None or before is not None:
            fields.report("invalid_value", pointer, "`between` excludes `since` and `before`")
        if not isinstance(between, list) or len(between) != 2:
            fields.report("wrong_type", pointer, "`between` is a list of two instants")
        else:
            since, before = fields.as_instant(between[0], f"{pointer}/0"), fields.as_instant(between[1], f"{pointer}/1")
    return model.Window(within, since, before)


def _read_did(fields: Fields) -> model.Condition:
    event = fields.text("event") or ""
    where = read_where(fields)
    window = _read_window(fields)
    times = fields.limits("times")
    aggregate = None
    inner = fields.inner(fields.take("aggregate"), "aggregate")
    if inner is not None:
        function = inner.choice("fn", model.AGGREGATES) or "sum"
        path = read_path(inner, ("event", "properties"))
        limits = inner.read_limits(any_type=function in ("first", "last"))
        inner.finish()
        aggregate = model.Aggregate(function, path, limits)  # type: ignore[arg-type]  # one of AGGREGATES
    if times is None:
        times = () if aggregate else model.AT_LEAST_ONCE
    return model.Did(event, by_people(event, where), window, times, aggregate)


def _read_sequence(fields: Fields) -> model.Condition:
    window = _read_window(fields)
    steps = fields.take("steps")
    found: list[model.SequenceStep] = []
    if not isinstance(steps, list) or not steps:
        fields.report(
            "wrong_type", fields.pointer("steps"), "`steps` is a list of events such as [{event: A}, {event: B, within: 1d}]"
        )
        steps = []
    for i, step in enumerate(steps):
        inner = fields.inner(step, f"steps/{i}")
        if inner is not None:
            event = inner.text("event") or ""
            found.append(model.SequenceStep(event, by_people(event, read_where(inner)), inner.duration("within")))
            inner.finish()
    return model.Sequence(tuple(found), window)


def _read_can_receive(fields: Fields) -> model.Condition:
    channel = fields.choice("channel", model.CHANNELS) or "email"
    because = fields.choice("because", ("subscribed",), required=False)
    return model.CanReceive(channel, because is not None)  # type: ignore[arg-type]  # one of CHANNELS


def _read_subscribed(fields: Fields) -> model.Condition:
    channel = fields.choice("channel", model.CHANNELS, required=False)
    group = fields.take("group")
    if group is MISSING:
        group = ""
    elif not isinstance(group, (str, int)) or group == "":
        fields.report("wrong_type", fields.pointer("group"), "`group` is the name of a subscription group")
        group = ""
    return model.Subscribed(channel, as_id(group))  # type: ignore[arg-type]  # one of CHANNELS


def _read_in_segment(fields: Fields) -> model.Condition:
    return model.InSegment(_read_id(fields, "segment", "segment"))


def _read_id(fields: Fields, name: str, noun: str) -> str:
    value = fields.take(name)
    if isinstance(value, (str, int)) and value != "":
        return as_id(value)
    code = "missing_field" if value is MISSING else "wrong_type"
    fields.report(code, fields.pointer(name), f"`{name}` is the id of a {noun}")
    return ""


def _read_in_list(fields: Fields) -> model.Condition:
    return model.InList(_read_id(fields, "list", "list"))


def _read_predicted(fields: Fields) -> model.Condition:
    prediction = _read_id(fields, "prediction", "prediction")
    score, percentile, value = (fields.limits(name) for name in ("score", "percentile", "value"))
    categories = fields.choices("category", model.CATEGORIES)
    top = int(fields.number("top", low=1, whole=True)) if fields.take("top") is not MISSING else None
    if sum(asked is not None for asked in (score, categories, percentile, top, value)) != 1:
        fields.report("missing_field", fields.path, "write `score`, `category`, `percentile`, `top` or `value`, one of them")
    within = fields.duration("within")
    if within == 0:
        fields.report("invalid_value", fields.pointer("within"), "`within` is the longest age of a score, such as 7d")
    return model.Predicted(prediction, score or (), categories or (), percentile or (), top, value or (), within)


def _read_message(fields: Fields) -> model.Condition:
    source = fields.text("source") or ""
    kind, _, name = source.partition(":")
    if source and (kind not in ("journey", "campaign") or not name):
        fields.report("invalid_value", fields.pointer("source"), "`source` is journey:ID or campaign:ID")
    step = _read_step(fields)
    statuses = fields.choices("status", STATUSES)
    return model.Message(source, step, ("sent",) if statuses is None else statuses, _read_window(fields))


def _read_journey(fields: Fields) -> model.Condition:
    journey = _read_id(fields, "journey", "journey")
    state = fields.choice("state", model.JOURNEY_STATES, required=False) or "active"
    return model.Journey(journey, state, _read_step(fields))  # type: ignore[arg-type]  # one of JOURNEY_STATES


def _read_step(fields: Fields) -> str | None:
    step = fields.take("step")
    if step is MISSING:
        return None
    if isinstance(step, (str, int)) and step != "":
        return as_id(step)
    fields.report("wrong_type", fields.pointer("step"), "`step` is the id of a step")
    return None


def _read_near(fields: Fields) -> model.Condition:
    path = read_path(fields, ("profile", "traits"))
    lat = fields.number("lat", low=-90, high=90)
    lon = fields.number("lon", low=-180, high=180)
    return model.Near(path, float(lat), float(lon), float(fields.number("km", low=0)))


def _read_bucket(fields: Fields) -> model.Condition:
    salt = fields.text("salt") or ""
    start = fields.number("from", low=0, high=model.NUMBER_OF_BUCKETS, whole=True)
    end = fields.number("to", low=0, high=model.NUMBER_OF_BUCKETS, whole=True)
    if end < start:
        fields.report("invalid_value", fields.pointer("to"), "`to` is not below `from`")
    return model.Bucket(salt, int(start), int(end))


def _read_trait(fields: Fields) -> model.Condition:
    return model.Trait(read_clause(fields, ("profile", "traits")))


_READERS: dict[str, Callable[[Fields], model.Condition]] = {
    "trait": _read_trait,
    "did": _read_did,
    "sequence": _read_sequence,
    "can_receive": _read_can_receive,
    "subscribed": _read_subscribed,
    "in_segment": _read_in_segment,
    "in_list": _read_in_list,
    "predicted": _read_predicted,
    "message": _read_message,
    "journey": _read_journey,
    "near": _read_near,
    "bucket": _read_bucket,
}
_TYPES = ("all", "any", "not", *_READERS)

__all__ = ["ConditionProblem", "parse_condition", "read_condition", "read_where"]
