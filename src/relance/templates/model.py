"""What rendering a template gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOKS_LIKE_HTML = re.compile(r"<(?:[a-zA-Z][^<>]*|/[a-zA-Z][a-zA-Z0-9]*\s*|!doctype[^<>]*)>", re.IGNORECASE)
_MJML = re.compile(r"\s*<mjml[\s>]", re.IGNORECASE)


def is_mjml(source: str) -> bool:
    """Whether a body is written in MJML."""
    return _MJML.match(source) is not None


def is_html(source: str) -> bool:
    """Whether a body is HTML (or MJML) rather than plain text: it holds at least one tag."""
    return _LOOKS_LIKE_HTML.search(source) is not None


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message as one person gets it. What its channel does not use is None."""

    channel: str
    subject: str | None = None  # one line, never with a line break
    title: str | None = None
    body: str | None = None
    html: bool = False  # whether `body` is HTML
    link: str | None = None
    method: str | None = None  # webhook only, upper case
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as plain text; for HTML, what a reader without HTML should see."""
        if not self.html:
            return self.body or ""
        from relance.templates.plain_text import to_plain_text

        return to_plain_text(self.body or "")
