"""Keys and filed items, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.errors import InvalidInput, NotFound, StoreUnavailable
from relance.events import RejectedItem
from relance.ingest import (
    count_rejected,
    create_api_key,
    create_write_key,
    ensure_admin_key,
    ensure_source,
    list_rejected,
    make_lookup,
    record_rejected,
)
from relance.ingest.keys import Source, hash_key, list_api_keys, list_sources, revoke_api_key, revoke_write_key
from relance.ingest.scopes import SCOPES

if TYPE_CHECKING:
    from relance.store import Database


def test_a_write_key_opens_its_source(database: Database) -> None:
    with database.writing() as connection:
        ensure_source(connection, "shop", now=1)
        ensure_source(connection, "server", trusted=True, correct_skew=False, now=1)
        browser, server = create_write_key(connection, "shop", now=1), create_write_key(connection, "server", now=1)
    keys, _ = make_lookup(database)

    assert keys.find(browser) == Source("shop", trusted=False, correct_skew=True)
    assert keys.find(server) == Source("server", trusted=True, correct_skew=False)
    assert [keys.find(key) for key in ("", "wk_x", browser[:-1], "x" * 10_000, "\ud800", browser + "\x00")] == [None] * 6


def test_a_source_that_is_there_stays_as_it_is(database: Database) -> None:
    with database.writing() as connection:
        ensure_source(connection, "shop", trusted=True, now=1)
        ensure_source(connection, "shop", now=2)

        (source,) = list_sources(connection)
    assert (source["id"], source["trusted"], source["write_keys"]) == ("shop", True, 0)


@pytest.mark.parametrize("name", ["", "Shop", "a b", "relance", "x" * 65])
def test_a_bad_id_of_a_source_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput), database.writing() as connection:
        ensure_source(connection, name, now=1)
    with pytest.raises(NotFound), database.writing() as connection:
        create_write_key(connection, name, now=1)


def test_keys_are_hashed_at_rest(database: Database) -> None:
    with database.writing() as connection:
        ensure_source(connection, "shop", now=1)
        secrets = [create_write_key(connection, "shop", now=1), create_api_key(connection, "a", ["admin"], now=1)]
        kept = str(connection.rows("SELECT * FROM write_keys")) + str(connection.rows("SELECT * FROM api_keys"))

    assert all(len(secret) >= 32 and secret not in kept for secret in secrets)
    assert all(hash_key(secret) in kept for secret in secrets)


def test_the_first_admin_key_is_made_once(database: Database) -> None:
    with database.writing() as connection:
        first = ensure_admin_key(connection, now=1)
        assert ensure_admin_key(connection, now=2) is None
        revoke_api_key(connection, 1, now=3)
        assert ensure_admin_key(connection, now=4) is None

    assert first is not None


def test_an_api_key_may_what_its_scopes_say(database: Database) -> None:
    with database.writing() as connection:
        reader, admin = create_api_key(connection, "r", ["read"], now=1), create_api_key(connection, "a", ["admin"], now=1)
        with pytest.raises(InvalidInput, match="no such scopes"):
            create_api_key(connection, "x", ["read", "fly"], now=1)
        with pytest.raises(InvalidInput):
            create_api_key(connection, "x", [], now=1)
        assert [key["scopes"] for key in list_api_keys(connection)] == [["read"], ["admin"]]
    _, keys = make_lookup(database)
    reading, everything = keys.find(reader), keys.find(admin)

    assert reading is not None
    assert everything is not None
    assert [scope for scope in SCOPES if reading.may(scope)] == ["read"]
    assert all(everything.may(scope) for scope in SCOPES)


def test_a_revoked_key_opens_nothing_once_it_is_forgotten(database: Database) -> None:
    with database.writing() as connection:
        ensure_source(connection, "shop", now=1)
        key = create_write_key(connection, "shop", now=1)
    keys, _ = make_lookup(database)
    assert keys.find(key) is not None
    with database.writing() as connection:
        assert revoke_write_key(connection, 1, now=2)
        assert not revoke_write_key(connection, 1, now=3)
    assert keys.find(key) is not None  # remembered for some seconds
    keys.forget()

    assert keys.find(key) is None


def test_a_store_that_is_down_does_not_make_a_key_wrong(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise StoreUnavailable

    monkeypatch.setattr(database, "reading", down)
    keys, _ = make_lookup(database)

    with pytest.raises(StoreUnavailable):
        keys.find("wk_something")


def _rejected(position: int, code: str = "unknown_type", raw: bytes = b"{}") -> RejectedItem:
    return RejectedItem(
        position=position, source="shop", received_at=position, code=code, pointer="/type", message="No type.", raw=raw
    )


def test_rejected_items_are_filed_once_and_listed(database: Database) -> None:
    with database.writing() as connection:
        record_rejected(connection, [_rejected(1), _rejected(2, "not_json", b"\xff\x00")])
        record_rejected(connection, [_rejected(2), _rejected(3)])
        record_rejected(connection, [])
        listed = list_rejected(connection, limit=2)
        more = list_rejected(connection, before=2)
        chosen = list_rejected(connection, code="not_json", source="shop")
        counts = count_rejected(connection)

    assert [item["position"] for item in listed] == ["3", "2"]
    assert [item["position"] for item in more] == ["1"]
    assert [item["raw"] for item in chosen] == ["\ufffd\ufffd"]
    assert [(count["code"], count["count"]) for count in counts] == [("unknown_type", 2), ("not_json", 1)]


def test_only_the_latest_rejected_items_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relance.ingest.rejected.KEPT_ITEMS", 3)
    with database.writing() as connection:
        record_rejected(connection, [_rejected(position) for position in range(1, 6)])
        record_rejected(connection, [_rejected(9)])

        assert [item["position"] for item in list_rejected(connection)] == ["9", "5", "4"]
