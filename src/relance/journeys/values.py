"""Values that steps take from a person or from the event that moved it, or from its passage: `profile.x`, `event.properties.x`, `journey.x`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.conditions.clauses import first_value

if TYPE_CHECKING:
    from collections.abc import Mapping


def value_at(path: str, traits: str, event_properties: str | None, journey: Mapping[str, Any] | None = None) -> Any:
    """The first value at a dotted path; None when it is missing.

    Args:
        path: `profile.x` and `profile.traits.x` are traits, `event.properties.x` is of the event.
        traits: as JSON.
        event_properties: as JSON, or None when no event moved the person.
        journey: what `journey.x` is of.
    """
    root, _, rest = path.partition(".")
    if root == "event":
        found = {"properties": json.loads(event_properties)} if event_properties else {}
    elif root == "journey":
        found = dict(journey or {})
    else:
        found, rest = json.loads(traits), rest.removeprefix("traits.") if root == "profile" else path
    return first_value(found, rest.split("."))
