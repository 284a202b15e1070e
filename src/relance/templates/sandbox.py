"""Liquid with limits: what a hostile or careless template can cost is bounded, in loops, filters, bytes and seconds.

`python-liquid` bounds one loop nest at a time and no filter at all: ten loops of ten thousand turns stand one after the
other, `{{ (1..900000000) | join }}` fills the memory and squaring a number forty times in a row never ends. So loops are
summed up over the whole rendering, filters look at the size of what they are given and of what they would make, and a
clock is asked at each loop turn and each filter.
"""

from __future__ import annotations

import time
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

from liquid import Environment, RenderContext
from liquid.exceptions import LiquidError, LoopIterationLimitError, OutputStreamLimitError
from liquid.output import LimitedStringIO
from liquid.template import BoundTemplate

from relance.errors import RenderError
from relance.templates.filters import FILTERS, guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import Token

MAX_SOURCE_CHARACTERS = 300_000
MAX_TAG_CHARACTERS = 10_000
MAX_OPEN_MARKS = 50
MAX_LOOP_TURNS = 20_000
MAX_FILTER_CALLS = 50_000
MAX_OUTPUT_CHARACTERS = 1_000_000
MAX_LOCAL_BYTES = 1_000_000
MAX_SECONDS = 2.0  # of this thread's own time: a busy machine must not make a template fail


class TooMuch(LiquidError):
    """The template costs more than one message may."""


class BoundedContext(RenderContext):
    """A rendering that counts what it costs."""

    __slots__ = ("_filter_calls", "_local_bytes", "_stop_at", "_turns")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = 0
        self._filter_calls = 0
        self._local_bytes = 0
        self._stop_at = time.thread_time() + MAX_SECONDS

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count the turns of a loop that starts now, over the whole rendering."""
        self._turns += length
        if self._turns > MAX_LOOP_TURNS:
            msg = f"loops take more than {MAX_LOOP_TURNS:,} turns"
            raise LoopIterationLimitError(msg, token=None)
        self._raise_when_late()

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """Find a filter, and count its use."""
        self._filter_calls += 1
        if self._filter_calls > MAX_FILTER_CALLS:
            msg = f"more than {MAX_FILTER_CALLS:,} filters are applied"
            raise TooMuch(msg, token=token)
        self._raise_when_late()
        return super().filter(name, token)

    def assign(self, key: str, val: Any) -> None:
        """Keep a variable; the sum of their sizes is bounded (and kept, not recounted at each one)."""
        known = self.locals.get(key)
        self._local_bytes += _size_of(val) - _size_of(known)
        if self._local_bytes > MAX_LOCAL_BYTES:
            msg = f"variables hold more than {MAX_LOCAL_BYTES:,} bytes"
            raise TooMuch(msg, token=None)
        self.locals[key] = val
        self._raise_when_late()

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """A buffer for a part that is written aside; what stands already counts."""
        return BoundedBuffer(MAX_OUTPUT_CHARACTERS - (buf.size if isinstance(buf, LimitedStringIO) else 0))

    def _raise_when_late(self) -> None:
        if time.thread_time() > self._stop_at:
            msg = f"it takes longer than {MAX_SECONDS:.0f} s"
            raise TooMuch(msg, token=None)


def _size_of(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, tuple, dict)):
        return 50 * len(value)
    return 8 if value is not None else 0


class BoundedBuffer(LimitedStringIO):
    """What was written so far, bounded; counts characters, where the library's encodes each part to count bytes."""

    def write(self, text: str) -> int:
        """Take a part."""
        self.size += len(text)
        if self.size > self.limit:
            msg = f"it writes more than {MAX_OUTPUT_CHARACTERS:,} characters"
            raise OutputStreamLimitError(msg, token=None)
        return StringIO.write(self, text)


class BoundedTemplate(BoundTemplate):
    """A parsed template whose renderings are counted."""

    context_class = BoundedContext

    def _get_buffer(self) -> StringIO:
        return BoundedBuffer(MAX_OUTPUT_CHARACTERS)


