"""Liquid filters: a guard around each, and the few that are ours.

A guard looks at sizes before a filter works, so that none can fill the memory or never end, and at what comes out.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import FilterArgumentError, LiquidValueError
from liquid.filter import with_context, with_environment
from liquid.limits import to_int
from liquid.undefined import is_undefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import Environment, RenderContext

MAX_CHARACTERS = 200_000
MAX_ITEMS = 20_000
MAX_BITS = 1_024
MAX_HTML_CHARACTERS = 20_000  # `strip_html` takes quadratic time over what looks like tags and is none

_STRFTIME = re.compile(r"%(?:[-_0^#]?[a-zA-Z]|%|$)|%")


def guarded(name: str, one: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses values larger than a message can need, and to make such values."""
    limit = MAX_HTML_CHARACTERS if name == "strip_html" else MAX_CHARACTERS

    @wraps(one)  # keeps the marks `with_context` and `with_environment`
    def bounded(value: Any, *args: Any, **kwargs: Any) -> Any:
        _check_size(name, value, limit)
        for given in args:
            _check_size(name, given, MAX_CHARACTERS)
        if name == "replace" and args:
            # The one filter whose result can be the product of two sizes.
            text, sought = str(value), str(args[0])
            n_found = text.count(sought) if sought else len(text) + 1
            if n_found * len(str(args[1]) if len(args) > 1 else "") > MAX_CHARACTERS:
                raise FilterArgumentError(_too_large(name), token=None)
        elif name == "join" and isinstance(value, (list, tuple, range)):
            glue = len(str(args[0])) if args else 1
            if len(value) * glue + sum(len(v) for v in value if isinstance(v, str)) > MAX_CHARACTERS:
                raise FilterArgumentError(_too_large(name), token=None)
        made = one(value, *args, **kwargs)
        _check_size(name, made, 6 * MAX_CHARACTERS)
        return made

    return bounded


def _check_size(name: str, value: object, limit: int) -> None:
    if isinstance(value, str):
        if len(value) > limit:
            raise FilterArgumentError(_too_large(name), token=None)
    elif isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise FilterArgumentError(_too_large(name), token=None)
    elif isinstance(value, (list, tuple, range, dict)) and len(value) > MAX_ITEMS:
        raise FilterArgumentError(_too_large(name), token=None)


def _too_large(name: str) -> str:
    return f"the filter {name!r} is given, or makes, more than a message can need"


def _bounded_range(_self: RangeLiteral, start: Any, stop: Any) -> range:
    try:
        first = to_int(start)
    except (ValueError, TypeError):
        first = 0
    try:
        last = to_int(stop)
    except (ValueError, TypeError):
        last = 0
    if last - first >= MAX_ITEMS:
        msg = f"a range of more than {MAX_ITEMS:,} numbers"
        raise LiquidValueError(msg, token=None)
    return range(first, last + 1) if first <= last else range(0)


# A range of any length costs nothing until a loop with an `offset` or a filter walks through it, out of our sight. The
# parser makes this class by name, so it is taught the limit rather than replaced.
RangeLiteral._make_range = _bounded_range  # type: ignore[assignment,method-assign] # noqa: SLF001


@with_environment
def json_filter(value: object, *, environment: Environment) -> str:
    """`{{ event.properties | json }}`: a value as JSON; inside HTML it is safe in a quoted attribute."""
    text = json.dumps(None if is_undefined(value) else value, ensure_ascii=False, default=str)
    return text if not environment.autoescape else str(text)


@with_context
def date_filter(value: object, form: object = "", *, context: RenderContext) -> object:
    """`{{ event.timestamp | date: '%d/%m/%Y' }}`: an instant, a day or `'now'` written another way.

    What is no date stays as it is, as everywhere in Liquid. `now` is the instant of the message.
    """
    if is_undefined(value):
        return ""
    if is_undefined(form) or not form:
        return value
    read = _read_date(context.resolve("now") if value in ("now", "today") else value)
    if read is None:
        return value
    text = _STRFTIME.sub(lambda found: found[0] if len(found[0]) > 1 else "%%", str(form))
    try:
        written = read.strftime(text)
    except ValueError as e:
        raise FilterArgumentError(str(e), token=None) from e
    return Markup(written) if isinstance(form, Markup) else written  # noqa: S704 - literals of the template are safe


def _read_date(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, UTC)
        text = str(value).strip()
        return datetime.fromtimestamp(int(text), UTC) if text.isdigit() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None


FILTERS: Mapping[str, Callable[..., Any]] = {"json": json_filter, "date": date_filter}
