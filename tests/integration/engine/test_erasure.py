"""Somebody is erased: nothing that names them is left anywhere, figures stay, and a rebuild changes nothing."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.public_links import LinkDesk, link_routes
from relance.app import Installation
from relance.erasure.asking import ask, list_erasures
from relance.erasure.performing import Eraser
from relance.errors import NotFound
from relance.events.model import Event
from relance.events.parse import parse_chunk
from relance.journeys.explain.desk import ExplainDesk
from relance.journeys.figures import list_reports
from relance.profiles.read import search_profiles
from relance.runtime.rebuild import read_masks, rebuild
from relance.settings import Settings
from relance.warehouse import open_warehouse
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR = 3_600_000_000
ANA, PHONE, EMAIL, OLD_EMAIL = "ana-kxqz", "+33612347890", "ana-kxqz@example.com", "old-kxqz@example.com"
NAMED = re.compile(r"kxqz|33612347890|Zanzibar|Hello Ana", re.IGNORECASE)
SHOP = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello {{ profile.first_name }}", body: "{{ profile.island }}"}
---
{kind: template, id: text, channel: sms, status: ready, body: "Hello {{ profile.first_name }}"}
---
{kind: segment, id: islanders, where: {type: trait, path: island, op: is_set}}
---
{kind: segment, id: mailed, where: {type: message, source: "journey:cart", step: mail, status: [sent]}}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
key: properties.cart
exit_on: [{event: Order Completed}]
goal: {event: Order Completed, target_percent: 10, within: 3d}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: ads}
  ads: {type: audience, audience: leavers, action: add, next: rest}
  rest: {type: wait, for: 1d, next: text}
  text: {type: message, channel: sms, template: text, next: end}
---
kind: journey
id: again
entry: {type: event, event: Order Completed}
start: rest
steps:
  rest: {type: wait, for: 1h, next: text}
  text: {type: message, channel: sms, template: text, next: end}
"""


@dataclass
class AnyShop(Shop):
    """A shop with any warehouse."""

    warehouse_url: str = ""

    def open(self) -> None:
        settings = Settings(data=self.folder, store_url=self.store_url, warehouse_url=self.warehouse_url)
        self.installation = Installation(settings, clock=self.clock, channels=self.channels)

    def erase(self, user: str, *, suppress: bool = False) -> None:
        with self.installation.database.writing() as connection:
            ask(connection, user, now=self.clock.at, actor="test", suppress=suppress)

    def settle(self) -> None:
        """Until the last bytes are gone."""
        for _ in range(10):
            self.work()
            self.installation.segment_loop.work()
            self.installation.eraser._next_try = 0.0  # no test waits
        self.work()

    def dump(self) -> dict[str, list[str]]:
        """Every row of store, log and warehouse, as text, by table."""
        found: dict[str, list[str]] = {}
        with self.installation.database.reading() as connection:
            lite = connection.dialect == "sqlite"
            names = connection.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table'" if lite
                else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )  # fmt: skip
            for (name,) in names:
                found[name] = [str(row) for row in connection.rows(f"SELECT * FROM {name}")]
        found["log"] = [f"{c.first_position} {c.body!r}" for c in self.installation.log.read_after(0, 1_000_000).chunks]
        warehouse = self.installation.warehouse
        for table in TABLES[warehouse.dialect]:
            rows = warehouse.read_table(f"SELECT * FROM {table}").to_pylist()
            found[f"warehouse.{table}"] = [str(row) for row in rows]
        return found

    def named(self) -> dict[str, list[str]]:
        """Where somebody named Ana is told of."""
        return {table: hits for table, rows in self.dump().items() if (hits := [row for row in rows if NAMED.search(row)])}

    def reports(self) -> dict[str, dict[str, Any]]:
        with self.installation.database.reading() as connection:
            return {report["id"]: report for report in list_reports(connection)}


_FACTS = ("message_history", "journey_history", "list_history", "score_history")
_OF_DUCKDB = ("events", "profile_history", "consent_history", *_FACTS)
_OF_CLICKHOUSE = ("events", "profile_rows", "consent_rows", *_FACTS)
TABLES = {
    "duckdb": (*_OF_DUCKDB, "suppression_history", "segment_history", *(f"united_{t}" for t in _OF_DUCKDB)),
    "clickhouse": (*_OF_CLICKHOUSE, "suppression_rows", "segment_history", *(f"united_{t}" for t in _OF_CLICKHOUSE)),
}


