"""An example or more of each kind of condition: what editors offer, and what the reference shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPENED = {"type": "did", "event": "Email Opened", "within": "72h"}
_CLICKED = {"type": "did", "event": "Email Link Clicked", "within": "72h"}
_NO_ORDER = {"type": "did", "event": "Order Completed", "times": {"eq": 0}, "within": "72h"}

EXAMPLES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "all": ({"type": "all", "of": [_OPENED, _NO_ORDER]}, {"type": "all", "of": []}),
    "any": ({"type": "any", "of": [_OPENED, _CLICKED]},),
    "not": ({"type": "not", "of": {"type": "in_segment", "segment": "vip"}},),
    "trait": (
        {"type": "trait", "path": "address.city", "op": "in", "value": ["Atlanta", "Seattle"]},
        {"type": "trait", "path": "birthday", "op": "anniversary_within", "value": "7d"},
        {"type": "trait", "path": "email", "op": "is_set"},
    ),
    "did": (
        {"type": "did", "event": "Order Completed", "within": "30d"},
        _NO_ORDER,
        {
            "type": "did",
            "event": "Order Completed",
            "where": [{"path": "total", "op": "gt", "value": 100}],
            "times": {"gte": 2},
        },
        {"type": "did", "event": "Order Completed", "aggregate": {"fn": "sum", "path": "total", "gte": 250}, "within": "365d"},
    ),
    "sequence": (
        {
            "type": "sequence",
            "steps": [{"event": "Product Viewed"}, {"event": "Product Added", "within": "1d"}],
            "within": "30d",
        },
    ),
    "can_receive": (
        {"type": "can_receive", "channel": "email"},
        {"type": "can_receive", "channel": "sms", "because": "subscribed"},
    ),
    "subscribed": ({"type": "subscribed", "group": "newsletter"}, {"type": "subscribed", "channel": "sms"}),
    "predicted": (
        {"type": "predicted", "prediction": "buys-30d", "score": {"gte": 75}},
        {"type": "predicted", "prediction": "buys-30d", "category": ["medium", "high"]},
        {"type": "predicted", "prediction": "buys-30d", "percentile": {"gte": 90}},
        {"type": "predicted", "prediction": "buys-30d", "top": 1000, "within": "7d"},
        {"type": "predicted", "prediction": "spend-90d", "value": {"gte": 50}},
    ),
    "in_segment": ({"type": "in_segment", "segment": "vip"},),
    "in_list": ({"type": "in_list", "list": "beta-testers"},),
    "message": (
        {
            "type": "message",
            "source": "journey:abandoned-cart",
            "step": "remind",
            "status": ["opened", "clicked"],
            "within": "7d",
        },
    ),
    "journey": (
        {"type": "journey", "journey": "abandoned-cart", "state": "active"},
        {"type": "journey", "journey": "abandoned-cart", "state": "never"},
    ),
    "near": ({"type": "near", "path": "location", "lat": 48.85, "lon": 2.35, "km": 10},),
    "bucket": ({"type": "bucket", "salt": "test-1", "from": 0, "to": 1000},),
}
