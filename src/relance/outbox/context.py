"""What a template sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_context(
    *,
    user_id: str,
    traits: str,
    source: str,
    step_id: str,
    event_name: str | None,
    event_properties: str | None,
    event_at: int | None,
    unsubscribe_url: str,
    preferences_url: str | None = None,
    predictions: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """`profile`, `event` (the one that last moved or started the person), `journey`, `predictions`, `unsubscribe_url`.

    Args: `traits` and `event_properties` as JSON. A campaign is under `campaign` as well as under `journey`.
    """
    kind, _, name = source.partition(":")
    known: dict[str, Any] = json.loads(traits)
    journey = {"id": name, "kind": kind, "step": step_id}
    event: dict[str, Any] = {"properties": {}}
    if event_name is not None:
        event = {
            "event": event_name,
            "name": event_name,
            "properties": json.loads(event_properties or "{}"),
            "timestamp": format_instant(event_at),
        }
    context = {
        "profile": {"traits": known, **known, "user_id": user_id},
        "event": event,
        "journey": journey,
        "predictions": predictions or {},
        "unsubscribe_url": unsubscribe_url,
        "preferences_url": preferences_url or unsubscribe_url,
    }
    if kind == "campaign":
        context["campaign"] = journey
    return context