@pytest.fixture(params=["sqlite-duckdb", "postgresql-clickhouse"])  # each engine once
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyShop]:
    """An installation in which much is known of Ana."""
    store, _, warehouse = request.param.partition("-")
    opened = AnyShop(
        tmp_path,
        request.getfixturevalue("postgres_url") if store == "postgresql" else "",
        warehouse_url=f"{request.getfixturevalue('chdb_url')}?database=erasure" if warehouse == "clickhouse" else "",
    )
    if warehouse == "clickhouse":
        opened.installation.warehouse.start_over()
    live(opened)
    yield opened
    opened.close()


def live(shop: AnyShop) -> None:
    shop.apply(SHOP)
    shop.send(
        {"type": "track", "anonymousId": "visit-kxqz", "event": "Product Viewed", "properties": {"for": "Ana kxqz"}},
        {"type": "page", "anonymousId": "visit-bob", "name": "Home"},
        {"type": "nonsense", "userId": ANA},
    )
    shop.send(identify("zoe", first_name="Zoé"))
    shop.work()
    shop.send(
        {**identify(ANA, first_name="Ana", island="Zanzibar", phone=PHONE), "anonymousId": "visit-kxqz"},
        identify("bob", first_name="Bob", island="Malta", phone="+33600000001"),
        subscribe("bob"),
        subscribe("bob", "sms"),
        track("bob", "Cart Abandoned", cart="b-1", total=10),
        subscribe(ANA),
        subscribe(ANA, "sms"),
    )
    shop.send({**identify(ANA, email=OLD_EMAIL), "context": {"device": {"token": "token-kxqz", "type": "ios"}}})
    shop.send(identify(ANA, email=EMAIL))
    shop.work()
    shop.send(track(ANA, "Cart Abandoned", cart="cart-kxqz", total=80), track("bob", "Product Viewed"))
    shop.work()
    shop.send({"type": "track", "userId": "bob", "anonymousId": "visit-kxqz", "event": "Shared Screen"}, trusted=False)
    shop.send(track(ANA, "Order Completed", order="kxqz", total=80))
    shop.work()
    shop.send(track(ANA, "Cart Abandoned", cart="other-kxqz", total=20))
    shop.work()
    shop.send(
        {"type": "track", "userId": ANA, "event": "Email Bounced", "properties": {"email": EMAIL, "bounce_type": "hard"}},
        track(ANA, "Subscription Changed", channel="sms", state="unsubscribed"),
    )
    shop.work()
    shop.installation.segment_loop.work()


def counted(report: dict[str, Any]) -> tuple[int, int]:
    """How many entered, and where they are now, added up."""
    exited = sum(report["exited"].values())
    return report["entered"], report["inside"] + report["finished"] + exited + report["failed"]


def test_nothing_that_names_them_is_left(shop: AnyShop) -> None:
    before, messages = shop.reports(), shop.rows("SELECT status, COUNT(*) FROM messages GROUP BY status ORDER BY status")
    assert {"profiles", "aliases", "enrollments", "messages", "log", "rejected_events"} <= shop.named().keys()

    shop.erase(ANA)
    shop.settle()

    assert {} == shop.named()
    after = shop.reports()
    assert 3 == before["cart"]["entered"]
    assert [before[j]["entered"] for j in ("cart", "again")] == [after[j]["entered"] for j in ("cart", "again")]
    assert all(entered == somewhere for entered, somewhere in map(counted, after.values()))
    assert (1, 1) == (after["cart"]["exited"]["erased"], after["again"]["exited"]["erased"])
    assert before["cart"]["goal_reached"] == after["cart"]["goal_reached"]
    assert messages == shop.rows("SELECT status, COUNT(*) FROM messages GROUP BY status ORDER BY status")
    with shop.installation.database.reading() as connection:
        assert ([], ["done"]) == (
            search_profiles(connection, "ana", 10)[0],
            [erasure["state"] for erasure in list_erasures(connection, limit=10, user_id=ANA)],
        )
    desk = ExplainDesk(shop.installation.database, shop.installation.warehouse, shop.installation.workspace, shop.clock)
    with pytest.raises(NotFound):
        desk.dossier(ANA)
    assert "Bob" == desk.dossier("bob")["profile"]["traits"]["first_name"]
    assert {"islanders": 1, "mailed": 1} == shop.installation.keeper.counted.members


