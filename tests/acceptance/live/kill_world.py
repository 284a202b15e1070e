"""A server that is killed again and again while clients send to it, and the books that must agree in the end.

The oracle: the message ids that were acknowledged, the provider's ledger, and the arithmetic of the load.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from relance.eventlog import open_log
from relance.events import Event, parse_chunk
from relance.store import open_database
from tests.acceptance.live.conftest import ASKING

if TYPE_CHECKING:
    from relance.testing.provider_lab import ProviderLab
    from tests.acceptance.live.conftest import LiveServer

DEFINITIONS = """
{kind: settings, consent: {push: none, sms: none}}
---
{kind: event, id: cart-abandoned, name: Cart Abandoned, status: published}
---
{kind: event, id: order-completed, name: Order Completed, status: published}
---
{kind: event, id: signed-up, name: Signed Up, status: published}
---
{kind: template, id: hello, channel: push, status: ready, title: Hello, body: "{{ profile.first_name }}"}
---
{kind: template, id: nudge, channel: push, status: ready, title: Your cart, body: "{{ event.properties.cart_id }}"}
---
{kind: template, id: text, channel: sms, status: ready, body: "{{ profile.first_name }}, your cart waits"}
---
{kind: segment, id: carts, where: {type: did, event: Cart Abandoned, times: {gte: 2}}}
---
kind: campaign
id: welcome
audience: {type: all, of: []}
schedule: {event: Signed Up}
message: {channel: push, template: hello}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
key: properties.cart_id
reentry: always
exit_on: [{event: Order Completed}]
start: nudge
steps:
  nudge: {type: message, channel: push, template: nudge, next: pause}
  pause: {type: wait, for: 1s, next: many}
  many: {type: branch, when: [{where: {type: in_segment, segment: carts}, next: text}], otherwise: end}
  text: {type: message, channel: sms, template: text, next: end}
"""
# What one lane may have handed over without knowing the answer, for the two channels (outbox/drain.py).
IN_FLIGHT = 2 * 64


@dataclass
class Books:
    """What was sent and what was acknowledged."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # messageId -> the event's name
    n_requests: int = 0
    n_retries: int = 0
    starts: list[float] = field(default_factory=list)  # seconds from a start to an answer


class Load(threading.Thread):
    """A backend's client: sends batches, and sends the same batch again until it is acknowledged."""

    def __init__(self, number: int, url: str, key: str, rate: float, books: Books) -> None:
        super().__init__(daemon=True)
        self._number, self._url, self._key, self._rate, self._books = number, url, key, rate, books
        self.stopping = threading.Event()

    def run(self) -> None:
        turn = 0
        with httpx.Client(timeout=5) as client:
            while not self.stopping.is_set():
                began = time.monotonic()
                batch = self._batch(turn)
                while not self._send(client, batch):
                    self._books.n_retries += 1
                    time.sleep(0.1)
                self._books.acknowledged.update({item["messageId"]: item.get("event", item["type"]) for item in batch})
                turn += 1
                self.stopping.wait(max(0.0, len(batch) / self._rate - (time.monotonic() - began)))

    def _send(self, client: httpx.Client, batch: list[dict[str, Any]]) -> bool:
        self._books.n_requests += 1
        try:
            answer = client.post(f"{self._url}/v1/batch", json={"batch": batch}, auth=(self._key, ""))
        except httpx.TransportError:
            return False
        if answer.status_code in {429, 503}:
            return False
        assert answer.status_code == 200, answer.text
        return True

    def _batch(self, turn: int) -> list[dict[str, Any]]:
        """Two people sign up; one leaves a cart, one leaves two and buys one of them."""
        items: list[dict[str, Any]] = []
        for person in range(2):
            n = (self._number * 100_000 + turn) * 2 + person
            user = f"user-{n}"
            items += [
                {"type": "identify", "traits": {"first_name": f"N{n}", "phone": f"+336{n % 100_000_000:08d}"}}
                | {"context": {"device": {"token": f"token-{n}", "type": "ios"}}},
                {"type": "track", "event": "Signed Up"},
                *(
                    {"type": "track", "event": "Cart Abandoned", "properties": {"cart_id": f"c{n}-{c}"}}
                    for c in range(1 + person)
                ),
            ]
            if person:
                items.append({"type": "track", "event": "Order Completed", "properties": {"cart_id": f"c{n}-0"}})
            for place, item in enumerate(items):
                item.setdefault("userId", user)
                item.setdefault("messageId", f"{self._number}-{turn}-{place}")
        return items


def kill_under_load(live: LiveServer, *, kills: int, clients: int, rate: float, seed: int) -> Books:
    """Run the load, kill the server `kills` times at random moments, then let everything come to rest and stop it."""
    random_ = random.Random(seed)
    live.apply(DEFINITIONS)
    key = live.write_key("load", trusted=True)
    books = Books()
    load = [Load(number, live.url, key, rate / clients, books) for number in range(clients)]
    for client in load:
        client.start()
    for _ in range(kills):
        time.sleep(random_.choice([random_.uniform(0.0, 0.2), random_.uniform(0.2, 2.0)]))
        live.kill()
        began = time.monotonic()
        live.start()
        books.starts.append(time.monotonic() - began)
    time.sleep(1)
    for client in load:
        client.stopping.set()
    for client in load:
        client.join(60)
        assert not client.is_alive(), "a client still waits for its acknowledgement"
    live.send(key, {"type": "identify", "userId": "the-last", "messageId": "the-last"})
    _wait_for_rest(live)
    if live.process is not None:
        live.process.send_signal(signal.SIGTERM)
        live.process.wait(120)
    return books


