"""The fields of one object of a definition, taken one by one; what is left over is unknown and an error."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from relance.clock import parse_duration, parse_instant
from relance.conditions.model import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LIMIT_OPS = ("eq", "ne", "gt", "gte", "lt", "lte")


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


def as_id(value: object) -> str:
    """An id as text; YAML reads some as numbers or truth values."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def escape_pointer(name: str) -> str:
    """A field's name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def is_scalar(value: object) -> bool:
    """Whether a value is a text, a truth value or a finite number."""
    return isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value))


class Fields:
    """One object of a definition. Every reader answers something usable and reports what is wrong."""

    def __init__(self, source: Mapping[str, Any], path: str, report: Callable[[str, str, str], None]) -> None:
        self.source, self.path, self.report = source, path, report
        self.taken: set[str] = set()

    def pointer(self, name: str) -> str:
        return f"{self.path}/{name}"

    def take(self, name: str) -> Any:
        """The field as it is, MISSING when it is not there."""
        self.taken.add(name)
        value = self.source.get(name, MISSING)
        return MISSING if value is None else value

    def finish(self) -> None:
        """Report the fields nobody took."""
        for name in self.source:
            if name not in self.taken:
                known = ", ".join(sorted(self.taken))
                self.report(
                    "unknown_field",
                    self.pointer(escape_pointer(str(name))),
                    f"there is no field {name!r} here; there are {known}",
                )

    def inner(self, source: Any, name: str) -> Fields | None:
        """The fields of an object inside, None when there is none."""
        if source is MISSING:
            return None
        if not isinstance(source, dict):
            self.report("wrong_type", self.pointer(name), "this must be an object")
            return None
        return Fields(source, self.pointer(name), self.report)

    def text(self, name: str, *, required: bool = True) -> str | None:
        value = self.take(name)
        if value is MISSING:
            if required:
                self.report("missing_field", self.pointer(name), f"`{name}` is missing")
            return None
        if not isinstance(value, str) or not value:
            self.report("wrong_type", self.pointer(name), f"`{name}` must be a text")
            return None
        return value

    def choice(self, name: str, choices: Sequence[str], *, required: bool = True) -> str | None:
        value = self.text(name, required=required)
        if value is not None and value not in choices:
            self.report("invalid_value", self.pointer(name), f"`{name}` is one of {', '.join(choices)}")
            return None
        return value

    def choices(self, name: str, choices: Sequence[str]) -> tuple[str, ...] | None:
        """A list of some of the choices, or one of them alone; None when it is missing."""
        value = self.take(name)
        if value is MISSING:
            return None
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not found or any(item not in choices for item in found):
            self.report("invalid_value", self.pointer(name), f"`{name}` is a list of some of {', '.join(choices)}")
            return None
        return tuple(dict.fromkeys(found))

    def truth(self, name: str) -> bool:
        value = self.take(name)
        if value is MISSING:
            return False
        if not isinstance(value, bool):
            self.report("wrong_type", self.pointer(name), f"`{name}` must be true or false")
            return False
        return value

    def number(self, name: str, *, low: float | None = None, high: float | None = None, whole: bool = False) -> float:
        value = self.take(name)
        if value is MISSING:
            self.report("missing_field", self.pointer(name), f"`{name}` is missing")
            return 0
        good = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not good or (low is not None and value < low) or (high is not None and value > high):
            kind = "whole number" if whole else "number"
            bounds = "" if low is None else f" of at least {low}" if high is None else f" from {low} to {high}"
            self.report("invalid_value", self.pointer(name), f"`{name}` must be a {kind}{bounds}")
            return 0
        return float(value) if not whole else value

    def duration(self, name: str) -> int | None:
        value = self.take(name)
        if value is MISSING:
            return None
        length = parse_duration(value)
        if length is None or length < 0:
            self.report("invalid_value", self.pointer(name), f"`{name}` is a length of time such as 90s, 15m, 72h, 1d or 2w")
            return None
        return length

    def instant(self, name: str) -> int | date | None:
        value = self.take(name)
        return None if value is MISSING else self.as_instant(value, self.pointer(name))

    def as_instant(self, value: Any, pointer: str) -> int | date | None:
        """An instant, or a date, whose midnight depends on the profile's zone."""
        at = parse_instant(value)
        if at is not None:
            return at
        try:
            if isinstance(value, str) and len(value) == len("2026-03-01"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.report("invalid_value", pointer, "this must be an instant such as 2026-03-01T09:00:00Z, or a date")
        return None

    def limits(self, name: str) -> tuple[Limit, ...] | None:
        """`{gte: 1, lt: 3}`; None when it is missing."""
        inner = self.inner(self.take(name), name)
        if inner is None:
            return None
        found = inner.read_limits()
        inner.finish()
        return found

    def read_limits(self, *, any_type: bool = False) -> tuple[Limit, ...]:
        """The limits among the fields of this object; at least one."""
        found = []
        for op in LIMIT_OPS:
            value = self.take(op)
            if value is MISSING:
                continue
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            fits = is_scalar(value) and (number or (any_type and (op in ("eq", "ne") or isinstance(value, str))))
            if fits:
                found.append(Limit(op, value))
            else:
                self.report("wrong_type", self.pointer(op), f"`{op}` must be a number{' or a text' * any_type}")
        if not found and not set(self.source) & set(LIMIT_OPS):
            self.report("missing_field", self.path, f"this needs a limit: one of {', '.join(LIMIT_OPS)}")
        return tuple(found)

    def allow(self, names: Iterable[str]) -> None:
        """Fields that are read elsewhere."""
        self.taken.update(names)