def test_others_keep_what_they_sent_byte_by_byte(shop: AnyShop) -> None:
    def told(user: str) -> list[tuple[int, str | None, dict[str, Any]]]:
        chunks = shop.installation.log.read_after(0, 1_000_000).chunks
        events = [event for chunk in chunks for event in parse_chunk(chunk) if isinstance(event, Event)]
        return [(e.position, e.name, e.properties) for e in events if e.user_id == user]

    before, anas = told("bob"), len(told(ANA))
    assert anas > 5
    last = shop.installation.log.last_position()

    shop.erase(ANA)
    shop.settle()

    assert before == told("bob")
    assert [] == told(ANA)
    assert last == shop.installation.log.last_position()


def test_a_rebuild_afterwards_says_the_same(shop: AnyShop) -> None:
    shop.erase(ANA)
    shop.settle()
    shop.send(identify("cleo", email=EMAIL), identify(ANA, phone=PHONE))  # both come with addresses that were left
    shop.settle()

    assert known(shop) == known_after_rebuild(shop)


def known(shop: AnyShop) -> dict[int, Any]:
    return as_told(shop.installation.warehouse)


def known_after_rebuild(shop: AnyShop) -> dict[int, Any]:
    with shop.installation.database.reading() as connection:
        tick, position = connection.row("SELECT tick, position FROM engine_state WHERE id = 1") or (0, 0)
    with closing(open_warehouse("duckdb://")) as fresh:
        masks = read_masks(shop.installation.database)
        rebuild(shop.installation.log, fresh, tick=tick, position=position, masks=masks)
        return as_told(fresh)


def as_told(warehouse: Any) -> dict[int, Any]:
    people = warehouse.people(range(1, 30))
    return {
        p.profile_id: (
            {s.seq: (s.user_id, s.email, s.traits) for s in p.states},  # of one place the last counts
            [(e.seq, e.name, json.loads(e.properties)) for e in p.events],
            [(c.seq, c.channel, c.state) for c in p.consents],
            sorted((channel, address, len(rows)) for (channel, address), rows in p.suppressions.items()),
        )
        for p in people
    }


def test_what_was_left_with_an_address_is_left_when_it_comes_back(shop: AnyShop) -> None:
    shop.erase(ANA)
    shop.settle()
    assert [] == shop.rows("SELECT address FROM suppressions")

    shop.send(identify("cleo", email=EMAIL.upper(), phone=PHONE))
    shop.work()

    assert [("email", EMAIL, "hard_bounce", 1)] == shop.rows("SELECT channel, address, reason, suppressed FROM suppressions")
    cleo = "SELECT c.channel, c.state FROM consent c JOIN profiles p ON p.profile_id = c.profile_id WHERE p.user_id = 'cleo'"
    assert [("sms", "unsubscribed")] == shop.rows(cleo)
    shop.send(subscribe("cleo", "sms"), identify("cleo", email=EMAIL, phone=PHONE, city="Rome"))
    shop.work()
    assert [("sms", "subscribed")] == shop.rows(cleo)  # it was said anew


def test_the_same_id_is_somebody_new(shop: AnyShop) -> None:
    shop.erase(ANA)
    shop.settle()
    shop.send(track(ANA, "Product Viewed"))
    shop.work()

    [(traits, email)] = shop.rows(f"SELECT traits, email FROM profiles WHERE user_id = '{ANA}'")
    assert ("{}", None) == (traits, email)
    assert known(shop) == known_after_rebuild(shop)


def test_suppressed_ids_are_refused_and_counted(shop: AnyShop) -> None:
    shop.erase(ANA, suppress=True)
    shop.send(track(ANA, "Product Viewed", note="kxqz"), track("bob", "Product Viewed"))  # before it was done
    shop.settle()
    shop.send(identify(ANA, island="Zanzibar"), track("bob", "Product Viewed"))
    shop.send({**identify("bob"), "anonymousId": "visit-kxqz"})
    shop.settle()

    assert {} == shop.named()
    with shop.installation.database.reading() as connection:
        [erasure] = list_erasures(connection, limit=5)
    assert 2 == erasure["refused"]
    assert known(shop) == known_after_rebuild(shop)


