"""Render a template for one person."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from relance.clock import from_micros
from relance.errors import RenderError
from relance.templates.mjml import compile_mjml
from relance.templates.model import Rendered, is_html, is_mjml
from relance.templates.plain import Lookup, parse_plain, render_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.templates.sandbox import BoundedTemplate

# Parsed fields kept ready; a workspace has a few hundred.
CACHED_FIELDS = 4_096
_HTML_CHANNELS = frozenset({"email", "in_app"})


class Field(NamedTuple):
    """A field of a template, parsed: by the short way, or by Liquid."""

    parsed: list[str | Lookup] | BoundedTemplate
    html: bool
    mjml: bool


@lru_cache(maxsize=CACHED_FIELDS)
def parse_field(source: str, may_be_html: bool = False) -> Field:  # noqa: FBT001, FBT002 - `lru_cache` tells keywords from positions
    """Parse a field of a template, or take it from the cache.

    Raises:
        RenderError: it is no Liquid.
    """
    html = may_be_html and is_html(source)
    mjml = html and is_mjml(source)
    parts = parse_plain(source)
    if parts is not None:
        return Field(parts, html, mjml)
    from relance.templates.sandbox import parse_liquid  # importing Liquid takes 0.6 s; most templates never need it

    return Field(parse_liquid(source, escape=html), html, mjml)


def render(
    template: Mapping[str, object], context: Mapping[str, object], *, now: int | None = None, layout: bool = True
) -> Rendered:
    """Render every field of a template.

    Args:
        template: the definition (or the part of a variant that stands for it).
        context: `profile`, `event`, `journey` or `campaign`, `predictions`, `unsubscribe_url`, ...; plain JSON values.
        now: the instant of the message, for `{{ 'now' | date: ... }}`.
        layout: whether MJML becomes HTML; nobody who asks only whether it can be filled in needs that.

    Raises:
        RenderError: something in it failed, or would cost too much; the message names the field.
    """
    channel = str(template.get("channel", ""))
    context = {"now": None if now is None else from_micros(now), **context}
    subject = _render_field(template, "subject", context)
    body, html = _render_body(template, context, channel, layout=layout)
    if channel != "webhook":
        return Rendered(
            channel,
            subject=None if subject is None else " ".join(subject.split()),
            title=_render_field(template, "title", context),
            body=body,
            html=html,
            link=_render_field(template, "link", context),
        )
    headers = _render_headers(template.get("headers"), context)
    _check_json(body, headers)
    return Rendered(
        channel,
        body=body,
        method=str(template.get("method") or "POST").upper(),
        url=_render_field(template, "url", context),
        headers=headers,
    )


def _render_body(
    template: Mapping[str, object], context: Mapping[str, object], channel: str, *, layout: bool
) -> tuple[str | None, bool]:
    source = template.get("body")
    if source is None:
        return None, False
    if isinstance(source, (dict, list)):
        source = json.dumps(source, ensure_ascii=False)
    try:
        field = parse_field(str(source), channel in _HTML_CHANNELS)
        body = _fill(field, context)
        return (compile_mjml(body) if field.mjml and layout else body), field.html
    except RenderError as e:
        msg = f"body: {e.message}"
        raise RenderError(msg, path="/body") from e


def _render_headers(headers: object, context: Mapping[str, object]) -> dict[str, str]:
    if not isinstance(headers, dict):
        return {}
    return {str(name): _render_text(f"headers/{name}", value, context) for name, value in headers.items()}


def _check_json(body: str | None, headers: Mapping[str, str]) -> None:
    """A webhook's body that begins as JSON must be JSON: one quotation mark in a name would break it."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "application/json")
    if body is None or body.lstrip()[:1] not in ("{", "[") or "json" not in kind.lower():
        return
    try:
        json.loads(body)
    except (ValueError, RecursionError) as e:
        msg = f"body: what was filled in is no JSON any more ({e}); write values as {{{{ value | json }}}}"
        raise RenderError(msg, path="/body") from e


def _render_field(template: Mapping[str, object], name: str, context: Mapping[str, object]) -> str | None:
    source = template.get(name)
    return None if source is None else _render_text(name, source, context)


def _render_text(name: str, source: object, context: Mapping[str, object]) -> str:
    try:
        return _fill(parse_field(str(source)), context)
    except RenderError as e:
        msg = f"{name}: {e.message}"
        raise RenderError(msg, path=f"/{name}") from e


def _fill(field: Field, context: Mapping[str, object]) -> str:
    if isinstance(field.parsed, list):
        text = render_plain(field.parsed, context, escape=field.html)
    else:
        from relance.templates.sandbox import render_liquid

        text = render_liquid(field.parsed, context)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as e:
            msg = "a value holds half a character (a lone surrogate), which can not be sent"
            raise RenderError(msg) from e
    return text
