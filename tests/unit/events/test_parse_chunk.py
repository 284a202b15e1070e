"""What a logged request says, item by item, however damaged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.events import Event, LoggedChunk, NotJSON, RejectedItem, outline_request, parse_chunk


def chunk(body: bytes, call: str = "batch", **more: Any) -> LoggedChunk:
    outline = outline_request(body, call)
    fields: dict[str, Any] = {
        "first_position": 10,
        "n": len(outline.message_ids),
        "source": "shop",
        "received_at": 10**15,
        "kind": "live",
    }
    return LoggedChunk(**{**fields, "call": call, "body": body, **more})


def results(body: bytes, call: str = "batch", **more: Any) -> list[str]:
    """The user id of each event, the code of each rejected item."""
    found = list(parse_chunk(chunk(body, call, **more)))
    return [item.user_id or "" if isinstance(item, Event) else f"!{item.code}" for item in found]


def good(user: str) -> str:
    return json.dumps({"type": "track", "event": "A", "userId": user, "messageId": f"m-{user}"})


def batch(*items: str) -> bytes:
    return ('{"batch": [' + ", ".join(items) + '], "sentAt": null, "writeKey": "k"}').encode()


@pytest.mark.parametrize(
    ("poison", "code"),
    [
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": NaN}}', "not_finite"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": -Infinity}}', "not_finite"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": 1e999}}', "not_finite"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": ' + "9" * 6000 + "}}", "not_finite"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": ' + "9" * 30 + "}}", "number_too_large"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": "\\ud800"}}', "invalid_text"),
        ('{"type": "track", "event": "A", "userId": "\\ud800"}', "invalid_text"),
        ('{"type": "track", "event": "A", "userId": "a\\u0000b"}', "invalid_id"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": ' + "[" * 150 + "]" * 150 + "}", "too_deep"),
        ('{"type": "track", "event": "A", "userId": "p", "properties": {"a": ' + "[" * 1000 + "]" * 1000 + "}}", "too_deep"),
        (
            '{"type": "track", "event": "A", "userId": "p", "properties": ' + '{"a": ' * 50_000 + "1" + "}" * 50_000 + "}",
            "too_deep",
        ),
        ("[" * 100_000 + "]" * 100_000, "too_deep"),
        ("5", "not_an_object"),
        ("null", "not_an_object"),
        ("[[]]", "not_an_object"),
    ],
)
def test_a_poisoned_item_leaves_its_neighbours_alone(poison: str, code: str) -> None:
    body = batch(good("a"), poison, good("b"))

    assert ["a", f"!{code}", "b"] == results(body)
    assert outline_request(body, "batch").message_ids[::2] == ["m-a", "m-b"]
    assert outline_request(body, "batch").write_key == "k"


def test_bytes_that_are_no_utf8_are_the_fault_of_their_item() -> None:
    body = batch(good("a"), good("b")).replace(b'"b"', b'"\xff"')

    assert results(body) == ["a", "!invalid_text"]


def test_harmless_oddities_are_accepted() -> None:
    nul = '{"type": "track", "event": "A", "userId": "n", "properties": {"a": "\\u0000", "big": 1e308, "id": 18446744073709551615}}'
    twice = '{"type": "track", "type": "identify", "userId": "x", "userId": "t"}'
    wide = json.dumps({"type": "identify", "userId": "w", "traits": {f"k{i}": i for i in range(50_000)}})

    assert results(batch(nul, twice, wide)) == ["n", "t", "w"]


def test_a_byte_order_mark_is_skipped() -> None:
    assert results(b"\xef\xbb\xbf" + batch(good("a"))) == ["a"]


@pytest.mark.parametrize(
    "body", [b"", b"no", b"{", b'{"batch": [}', b'{"batch": []} x', b"[" * 5000, b"]" * 5000, b"\xff\xfe", b'{"a": "\x00"}']
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotJSON):
        outline_request(body, "batch")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", ["!missing_type"]),
        (b"[]", ["!not_an_object"]),
        (b'"x"', ["!not_an_object"]),
        (b'{"batch": {}}', ["!missing_type"]),
        (b'{"batch": null}', ["!missing_type"]),
        (b'{"batch": []}', []),
        (b'{"type": "track", "event": "A", "userId": "a"}', ["a"]),
    ],
)
def test_a_batch_of_another_shape_is_one_item(body: bytes, expected: list[str]) -> None:
    assert expected == results(body)


def test_a_single_call_takes_its_type_from_the_route() -> None:
    body = b'{"event": "A", "userId": "a", "messageId": "m", "writeKey": "k"}'

    assert results(body, "track") == ["a"]
    assert results(body, "batch") == ["!missing_type"]
    assert results(b"5", "track") == ["!not_an_object"]


def test_duplicates_are_skipped_and_positions_kept() -> None:
    found = list(parse_chunk(chunk(batch(good("a"), good("b"), good("c")), duplicates=frozenset({1}))))

    assert [item.position for item in found] == [10, 12]


def test_the_batch_tells_context_and_sent_at_for_its_items() -> None:
    body = b'{"batch": [{"type": "track", "event": "A", "userId": "a", "timestamp": "2001-09-09T01:46:30Z"}], "context": {"ip": "1"}, "sentAt": "2001-09-09T01:46:40Z"}'
    (event,) = parse_chunk(chunk(body))

    assert isinstance(event, Event)
    assert event.context == {"ip": "1"}
    assert event.at == 10**15 - 10_000_000


def test_a_body_that_got_damaged_in_the_log_is_reported_for_each_item() -> None:
    damaged = LoggedChunk(first_position=1, n=2, source="s", received_at=5, kind="live", call="batch", body=b"\x00")

    assert [item.code for item in parse_chunk(damaged) if isinstance(item, RejectedItem)] == ["not_json", "not_json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        "type",
        "event",
        "userId",
        "anonymousId",
        "previousId",
        "messageId",
        "timestamp",
        "sentAt",
        "context",
        "traits",
        "properties",
        "name",
    ]
)
VALUES = JSON | st.sampled_from(["track", "identify", "page", "alias", "group", "2026-03-01T12:00:00Z"])


@given(st.lists(st.dictionaries(KEYS, VALUES) | JSON, max_size=5), st.sampled_from(["live", "history", "own"]))
def test_any_json_is_read_to_the_end(items: list[Any], kind: str) -> None:
    body = json.dumps({"batch": items}).encode("utf-8", "surrogatepass")
    found = list(parse_chunk(chunk(body, kind=kind)))

    assert [10 + i for i in range(len(items))] == [item.position for item in found]


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    try:
        read = chunk(body)
    except NotJSON:
        return
    assert read.n == len(list(parse_chunk(read)))
