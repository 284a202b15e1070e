"""HTML to the plain text that goes with it, for readers and machines without HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MAX_CHARACTERS = 200_000

_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "header", "footer", "hr"}
)
_HIDDEN = frozenset({"script", "style", "head", "title", "template"})
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200c\u034f]+")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._links:
            target, since = self._links.pop()
            label = "".join(self.parts[since:]).strip()
            if target.startswith(("http://", "https://", "mailto:", "tel:")) and target != label:
                self.parts.append(f" ({target})" if label else target)
        elif tag in _BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))


def to_plain_text(html: str) -> str:
    """The words of an HTML body: blocks on lines of their own, the target of a link behind its words."""
    reader = _Reader()
    reader.feed(html[:MAX_CHARACTERS])
    reader.close()
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(reader.parts).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
