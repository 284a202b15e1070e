"""What one item says, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from relance.clock import DAY, HOUR, SECOND, parse_instant
from relance.events import Event, RejectedItem, parse_item

NOON = parse_instant("2026-03-01T12:00:00Z") or 0


def read(item: object, **options: Any) -> Event | RejectedItem:
    options = {"position": 7, "source": "shop", "received_at": NOON, "trusted": False, "history": False, **options}
    return parse_item(item, **options)


def accepted(item: object, **options: Any) -> Event:
    event = read(item, **options)
    assert isinstance(event, Event), event
    return event


def rejected(item: object, **options: Any) -> tuple[str, str]:
    found = read(item, **options)
    assert isinstance(found, RejectedItem), found
    assert found.message.endswith(".")
    assert found.position == 7
    return found.code, found.pointer


def track(**more: object) -> dict[str, Any]:
    return {"type": "track", "event": "Order Completed", "userId": "ana", "messageId": "m1", **more}


def test_a_track_call_is_an_event() -> None:
    event = accepted(track(properties={"total": 30.5}, timestamp="2026-03-01T11:00:00.5Z", unknown=[1]), trusted=True)

    expected = Event(
        position=7,
        source="shop",
        type="track",
        name="Order Completed",
        user_id="ana",
        anonymous_id=None,
        previous_id=None,
        at=NOON - HOUR + SECOND // 2,
        received_at=NOON,
        properties={"total": 30.5},
        traits={},
        context={},
        message_id="m1",
        trusted=True,
        history=False,
    )
    assert expected == event


@pytest.mark.parametrize(
    ("item", "code", "pointer"),
    [
        ([], "not_an_object", ""),
        (None, "not_an_object", ""),
        ("track", "not_an_object", ""),
        ({}, "missing_type", "/type"),
        ({"type": "charge", "userId": "a"}, "unknown_type", "/type"),
        ({"type": ["track"], "userId": "a"}, "unknown_type", "/type"),
        ({"type": "track", "event": "A"}, "missing_identity", "/userId"),
        ({"type": "track", "event": "A", "userId": None, "anonymousId": ""}, "missing_identity", "/userId"),
        ({"type": "track", "userId": "a"}, "missing_event", "/event"),
        (track(event=""), "missing_event", "/event"),
        (track(event={"a": 1}), "invalid_event_name", "/event"),
        (track(event="x" * 256), "event_name_too_long", "/event"),
        (track(userId=True), "invalid_id", "/userId"),
        (track(userId={"id": 1}), "invalid_id", "/userId"),
        (track(userId="x" * 513), "id_too_long", "/userId"),
        (track(anonymousId=["a"]), "invalid_id", "/anonymousId"),
        (track(userId="a\x00b"), "invalid_id", "/userId"),
        (track(userId="a\nb"), "invalid_id", "/userId"),
        (track(messageId="x" * 600), "id_too_long", "/messageId"),
        (track(properties=[]), "not_an_object", "/properties"),
        (track(properties="{}"), "not_an_object", "/properties"),
        (track(context=5), "not_an_object", "/context"),
        ({"type": "identify", "userId": "a", "traits": []}, "not_an_object", "/traits"),
        ({"type": "identify", "userId": "a", "context": {"traits": 1}}, "not_an_object", "/context/traits"),
        ({"type": "alias", "previousId": "b"}, "missing_identity", "/userId"),
        ({"type": "alias", "anonymousId": "b"}, "missing_user_id", "/userId"),
        ({"type": "alias", "userId": "b"}, "missing_previous_id", "/previousId"),
        (track(timestamp="yesterday"), "invalid_timestamp", "/timestamp"),
        (track(timestamp=1772366400), "invalid_timestamp", "/timestamp"),
        (track(timestamp="2026-03-01T11:00:00"), "invalid_timestamp", "/timestamp"),
        (track(timestamp="2026-02-30T11:00:00Z"), "invalid_timestamp", "/timestamp"),
        (track(timestamp="2026-W01-1T11:00:00Z"), "invalid_timestamp", "/timestamp"),
        (track(timestamp="0001-01-01T00:00:00Z"), "invalid_timestamp", "/timestamp"),
        (track(originalTimestamp="soon"), "invalid_timestamp", "/originalTimestamp"),
        (track(properties={"a": [{"b": float("nan")}]}), "not_finite", "/properties/a/0/b"),
        (track(properties={"a/b": float("inf")}), "not_finite", "/properties/a~1b"),
        (track(properties={"a": 2**64}), "number_too_large", "/properties/a"),
        (track(properties={"a": "\ud83d"}), "invalid_text", "/properties/a"),
        (track(properties={"\ud83d": 1}), "invalid_text", "/properties"),
        (track(properties={"a": {1, 2}}), "not_json", "/properties/a"),
    ],
)
def test_a_faulty_item_says_what_is_wrong_and_where(item: object, code: str, pointer: str) -> None:
    assert (code, pointer) == rejected(item)


def test_an_item_nested_too_deep_is_rejected() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]

    assert rejected(track(properties={"a": deep}))[0] == "too_deep"


def test_ids_may_be_numbers_and_null() -> None:
    event = accepted(track(userId=42, anonymousId=None, messageId=7))

    assert (event.user_id, event.anonymous_id, event.message_id) == ("42", None, "7")


def test_an_item_without_message_id_is_named_after_its_position() -> None:
    assert accepted(track(messageId=None)).message_id == "relance-7"


def test_nul_characters_are_replaced_in_texts() -> None:
    assert accepted(track(properties={"a\x00": "b\x00c"})).properties == {"a\ufffd": "b\ufffdc"}


def test_traits_are_taken_from_the_context_then_from_traits() -> None:
    event = accepted(
        {"type": "identify", "userId": "a", "context": {"traits": {"x": 1, "y": 1}}, "traits": {"y": 2, "z": None}}
    )

    assert event.traits == {"x": 1, "y": 2, "z": None}
    assert event.name is None


def test_traits_in_the_context_of_a_track_call_change_nothing() -> None:
    assert accepted(track(context={"traits": {"x": 1}})).traits == {}


def test_page_and_screen_calls_are_events_with_their_name() -> None:
    page = accepted(
        {"type": "page", "anonymousId": "a", "name": "Index", "category": "Docs", "properties": {"url": "u", "name": "n"}}
    )
    screen = accepted({"type": "screen", "userId": "a", "properties": {"name": "Main"}})

    assert (page.name, page.properties) == ("Page Viewed", {"url": "u", "name": "Index", "category": "Docs"})
    assert (screen.name, screen.properties) == ("Screen Viewed", {"name": "Main"})


def test_group_and_alias_calls_keep_what_they_say() -> None:
    group = accepted({"type": "group", "userId": "a", "groupId": 5, "traits": {"name": "Initech"}})
    alias = accepted({"type": "alias", "userId": "a", "previousId": "b"})

    assert (group.name, group.properties) == (None, {"name": "Initech", "groupId": "5"})
    assert (alias.name, alias.user_id, alias.previous_id) == (None, "a", "b")


def test_the_batch_context_is_merged_under_the_items_own() -> None:
    assert accepted(track(context={"b": 2}), batch_context={"a": 1, "b": 1}).context == {"a": 1, "b": 2}


def test_the_clients_clock_is_corrected_by_sent_at() -> None:
    behind = {"timestamp": "2026-03-01T09:59:00Z"}  # the client sent it at 10:00 by its own clock, a minute later

    assert accepted(track(**behind), sent_at=NOON - 2 * HOUR).at == NOON - 60 * SECOND
    assert accepted(track(**behind), sent_at=NOON - 2 * HOUR, correct_skew=False).at == NOON - 2 * HOUR - 60 * SECOND
    assert accepted(track(originalTimestamp="2026-03-01T09:59:00Z", sentAt="2026-03-01T10:00:00Z")).at == NOON - 60 * SECOND


def test_a_result_in_the_future_is_when_it_arrived() -> None:
    assert accepted(track(timestamp="2036-03-01T09:59:00Z")).at == NOON


def test_live_clients_that_send_both_times_mean_timestamp() -> None:
    event = accepted(
        track(timestamp="2025-03-01T12:00:00Z", originalTimestamp="2026-03-01T11:59:59Z", sentAt="2026-03-01T12:00:00Z")
    )

    assert event.at == NOON - 365 * DAY


def test_an_item_of_a_file_says_when_it_was_received() -> None:
    stated = {"timestamp": "2026-03-01T10:00:00Z"}
    skewed = {**stated, "sentAt": "2026-03-01T10:30:00Z"}
    received = {"receivedAt": "2026-03-01T11:00:00Z"}

    def times(**item: object) -> tuple[int, int]:
        event = accepted(track(**item), from_file=True, received_at=0)
        return (NOON - event.at) // SECOND, (NOON - event.received_at) // SECOND

    assert times(**stated) == (7200, 7200)
    assert times(**skewed) == (7200, 7200)  # nothing to correct by
    assert times(**stated, **received) == (7200, 3600)
    assert times(**skewed, **received) == (5400, 3600)
    assert times(**received) == (3600, 3600)
    assert times(timestamp="2026-03-01T11:30:00Z", **received) == (3600, 3600)
    assert rejected(track(), from_file=True) == ("missing_timestamp", "/timestamp")
    assert rejected(track(receivedAt="x"), from_file=True) == ("invalid_timestamp", "/receivedAt")


def test_an_item_of_nobody_can_be_asked_for() -> None:
    event = accepted({"type": "track", "event": "A"}, require_identity=False)

    assert (event.user_id, event.anonymous_id) == (None, None)