def test_ad_audiences_are_told_that_somebody_goes(shop: AnyShop) -> None:
    from relance.audiences.members import read_changes, read_members

    shop.erase(ANA)
    shop.settle()

    with shop.installation.database.reading() as connection:
        changes = read_changes(connection, "leavers", limit=10)
        members = [m["user_id"] for m in read_members(connection, "leavers", limit=10)]
    [gone] = [c for c in changes if c["user_id"] is None]
    assert (["bob"], "remove") == (members, gone["action"])
    assert "ana" not in gone["erased_id"]


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("place", ["log", "store", "warehouse", "finish"])
def test_killed_at_any_place_the_next_start_ends_it(shop: AnyShop, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def die(*_: Any, **__: Any) -> Any:
        raise Killed

    def commit_and_die(self: Any, *_: Any) -> None:
        commit()
        raise Killed

    warehouse = shop.installation.warehouse
    commit = warehouse.commit
    shop.erase(ANA)
    with monkeypatch.context() as patch:
        if place == "log":
            rewrite = shop.installation.log.rewrite
            times = iter((rewrite, rewrite, die))  # the numbers, some calls, and no more

            def rewrite_some(*args: Any) -> None:
                next(times)(*args)

            patch.setattr(shop.installation.log, "rewrite", rewrite_some)
            patch.setattr("relance.erasure.calls.ITEMS_A_READING", 1)
        elif place == "store":
            patch.setattr(Eraser, "_empty_store", die)
        elif place == "warehouse":
            perform = Eraser.perform

            def perform_and_die(self: Eraser, *args: Any) -> None:
                patch.setattr(warehouse, "commit", lambda *_: commit_and_die(warehouse))
                perform(self, *args)

            patch.setattr(Eraser, "perform", perform_and_die)
        else:
            patch.setattr(Eraser, "finish", die)
        with pytest.raises(Killed):
            shop.settle()
    shop.close()
    shop.open()
    shop.settle()

    assert {} == shop.named()
    assert known(shop) == known_after_rebuild(shop)
    assert all(entered == somewhere for entered, somewhere in map(counted, shop.reports().values()))


def test_a_long_log_is_read_while_the_engine_goes_on(shop: AnyShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relance.erasure.calls.ITEMS_A_READING", 1)  # a request at a time
    monkeypatch.setattr(shop.installation.eraser, "_seconds", count().__next__)  # each takes longer than the engine waits
    shop.erase(ANA)
    shop.installation.engine_loop.work()
    assert "profiles" in shop.named()
    shop.send(track("bob", "Order Completed", order="b-9"), track(ANA, "Product Viewed", of="kxqz"))
    rounds = 0
    while shop.rows("SELECT 1 FROM erasures WHERE state = 'waiting'"):
        shop.clock.at += 1
        assert shop.installation.engine_loop.work()
        rounds += 1
        if rounds == 2:
            assert shop.rows("SELECT 1 FROM enrollments WHERE source = 'journey:again' AND status = 0 AND profile_id > 0")
    monkeypatch.undo()
    shop.settle()

    assert rounds > 4
    assert {} == shop.named()
    assert known(shop) == known_after_rebuild(shop)


def test_a_message_in_flight_is_waited_for(shop: AnyShop) -> None:
    with shop.installation.database.writing() as connection:
        connection.execute(
            "UPDATE messages SET status = 'claimed', claimed_by = 'somebody', claimed_at = :now WHERE status = 'sent' AND address = :a",
            {"now": shop.clock.at, "a": EMAIL},
        )
    shop.erase(ANA)
    shop.installation.engine_loop.work()
    shop.clock.at += 10
    shop.installation.engine_loop.work()
    assert "messages" in shop.named()

    with shop.installation.database.writing() as connection:
        connection.execute("UPDATE messages SET status = 'sent' WHERE status = 'claimed'")
    shop.settle()

    assert {} == shop.named()


def test_links_of_their_messages_lead_to_nobody(shop: AnyShop) -> None:
    [(message_id, profile_id)] = shop.rows(
        f"SELECT message_id, profile_id FROM messages WHERE address = '{EMAIL}' ORDER BY message_id LIMIT 1"
    )
    last = shop.installation.log.last_position()
    links = shop.installation.links
    desk = LinkDesk(shop.installation.database, links, shop.installation.sink, shop.clock, shop.installation.workspace, "m")
    shop.erase(ANA)
    shop.settle()
    told = shop.installation.log.last_position()

    assert (None, None, {}) == (desk.facts(message_id), desk.person(profile_id), desk.consents(profile_id))
    leave = links.preferences_url(profile_id).rpartition("/p/")[2]
    with TestClient(Litestar(link_routes(desk))) as client:
        assert 404 == client.get(f"/p/{leave}").status_code
        assert 404 == client.post(f"/p/{leave}").status_code
    assert last == told == shop.installation.log.last_position()


def test_nothing_that_waits_is_handed_over(shop: AnyShop) -> None:
    sent = len(shop.to("email")) + len(shop.to("sms"))
    shop.erase(ANA)
    shop.clock.at += 30 * HOUR
    shop.settle()

    assert ["Hello Bob"] == [what for _, what in [*shop.to("email"), *shop.to("sms")][sent:]]
