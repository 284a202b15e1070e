"""Does a value fit a parameter? Problems, each with a sentence that says how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.conditions.dsl import values as words
from relance.errors import InvalidCondition
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.segments.templates.model import Parameter

MOST_TEXTS = 100
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def check_parameter(parameter: Parameter, value: Any) -> list[Problem]:
    """What is wrong with a value that was given for a parameter. None stands for the default."""
    if value is None:
        return []
    place = pointer("parameters", parameter.name)
    try:
        _CHECKS[parameter.kind](parameter, value)
    except InvalidCondition as e:
        return [Problem("bad_parameter", e.message, place)]
    says = _out_of_range(parameter, value)
    return [Problem("out_of_range", says, place)] if says else []


def parse_text(parameter: Parameter | None, text: str) -> Any:
    """A value written as text; what can not be read stays a text, and the check tells."""
    kind = parameter.kind if parameter else "text"
    if kind == "texts":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "truth":
        return _TRUTHS.get(text.lower(), text)
    if kind not in ("whole", "number"):
        return text
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _out_of_range(parameter: Parameter, value: Any) -> str:
    measure: Callable[[Any], Any] = parse_duration if parameter.kind == "length" else float
    if parameter.least is not None and measure(value) < measure(parameter.least):
        return f"`{parameter.name}` is at least {parameter.least}, not {value}"
    if parameter.most is not None and measure(value) > measure(parameter.most):
        return f"`{parameter.name}` is at most {parameter.most}, not {value}"
    return ""


def _truth(parameter: Parameter, value: Any) -> None:
    if not isinstance(value, bool):
        words.refuse(f"`{parameter.name}` is true or false, not {words.show(value)}")


def _text(most: int) -> Callable[[Parameter, Any], object]:
    return lambda p, value: words.as_text(value, f"`{p.name}`", most=most, empty=p.may_be_empty)


def _texts(parameter: Parameter, value: Any) -> None:
    found = words.as_list(value, f"`{parameter.name}`")
    if not found:
        words.refuse(f"`{parameter.name}` needs at least one text")
    if len(found) > MOST_TEXTS:
        words.refuse(f"`{parameter.name}` has at most {MOST_TEXTS} texts, not {len(found)}")
    for one in found:
        words.as_text(one, f"a text of `{parameter.name}`", most=500)


# What is answered is of no use here: a value that can not be raises.
_CHECKS: dict[str, Callable[[Parameter, Any], object]] = {
    "length": lambda p, value: words.as_length(words.as_text(value, f"`{p.name}`"), f"`{p.name}`"),
    "whole": lambda p, value: words.as_whole(value, f"`{p.name}`"),
    "number": lambda p, value: words.as_number(value, f"`{p.name}`"),
    "choice": lambda p, value: words.as_choice(value, f"`{p.name}`", p.options),
    "truth": _truth,
    "event": _text(200),
    "path": lambda _, value: words.as_path(value),
    "group": _text(500),
    "text": _text(500),
    "texts": _texts,
    "day": lambda p, value: words.as_instant(words.as_text(value, f"`{p.name}`"), f"`{p.name}`"),
}