def _wait_for_rest(live: LiveServer, seconds: float = 300.0) -> None:
    """Until the last event was applied, nobody stands at a step and no message waits."""
    deadline = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {live.admin_key}"}
    while ASKING.get(f"{live.url}/api/v1/profiles/the-last", headers=headers).status_code == 404:
        assert time.monotonic() < deadline, "the engine did not come to the end of the log"
        time.sleep(0.2)
    quiet = 0
    while quiet < 3:
        report = live.get("journeys/cart/report")
        waiting = [m for m in live.get("messages?limit=200")["items"] if m["status"] in {"queued", "ready", "claimed"}]
        quiet = quiet + 1 if not report["inside"] and not waiting else 0
        assert time.monotonic() < deadline, f"still {report['inside']} inside, {len(waiting)} messages waiting"
        time.sleep(0.5)


def check_books(live: LiveServer, books: Books, lab: ProviderLab, *, kills: int) -> dict[str, Any]:
    """Compare the acknowledged events, the log, the store, the warehouse and the provider's ledger.

    Returns:
        The figures.
    """
    store_url = live.environment.get("RELANCE_STORE_URL", f"sqlite:///{live.data}/store.db")
    log_url = store_url if store_url.startswith("postgres") else f"sqlite:///{live.data}/log.db"
    logged: Counter[str] = Counter()
    names: Counter[str] = Counter()
    with closing(open_log(log_url)) as log:
        position = 0
        while (batch := log.read_after(position, 20_000)).chunks:
            for chunk in batch.chunks:
                for event in parse_chunk(chunk):
                    if chunk.source == "load":
                        assert isinstance(event, Event), event
                        logged[event.message_id] += 1
                        names[event.name or event.type] += 1
            position = batch.last_position
    lost = [m for m in books.acknowledged if not logged[m]]
    doubled = [m for m, n in logged.items() if n > 1]
    assert not lost, f"{len(lost)} acknowledged events are lost, such as {lost[:5]}"
    assert not doubled, f"{len(doubled)} events stand twice in the log, such as {doubled[:5]}"

    with closing(open_database(store_url)) as database, database.reading() as connection:
        people = connection.value("SELECT count(*) FROM profiles WHERE merged_into IS NULL")
        carts = connection.rows("SELECT key, count(*), min(status) FROM enrollments WHERE source = 'journey:cart' GROUP BY key")
        welcomes = connection.value("SELECT count(*) FROM enrollments WHERE source = 'campaign:welcome' AND status <> 4")
        messages = connection.rows("SELECT message_id, status, reason FROM messages")
        untold = connection.value("SELECT count(*) FROM message_outcomes")
        own = connection.value("SELECT count(*) FROM own_events")
        prefix = connection.value("SELECT value FROM installation WHERE name = 'message_prefix'")
    assert people == names["identify"], f"{people} people, {names['identify']} signed up"
    assert (len(carts), {n for _, n, _ in carts}) == (names["Cart Abandoned"], {1}), "a cart has no passage, or two"
    states = Counter(status for _, _, status in carts)
    assert set(states) <= {1, 2}, f"a passage neither finished nor left: {states}"
    assert states[2] <= names["Order Completed"]
    assert welcomes == names["Signed Up"]
    assert own == 0, f"{own} events of our own are still on their way to the log"

    copies = lab.copies()
    by_status = Counter((status, reason) for _, status, reason in messages)
    assert untold == 0, f"{untold} outcomes are unknown to their journeys"
    assert set(by_status) <= {("sent", None), ("failed", "unknown_outcome"), ("blocked", "exited")}, by_status
    for message_id, status, _ in messages:
        n = copies[f"{prefix}{message_id}"]
        assert n <= 1, f"message {message_id} left {n} times"
        assert n == 1 or status != "sent", f"message {message_id} was never taken, and stands as sent"
    unknown = by_status["failed", "unknown_outcome"]
    assert unknown <= kills * IN_FLIGHT
    _check_warehouse(live, names)
    return {
        "kills": kills, "acknowledged": len(books.acknowledged), "lost": len(lost), "doubled": len(doubled), "people": people,
        "passages": len(carts), "messages": len(messages), "left_twice": 0, "unknown_outcome": unknown, "requests": books.n_requests,
        "sent_again": books.n_retries, "slowest_start_seconds": round(max(books.starts, default=0.0), 2),
    }  # fmt: skip


def _check_warehouse(live: LiveServer, names: Counter[str]) -> None:
    import duckdb

    with duckdb.connect(str(live.data / "warehouse.duckdb"), read_only=True) as warehouse:
        found = dict(warehouse.execute("SELECT name, count(*) FROM events GROUP BY name").fetchall())
    for name in ("Signed Up", "Cart Abandoned", "Order Completed"):
        assert found.get(name, 0) == names[name], f"the warehouse has {found.get(name, 0)} {name}, the log {names[name]}"
