"""Real clients, unmodified, against a running server: everything arrives once, and they are content."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rudderstack.analytics.client import Client as RudderClient
from segment.analytics.client import Client as SegmentClient

from relance.clock import parse_instant
from relance.events import Event

if TYPE_CHECKING:
    from tests.integration.api.conftest import Running

CLIENTS = Path(__file__).parents[2] / "clients"
ORDER_AT = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
CALLS = {"identify": 1, "track": 2, "page": 1, "screen": 1, "group": 1, "alias": 1}


def _send_all(client: Any) -> None:
    client.identify("user-1", {"email": "ann@example.com", "plan": "gold"})
    client.track("user-1", "Order Completed", {"total": 30.5}, timestamp=ORDER_AT)
    client.track(anonymous_id="anon-1", event="Product Viewed", properties={"product_id": "p1"})
    client.page("user-1", "Docs", "Index", {"url": "https://shop.example/docs"})
    client.screen("user-1", "Home", "Main", {"build": 7})
    client.group("user-1", "org-1", {"name": "Initech"})
    client.alias("anon-1", "user-1")
    client.flush()
    client.join()


def _check(running: Running) -> None:
    found = running.parsed()
    events = [event for event in found if isinstance(event, Event)]
    assert found == events
    assert Counter(event.type for event in events) == CALLS
    by_name = {event.name or event.type: event for event in events}
    assert by_name["identify"].traits == {"email": "ann@example.com", "plan": "gold"}
    order = by_name["Order Completed"]
    assert (order.user_id, order.properties["total"]) == ("user-1", 30.5)
    assert abs(order.at - (parse_instant("2025-03-01T12:00:00Z") or 0)) < 60_000_000
    assert (by_name["Product Viewed"].user_id, by_name["Product Viewed"].anonymous_id) == (None, "anon-1")
    assert by_name["Page Viewed"].properties["name"] == "Index"
    assert (by_name["alias"].user_id, by_name["alias"].previous_id) == ("user-1", "anon-1")
    assert by_name["group"].properties["name"] == "Initech"


@pytest.mark.parametrize("is_packed", [False, True])
def test_segment_for_python(running: Running, is_packed: bool) -> None:  # noqa: FBT001
    errors: list[Any] = []
    _send_all(
        SegmentClient(running.key, host=running.url, gzip=is_packed, max_retries=1, on_error=lambda e, _: errors.append(e))
    )

    assert errors == []
    assert running.committer.n_requests == 1
    _check(running)


@pytest.mark.parametrize("is_packed", [False, True])
def test_rudderstack_for_python(running: Running, is_packed: bool) -> None:  # noqa: FBT001
    errors: list[Any] = []
    _send_all(
        RudderClient(running.key, host=running.url, gzip=is_packed, max_retries=1, on_error=lambda e, _: errors.append(e))
    )

    assert errors == []
    _check(running)


def test_segment_for_node(running: Running) -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(__file__).parents[3] / ".venv" / "bin"))
    if node is None or not (CLIENTS / "node_modules").is_dir():
        pytest.fail("the clients for Node.js are missing: run `make test`, or tests/prepare.sh")
    told = subprocess.run(
        [node, str(CLIENTS / "send.mjs"), running.url, running.key], capture_output=True, text=True, timeout=30, check=True
    )

    assert json.loads(told.stdout) == {"errors": []}
    _check(running)


def test_a_client_stops_at_a_refusal(running: Running) -> None:
    """Three clients send a refused batch again, up to 11 times, when the answer lacks `code` or `message`."""
    errors: list[Any] = []
    client = SegmentClient("wk_wrong", host=running.url, max_retries=3, on_error=lambda e, _: errors.append(e))
    client.track("user-1", "A")
    client.flush()
    client.join()

    assert len(errors) == 1
    assert "unknown_write_key" in str(errors[0])
