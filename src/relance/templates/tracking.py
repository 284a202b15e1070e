"""Put our links into a rendered message: each link leads by way of us, and a picture tells of the opening."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_TARGET_CHARACTERS = 4_000

# A link's opening tag. The bounded, possessive repetitions keep this linear on text that only looks like tags.
_TAG = re.compile(
    r"<(?:a|area|v:roundrect)(?=[\s/])(?:[^<>\"']{1,2000}|\"[^\"]{0,8000}\"|'[^']{0,8000}'){0,200}+>", re.IGNORECASE
)
_HREF = re.compile(r"(?<=\s)(href\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_NOT_TRACKED = re.compile(r"\sdata-track\s*=\s*[\"']?(?:off|false|no)\b", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s]", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_TEXT_LINK = re.compile(r"https?://[^\s<>\"']{1,4000}", re.IGNORECASE)
_TRAILING = ".,;:!?)]}\u00bb\u2019"  # the last two close quotations


def rewrite_html(html: str, click_url: Callable[[str], str], *, keep: Collection[str] = ()) -> str:
    """Let each http(s) link of an HTML body lead by way of us.

    `mailto:`, `tel:`, anchors, the links in `keep` (such as the one to unsubscribe) and those marked
    `data-track="off"` stay as they are.
    """

    def tag(found: re.Match[str]) -> str:
        text = found[0]
        return text if _NOT_TRACKED.search(text) else _HREF.sub(href, text, count=1)

    def href(found: re.Match[str]) -> str:
        given = found[2] if found[2] is not None else found[3] if found[3] is not None else found[4]
        target = unescape(given).strip()
        if not _WEB.match(target) or target in keep or len(target) > MAX_TARGET_CHARACTERS:
            return found[0]
        return f'{found[1]}"{escape(click_url(target))}"'

    return _TAG.sub(tag, html)


def add_open_picture(html: str, url: str) -> str:
    """Put the picture that tells of an opening at the end of the body."""
    picture = f'<img src="{escape(url)}" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">'
    ends = [found.start() for found in _BODY_END.finditer(html)]
    at = ends[-1] if ends else len(html)
    return html[:at] + picture + html[at:]


def rewrite_text(text: str, click_url: Callable[[str], str], *, keep: Collection[str] = ()) -> str:
    """Let each link of a plain text lead by way of us; punctuation behind a link is not part of it."""

    def link(found: re.Match[str]) -> str:
        target = found[0].rstrip(_TRAILING)
        if target in keep or not _WEB.match(target):
            return found[0]
        return click_url(target) + found[0][len(target) :]

    return _TEXT_LINK.sub(link, text)
