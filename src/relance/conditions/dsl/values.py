"""What a caller may write in the Python form of conditions: lengths of time, instants, ids, paths, plain values.

Each function answers the value as a definition holds it, or raises with a sentence that says how to mend it. They are as
strict as the check of definitions: what is made in Python is never refused by `relance check`.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeAlias, runtime_checkable

from relance.clock import DAY, HOUR, MINUTE, SECOND, WEEK, format_instant, parse_duration, to_micros
from relance.errors import InvalidCondition
from relance.ids import DEFINITION_ID
from relance.localtime import UTC_ZONE, parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@runtime_checkable
class Named(Protocol):
    """Something with an id, such as a `Segment`."""

    @property
    def id(self) -> str: ...


Scalar: TypeAlias = str | int | float | bool
Length: TypeAlias = str | timedelta
Instant: TypeAlias = str | datetime | date

LONGEST = 36_525 * DAY  # a hundred years: a longer one is a slip
MOST_CHOICES = 10_000
_LARGEST_INTEGER = 1 << 63
_PATH = re.compile(r"[^.\s](?:[^.]*[^.\s])?(?:\.[^.\s](?:[^.]*[^.\s])?)*")
_STEP = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LENGTH = re.compile(r"[0-9]+(?:\.[0-9]+)?[smhdw]")


def refuse(message: str) -> NoReturn:
    """Raise what every mistake in a condition raises."""
    raise InvalidCondition(message)


def show(value: object) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def as_text(value: object, what: str, *, most: int | None = None, empty: bool = False) -> str:
    """A text that a file can hold."""
    if not isinstance(value, str):
        refuse(f"{what} is a text, not {show(value)}")
    if not value and not empty:
        refuse(f"{what} must not be empty")
    if most is not None and len(value) > most:
        refuse(f"{what} has {len(value):,} characters: {most:,} is the most")
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse(f"{what} holds half a character (a lone surrogate): write the whole character")
    return str(value)


def as_id(value: object, noun: str) -> str:
    """The id of a definition; something that has one may stand for it."""
    found = value.id if isinstance(value, Named) else value
    if not isinstance(found, str) or not DEFINITION_ID.fullmatch(found):
        refuse(f"{show(value)} is no id of a {noun}: it is 1 to 64 of a-z, 0-9 and `-`")
    return str(found)


def as_step(value: object) -> str:
    """The name of a step of a journey."""
    if not isinstance(value, str) or not _STEP.fullmatch(value):
        refuse(f"{show(value)} is no name of a step: it is 1 to 64 letters, digits, `-` and `_`")
    return str(value)


def as_path(value: object) -> str:
    """A dotted path."""
    text = as_text(value, "a path", most=500)
    if not _PATH.fullmatch(text):
        refuse(f"{show(value)} is no path: write names with dots between them, such as address.city")
    return text


def as_choice(value: object, what: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in choices:
        from difflib import get_close_matches

        close = get_close_matches(str(value).lower(), choices, n=1)
        refuse(f"{what} is one of {', '.join(choices)}, not {show(value)}" + (f": did you mean {close[0]!r}?" if close else ""))
    return str(value)


def as_choices(value: str | Iterable[str], what: str, choices: Sequence[str]) -> list[str]:
    """Some of a few words, at least one."""
    given = [value] if isinstance(value, str) else list(value)
    if not given:
        refuse(f"{what} needs at least one of {', '.join(choices)}")
    return list(dict.fromkeys(as_choice(one, what, choices) for one in given))


def as_scalar(value: object, what: str = "a value") -> Scalar:
    """A text, a number, true or false."""
    if isinstance(value, (datetime, date)):
        refuse(f"{show(value)} is a date: compare with before(), after(), within_last() and their like")
    if value is None:
        refuse(f"{what} can not be None: ask is_set() or is_not_set()")
    if isinstance(value, str):
        return as_text(value, what, empty=True)
    if isinstance(value, bool):
        return value
    return as_number(value, what)


def as_number(value: object, what: str = "a value") -> float:
    """A number that JSON and YAML can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        refuse(
            f"{what} is a text, a number, True or False, not {show(value)}" if what == "a value" else _no_number(value, what)
        )
    if not (math.isfinite(value) if isinstance(value, float) else -_LARGEST_INTEGER <= value < _LARGEST_INTEGER):
        refuse(f"{show(value)} is no number that can be compared: it must be finite, a whole one of 64 bits")
    return value


def _no_number(value: object, what: str) -> str:
    return f"{what} is a number, not {show(value)}"


def as_ordered(value: object, op: str) -> Scalar:
    """A number or a text, for `gt gte lt lte` and `between`."""
    if isinstance(value, bool):
        refuse(f"`{op}` compares with a number or a text, not {value}")
    return as_scalar(value)


def as_whole(value: object, what: str, low: int = 0, high: int | None = None) -> int:
    """A whole number within bounds, both included."""
    bounds = f"of at least {low}" if high is None else f"from {low} to {high}"
    good = (
        isinstance(value, int)
        and not isinstance(value, bool)
        and low <= value <= (_LARGEST_INTEGER - 1 if high is None else high)
    )
    if not good:
        refuse(f"{what} is a whole number {bounds}, not {show(value)}")
    return int(value)  # type: ignore[call-overload]  # it is one


def as_number_between(value: object, what: str, low: float, high: float | None = None) -> float:
    """A number within bounds, both included."""
    number = as_number(value, what)
    if number < low or (high is not None and number > high):
        refuse(f"{what} is a number {f'of at least {low}' if high is None else f'from {low} to {high}'}, not {show(value)}")
    return number


def as_length(value: object, what: str, *, none: bool = False) -> str:
    """A length of time: a text such as 72h, or a `timedelta`.

    Args:
        value: what was given.
        what: how a message calls it.
        none: whether no time at all is one.
    """
    text = _length_text(value) if isinstance(value, timedelta) else value
    length = parse_duration(text) if isinstance(text, str) and _LENGTH.fullmatch(text) else None
    if length is None:
        refuse(f"{what} is a length of time such as 90s, 15m, 72h, 1d or 2w, or a timedelta, not {show(value)}")
    if length > LONGEST or len(str(text)) > 20:
        refuse(f"{what} is longer than a hundred years: {show(value)}")
    if length == 0 and not none:
        refuse(f"{what} must be longer than none")
    return str(text)


def _length_text(value: timedelta) -> str:
    micros = value // timedelta(microseconds=1)
    for unit, size in (("w", WEEK), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)):
        if micros and micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{micros // SECOND}.{micros % SECOND:06}".rstrip("0").rstrip(".") + "s" if micros >= 0 else ""


def as_instant(value: object, what: str) -> str:
    """An instant, or a date, which is its midnight in the profile's zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            refuse(f"{what} has no time zone: {show(value)}; give it one, such as datetime(..., tzinfo=UTC)")
        return str(format_instant(to_micros(value)))
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str) or parse_instant_or_date(text, UTC_ZONE) is None:
        refuse(f"{what} is an instant such as 2026-03-01T09:00:00Z, a date, or a datetime with a zone, not {show(value)}")
    return text


def as_list(values: Any, what: str) -> list[Any]:
    """Several values; a text is one, not several."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        refuse(f"{what} is a list, not {show(values)}")
    return list(values)
