"""Reading one clause `{path, op, value, ignore_case}`: does the value fit the operator?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.conditions.clauses import (
    BARE_OPS,
    INSTANT_OPS,
    LENGTH_OPS,
    OPERATORS,
    ORDER_OPS,
    TEXT_OPS,
    Clause,
    clause_of,
)
from relance.conditions.patterns import InvalidPattern, compile_pattern
from relance.conditions.read_fields import MISSING, Fields, is_scalar
from relance.localtime import UTC_ZONE, parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = Clause((), "is_set")
MAX_CHOICES = 10_000


def read_path(fields: Fields, prefix: tuple[str, str]) -> tuple[str, ...]:
    """A dotted path. `profile.`, `profile.traits.` and `event.properties.` in front say nothing new and are left out."""
    text = fields.text("path")
    if text is None:
        return ()
    path = tuple(text.split("."))
    if not all(path):
        fields.report("invalid_value", fields.pointer("path"), "a path is names with dots between them, such as address.city")
        return path
    if path[: len(prefix)] == prefix and len(path) > len(prefix):
        return path[len(prefix) :]
    if prefix[0] == "profile" and path[0] == "profile" and len(path) > 1:
        return path[1:]
    return path


def read_clause(fields: Fields, prefix: tuple[str, str]) -> Clause:
    """A clause; the caller finishes `fields`."""
    path = read_path(fields, prefix)
    op = fields.choice("op", OPERATORS)
    value, ignore_case = fields.take("value"), fields.truth("ignore_case")
    if op is None:
        return NOTHING
    pointer = fields.pointer("value")
    if op in BARE_OPS:
        if value is not MISSING:
            fields.report("unknown_field", pointer, f"`{op}` takes no value")
    elif value is MISSING:
        fields.report("missing_field", pointer, f"`{op}` needs a value")
        return NOTHING
    else:
        wrong = _VALUES[op](value, ignore_case)
        if wrong:
            fields.report("invalid_pattern" if op == "matches" else "invalid_value", pointer, f"the value of `{op}` {wrong}")
            return NOTHING
    wanted = None if value is MISSING else value
    return clause_of({"path": ".".join(path), "op": op, "value": wanted, "ignore_case": ignore_case})


def _scalar(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001 - one shape for all checks
    return "" if is_scalar(value) else "must be a text, a number, true or false"


def _scalars(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001
    if not isinstance(value, list) or not all(map(is_scalar, value)):
        return "must be a list of texts, numbers, true or false"
    return f"has more than {MAX_CHOICES} members" if len(value) > MAX_CHOICES else ""


def _ordered(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001
    return (
        ""
        if is_scalar(value) and not isinstance(value, bool)
        else "must be a number or a text; for dates there are before and after"
    )


def _pair(value: Any, ignore_case: bool) -> str:  # noqa: FBT001
    if not isinstance(value, list) or len(value) != 2 or any(_ordered(v, ignore_case) for v in value):
        return "must be a list of two numbers or two texts"
    return "" if isinstance(value[0], str) == isinstance(value[1], str) else "must be two of one type"


def _text(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001
    return "" if isinstance(value, str) else "must be a text"


def _pattern(value: Any, ignore_case: bool) -> str:  # noqa: FBT001
    if not isinstance(value, str):
        return "must be a text"
    try:
        compile_pattern(value, ignore_case=ignore_case)
    except InvalidPattern as e:
        return f"can not be used: {e}"
    return ""


def _instant(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001
    return (
        ""
        if parse_instant_or_date(value, UTC_ZONE) is not None
        else "must be an instant such as 2026-03-01T09:00:00Z, or a date"
    )


def _length(value: Any, _ignore_case: bool) -> str:  # noqa: FBT001
    length = parse_duration(value)
    return "" if length is not None and length >= 0 else "must be a length of time such as 90s, 15m, 72h, 1d or 2w"


_VALUES: dict[str, Callable[[Any, bool], str]] = {
    **dict.fromkeys(("eq", "ne", "contains", "not_contains"), _scalar),
    **dict.fromkeys(("in", "not_in"), _scalars),
    **dict.fromkeys(ORDER_OPS, _ordered),
    "between": _pair,
    **dict.fromkeys(TEXT_OPS, _text),
    "matches": _pattern,
    **dict.fromkeys(INSTANT_OPS, _instant),
    **dict.fromkeys(LENGTH_OPS, _length),
}
