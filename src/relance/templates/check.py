"""What is wrong with a template, all of it at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relance.errors import RenderError
from relance.templates.mjml import compile_mjml
from relance.templates.model import is_mjml
from relance.templates.render import parse_field

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIXED_HOST = re.compile(r"https?://[^/?#{}\s]+", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def check_template(template: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with a template: pairs of a JSON pointer into the definition and a sentence."""
    problems: list[tuple[str, str]] = []
    channel = template.get("channel")
    for name in ("subject", "title", "body", "link", "url"):
        source = template.get(name)
        if isinstance(source, str):
            problems += _check_source(f"/{name}", source, may_be_html=name == "body" and channel in ("email", "in_app"))
    if channel == "webhook":
        problems += _check_webhook(template)
    return problems


def _check_source(pointer: str, source: str, *, may_be_html: bool) -> list[tuple[str, str]]:
    try:
        field = parse_field(source, may_be_html)
        # MJML that Liquid completes can only be judged once it is filled in.
        if field.mjml and "{%" not in source and is_mjml(source):
            compile_mjml(source)
    except RenderError as e:
        return [(pointer, f"{e.message}. Mend the template there.")]
    return []


def _check_webhook(template: Mapping[str, object]) -> list[tuple[str, str]]:
    problems = []
    url = template.get("url")
    if isinstance(url, str) and not _FIXED_HOST.match(url):
        problems.append(
            (
                "/url",
                "the address must begin with http:// or https:// and a fixed host; only what follows may come from values.",
            )
        )
    method = template.get("method")
    if isinstance(method, str) and method.upper() not in _METHODS:
        problems.append(("/method", f"{method!r} is no method for a webhook; write one of {', '.join(sorted(_METHODS))}."))
    headers = template.get("headers")
    if isinstance(headers, dict):
        for name, value in headers.items():
            pointer = "/headers/" + str(name).replace("~", "~0").replace("/", "~1")
            if not _HEADER_NAME.fullmatch(str(name)):
                problems.append((pointer, "this is no name of a header; letters, digits and - are."))
            problems += _check_source(pointer, str(value), may_be_html=False)
    return problems