class BoundedEnvironment(Environment):
    """Liquid without files, with our filters and limits."""

    template_class = BoundedTemplate
    context_depth_limit = 30
    block_nesting_limit = 30
    loop_iteration_limit = MAX_LOOP_TURNS
    local_namespace_limit = MAX_LOCAL_BYTES
    output_stream_limit = MAX_OUTPUT_CHARACTERS

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Standard Liquid but the tags that load other templates; each filter with a guard before and behind it."""
        super().setup_tags_and_filters(extra=extra)
        for tag in ("include", "render"):
            self.tags.pop(tag, None)
        self.filters = {name: guarded(name, one) for name, one in {**self.filters, **FILTERS}.items()}


PLAIN_ENVIRONMENT = BoundedEnvironment(autoescape=False)
HTML_ENVIRONMENT = BoundedEnvironment(autoescape=True)


def parse_liquid(source: str, *, escape: bool) -> BoundedTemplate:
    """Parse a Liquid template.

    Raises:
        RenderError: it is none, or it is larger than a template may be.
    """
    _check_marks(source)
    environment = HTML_ENVIRONMENT if escape else PLAIN_ENVIRONMENT
    try:
        parsed = BoundedTemplate(environment, environment._parse(source))  # noqa: SLF001 - what `from_string` does, typed
        unknown = sorted(name for name in parsed.analyze().filters if name not in environment.filters)
    except LiquidError as e:
        raise RenderError(explain(e)) from e
    except (RecursionError, MemoryError) as e:
        msg = "the template is nested too deeply"
        raise RenderError(msg) from e
    except Exception as e:  # the parser meets input it was not written for: the author's fault, not a broken invariant
        msg = f"the template can not be read ({type(e).__name__}: {e})"
        raise RenderError(msg) from e
    if unknown:  # Liquid finds this out when the filter is met, which may be long after publishing
        msg = f"there is no filter named {' or '.join(unknown)}"
        raise RenderError(msg)
    return parsed


def render_liquid(parsed: BoundedTemplate, context: Mapping[str, object]) -> str:
    """Render a parsed template.

    Raises:
        RenderError: something in it failed, or it cost more than it may.
    """
    try:
        return parsed.render(context)
    except LiquidError as e:
        raise RenderError(explain(e)) from e
    except (RecursionError, MemoryError) as e:
        msg = "the template goes too deep"
        raise RenderError(msg) from e
    except Exception as e:  # a filter met a value it was not written for
        msg = f"the template can not be rendered ({type(e).__name__}: {e})"
        raise RenderError(msg) from e


def explain(error: LiquidError) -> str:
    """What is wrong, and where, in one line."""
    try:
        where = error.context()
    except ValueError:  # the error stands behind the last character
        where = None
    message = " ".join(str(error.message or type(error).__name__).split())[:300]
    return f"line {where[0]}, column {where[1] + 1}: {message}" if where else message


def _check_marks(source: str) -> None:
    """Refuse what the lexer would need quadratic time for: it looks for the end of each mark up to the end of the text."""
    if len(source) > MAX_SOURCE_CHARACTERS:
        msg = f"the template has {len(source):,} characters; at most {MAX_SOURCE_CHARACTERS:,} are allowed"
        raise RenderError(msg)
    for opening, closing in (("{{", "}}"), ("{%", "%}")):
        if source.count(opening, source.rfind(closing) + 1) > MAX_OPEN_MARKS:
            msg = f"many {opening} are not closed by {closing}"
            raise RenderError(msg)
        position = source.find(opening)
        while position >= 0:
            end = source.find(closing, position)
            if end < 0:
                break
            if end - position > MAX_TAG_CHARACTERS:
                msg = f"a {opening} ... {closing} has more than {MAX_TAG_CHARACTERS:,} characters"
                raise RenderError(msg)
            position = source.find(opening, end)
    for word in ("raw", "doc"):
        if source.count(word) - source.count(f"end{word}") > 4 * MAX_OPEN_MARKS and source.count("{%") > MAX_OPEN_MARKS:
            msg = f"many {{% {word} %}} are not closed"
            raise RenderError(msg)
