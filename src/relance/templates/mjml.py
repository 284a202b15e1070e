"""MJML to HTML. Liquid has been filled in before, so loops and conditions may stand between its elements.

Compiling takes some 0.1 ms; the result depends on what Liquid wrote, so it is done for each message.
"""

from __future__ import annotations

import re

from relance.errors import RenderError

# The compiler (Rust) descends by recursion: at some 10,000 levels it overruns the stack, and the process is gone.
MAX_DEPTH = 100
MAX_CHARACTERS = 1_000_000
MAX_ATTRIBUTES = 200

_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]*")
_MARK = re.compile(r"[>\"']")
_ASIDES = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))  # nothing in them is an element
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def compile_mjml(source: str) -> str:
    """Compile MJML.

    Raises:
        RenderError: it is none; the message says where.
    """
    if len(source) > MAX_CHARACTERS:
        msg = f"more than {MAX_CHARACTERS:,} characters of MJML"
        raise RenderError(msg)
    if source.count("<") - source.count("</") > MAX_DEPTH and is_too_deep(source):
        msg = f"MJML is nested deeper than {MAX_DEPTH} elements"
        raise RenderError(msg)
    from mjml import mjml2html  # needed by those alone who write MJML

    try:
        # No fonts of its own: each opening would ask Google for one. A template that wants a font names it by `mj-font`.
        return str(mjml2html(source, fonts={}))
    except ValueError as e:
        msg = f"this is no valid MJML: {e}"
        raise RenderError(msg) from e


def is_too_deep(source: str) -> bool:
    """Whether elements are nested too deeply, whatever a text that wants to look shallow contains.

    A closing tag counts only where it closes the innermost open element, so one in a comment or in an attribute can not
    make the count smaller than the true depth.
    """
    opened: list[str] = []
    position = source.find("<")
    while position >= 0:
        aside = next((end for start, end in _ASIDES if source.startswith(start, position)), None)
        if aside is not None:
            end = source.find(aside, position)
            if end < 0:
                return False  # nothing after it is read as an element; the compiler refuses it
            position = source.find("<", end)
            continue
        found = _NAME.match(source, position + 1)
        end = position + 1
        if found is not None:
            end = _end_of_tag(source, found.end())
            name = found[0]
            if name.startswith("/"):
                if opened and opened[-1] == name[1:]:
                    opened.pop()
            elif name.lower() not in _VOID and source[end - 2 : end] != "/>":
                opened.append(name)
                if len(opened) > MAX_DEPTH:
                    return True
        position = source.find("<", end)
    return False


def _end_of_tag(source: str, start: int) -> int:
    """Behind the `>` of a tag; a `>` in a quoted attribute is none. A tag without end is taken to end at once."""
    position = start
    for _ in range(MAX_ATTRIBUTES):
        found = _MARK.search(source, position)
        if found is None:
            return start
        if found[0] == ">":
            return found.end()
        position = source.find(found[0], found.end()) + 1
        if position == 0:
            return start
    return start
