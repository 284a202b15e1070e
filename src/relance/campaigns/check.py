"""What is wrong with a campaign, beyond its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def check_campaign(body: Mapping[str, Any], templates: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Problems of the variants: their percents, their names, their templates.

    Args:
        body: the definition.
        templates: the definitions of templates, by id.
    """
    found = body.get("variants")
    variants = [v for v in found if isinstance(v, dict)] if isinstance(found, list) else []
    percents = [v.get("percent") for v in variants]
    total = sum(p for p in percents if isinstance(p, (int, float)) and not isinstance(p, bool))
    if total > 100:
        yield Problem("bad_percents", f"the variants make {total:g} percent: they must make 100", "/variants")
    elif variants and total < 100:
        says = f"the variants make {total:g} percent: the last one takes the rest; let them make 100 (the control group counts apart)"
        yield Problem("percents_below_100", says, "/variants", "warning")
    seen: set[str] = set()
    message = body.get("message")
    channel = message.get("channel") if isinstance(message, dict) else None
    for n, variant in enumerate(variants):
        name = variant.get("id")
        if isinstance(name, str) and name in seen:
            yield Problem(
                "duplicate_id", f"there is another variant `{name}`: give each its own id", pointer("variants", n, "id")
            )
        seen.add(str(name))
        template = templates.get(str(variant.get("template")))
        at = pointer("variants", n, "template")
        if template is None:
            continue
        if isinstance(channel, str) and template.get("channel") != channel:
            says = f"the template `{variant['template']}` is for {template.get('channel')}, not for {channel}: name another"
            yield Problem("template_channel_mismatch", says, at)
        if template.get("status", "ready") != "ready":
            says = f"the template `{variant['template']}` is a {template.get('status')}: give it `status: ready` when it may be sent"
            yield Problem("template_not_ready", says, at)
