"""A shop of any size in a warehouse, and segments of mixed kinds over it, for the benches of segments."""

from __future__ import annotations

from typing import Any

from relance.clock import DAY, parse_instant
from relance.warehouse import FAR_SEQ

NOW = parse_instant("2026-03-10T12:00:00Z") or 0
DAYS = 365
NAMES = [
    *["Page Viewed"] * 9, *["Product Viewed"] * 4, "Product Added", "Email Sent", "Email Delivered", "Email Opened",
    "Email Link Clicked", "Order Completed", "Application Opened",
]  # fmt: skip
WINDOWS = ["24h", "48h", "72h", "96h", "7d", "10d", "14d", "21d", "30d", "45d", "60d", "90d"]
CATEGORIES = ["shoes", "bags", "hats", "coats", "belts"]


def fill(connection: Any, profiles: int, events: int) -> None:
    """Make a shop's year, in order of time: one traits document a person, events spread evenly over people and time."""
    start = NOW - DAYS * DAY
    traits = """'{"plan":"' || ['free','pro','team'][1 + i % 3] || '","country":"' || ['FR','DE','US','GB'][1 + i % 4]
        || '","address":{"city":"' || ['Paris','Lyon','Lille','Nantes','Nice','Atlanta','Seattle','Berlin'][1 + i * 7 % 8]
        || '"},"birthday":"' || strftime(DATE '1960-01-01' + (i * 37 % 15000)::INTEGER, '%Y-%m-%d') || '","orders":' || (i % 13) || '}'"""
    connection.execute("SELECT setseed(0.5)")
    connection.execute(f"""
        INSERT INTO profile_history
        SELECT i, i, CASE WHEN i % 5 = 0 THEN {profiles} + i ELSE {FAR_SEQ} END, {start}, {traits}, 'u' || i, 'Europe/Paris',
            CASE WHEN i % 20 = 0 THEN NULL ELSE 'u' || i || '@example.com' END, i % 20 <> 0,
            CASE WHEN i % 3 = 0 THEN '+3361' || (1000000 + i) END, i % 3 = 0, CASE WHEN i % 4 = 0 THEN 'token' || i END, {start}, 1
        FROM range({profiles}) t(i)""")
    connection.execute(f"""
        INSERT INTO profile_history
        SELECT profile_id, {profiles} + profile_id, {FAR_SEQ}, received_at, replace(traits, 'free', 'pro'), user_id, timezone, email,
            email_valid, phone, phone_valid, push_token, created_at, 1
        FROM profile_history WHERE profile_id % 5 = 0""")
    for channel, share in (("email", 0.7), ("sms", 0.3), ("push", 0.4)):
        connection.execute(f"""
            INSERT INTO consent_history SELECT i, i, {FAR_SEQ}, {start}, {start}, '{channel}', '',
                CASE WHEN random() < {share} THEN 'subscribed' ELSE 'unsubscribed' END, 1 FROM range({profiles}) t(i)""")
    connection.execute(f"""
        INSERT INTO consent_history SELECT i, i, {FAR_SEQ}, {start}, {start}, 'email', 'newsletter', 'subscribed', 1
        FROM range(0, {profiles}, 3) t(i)""")
    connection.execute(f"""
        INSERT INTO suppression_history SELECT 'email', 'u' || i || '@example.com', i, {FAR_SEQ}, true, 1 FROM range(0, {profiles}, 100) t(i)""")
    connection.execute(f"""
        INSERT INTO events
        SELECT (random() * {profiles})::BIGINT % {profiles}, {2 * profiles} + i, {start} + (i * {DAYS * DAY / events})::BIGINT,
            {start} + (i * {DAYS * DAY / events})::BIGINT, {NAMES!r}[1 + (random() * {len(NAMES)}.0)::INTEGER % {len(NAMES)}],
            '{{"total":' || (i % 20000) / 100.0 || ',"currency":"EUR","category":"' || {CATEGORIES!r}[1 + i % 5] || '"}}',
            {2 * profiles} + i, 1, false
        FROM range({events}) t(i)""")
    connection.execute("UPDATE loaded SET tick = 1")
    connection.execute("CHECKPOINT")


def did(event: str, **more: Any) -> dict[str, Any]:
    return {"type": "did", "event": event, **more}


def not_done(event: str, within: str) -> dict[str, Any]:
    return did(event, times={"eq": 0}, within=within)


def every(*of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "all", "of": list(of)}


def some(*of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "any", "of": list(of)}


def trait(path: str, op: str, value: Any) -> dict[str, Any]:
    return {"type": "trait", "path": path, "op": op, "value": value}


def make_segments(n: int) -> dict[str, Any]:
    """Segments of twenty kinds, each with windows, channels and limits of its own."""
    return {f"s{i}": _make_segment(i) for i in range(n)}


def _make_segment(i: int) -> dict[str, Any]:
    turn = i // 20
    x, near, far = 1 + turn, WINDOWS[turn % 12], WINDOWS[(turn + 4) % 12]
    channel = ["email", "sms", "push"][turn % 3]
    can = {"type": "can_receive", "channel": channel, "because": "subscribed"}
    group = {"type": "subscribed", "group": "newsletter"}
    return [
        every(
            can,
            some(did("Email Opened", within=near), did("Email Link Clicked", within=near)),
            not_done("Order Completed", near),
        ),
        every(can, did("Email Link Clicked", within=near), not_done("Order Completed", near)),
        every(did("Product Added", within=near), not_done("Order Completed", near)),
        did("Order Completed", times={"gte": x}),
        did("Order Completed", aggregate={"fn": "sum", "path": "total", "gte": 50 * x}, within=far),
        every(trait("address.city", "in", ["Paris", "Lyon", "Atlanta"][: 1 + x % 3]), trait("orders", "gte", x % 13)),
        did(
            "Product Viewed", where=[{"path": "category", "op": "eq", "value": CATEGORIES[x % 5]}], times={"gte": 2}, within=far
        ),
        trait("birthday", "anniversary_within", f"{x}d"),
        every(did("Email Sent", times={"gte": x}, within="60d"), not_done("Email Opened", "60d")),
        every(group, trait("plan", "eq", ["free", "pro", "team"][x % 3])),
        {
            "type": "sequence",
            "steps": [{"event": "Product Viewed"}, {"event": "Product Added", "within": f"{x}d"}],
            "within": far,
        },
        every(did("Order Completed", within="60d", times={"eq": x}), not_done("Page Viewed", near)),
        every(not_done("Page Viewed", far), {"type": "can_receive", "channel": "email", "because": "subscribed"}),
        did("Application Opened", within=near),
        did("Order Completed", where=[{"path": "total", "op": "gt", "value": 20 * x}], within=far),
        every(trait("country", "eq", ["FR", "DE", "US", "GB"][x % 4]), did("Page Viewed", within=near, times={"gte": 2})),
        every(did("Order Completed"), not_done("Order Completed", far)),
        did("Order Completed", aggregate={"fn": "count_distinct", "path": "category", "gte": 2}, within=far),
        every(did("Product Viewed", within=near), {"type": "not", "of": {"type": "in_segment", "segment": f"s{i - 5}"}}),
        every({"type": "bucket", "salt": f"x{turn}", "from": 0, "to": min(500 * x, 10_000)}, did("Email Opened", within=far)),
    ][i % 20]
