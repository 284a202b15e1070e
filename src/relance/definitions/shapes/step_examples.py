"""An example or more of each kind of step: what editors offer, and what the reference shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STEP_EXAMPLES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "message": (
        {"type": "message", "channel": "email", "template": "cart-email", "next": "opened"},
        {
            "type": "message",
            "channels": {"sms": "cart-sms", "push": "cart-push"},
            "strategy": "first_reachable",
            "next": "end",
        },
    ),
    "wait": (
        {"type": "wait", "for": "1d", "next": "last"},
        {"type": "wait", "until": {"at": "09:00", "on": ["mon", "tue"], "timezone": "profile"}, "next": "last"},
    ),
    "listen": (
        {
            "type": "listen",
            "for": [{"event": "Email Opened", "message": "remind", "next": "end"}],
            "timeout": "1d",
            "on_timeout": "text",
        },
    ),
    "branch": (
        {
            "type": "branch",
            "when": [{"where": {"type": "in_segment", "segment": "vip"}, "next": "thanks"}],
            "otherwise": "end",
        },
    ),
    "split": ({"type": "split", "paths": [{"percent": 50, "next": "one"}, {"percent": 50, "next": "other"}]},),
    "update_profile": ({"type": "update_profile", "set": {"reminded": True}, "unset": ["cart"], "next": "end"},),
    "track": ({"type": "track", "event": "Offer Made", "properties": {"by": "journey"}, "next": "end"},),
    "audience": ({"type": "audience", "audience": "returning", "action": "add", "next": "end"},),
    "start_journey": ({"type": "start_journey", "journey": "welcome", "next": "end"},),
    "end": ({"type": "end"},),
}
