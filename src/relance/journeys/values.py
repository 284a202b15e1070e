"""Values that steps take from a person or from the event that moved it: `profile.x`, `event.properties.x`."""

from __future__ import annotations

import json
from typing import Any

from relance.conditions.clauses import first_value


def value_at(path: str, traits: str, event_properties: str | None) -> Any:
    """The first value at a dotted path; None when it is missing.

    Args:
        path: `profile.x` and `profile.traits.x` are traits, `event.properties.x` is of the event.
        traits: as JSON.
        event_properties: as JSON, or None when no event moved the person.
    """
    root, _, rest = path.partition(".")
    if root == "event":
        found = {"properties": json.loads(event_properties)} if event_properties else {}
    else:
        found, rest = json.loads(traits), rest.removeprefix("traits.") if root == "profile" else path
    return first_value(found, rest.split("."))
