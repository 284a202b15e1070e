"""The short way reads what the patient one reads: the same events, the same faults."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.events import Event, LoggedChunk, RejectedItem, parse_chunk
from relance.events.limits import Origin
from relance.events.ordinary import decode_ordinary, read_ordinary

STRANGE = (
    '{"type": "track", "event": "A", "userId": "last", "nobody knows this key": 1}'  # turns a whole request over to patience
)
TIMES = ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456789+05:30", "1850-01-01T00:00:00Z", "2026-03-01", "2026-03-01t12:00:00z", "", None, 5]  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(st.sampled_from(["traits", "category", "name", "a", "é"]), JSON, max_size=3)
ID = st.none() | st.sampled_from(["", "u1", "u\x012", "x" * 513, "1"]) | st.integers() | st.booleans()
ITEM = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["track", "identify", "page", "screen", "group", "alias", "", "other", None]),
        "userId": ID,
        "anonymousId": ID,
        "messageId": ID,
        "previousId": ID,
        "event": st.sampled_from(["Order Completed", "", "x" * 256, None, 5]),
        "timestamp": st.sampled_from(TIMES),
        "originalTimestamp": st.sampled_from(TIMES),
        "sentAt": st.sampled_from(TIMES),
        "receivedAt": st.sampled_from(TIMES),
        "properties": OBJECT | JSON,
        "traits": OBJECT | JSON,
        "context": OBJECT | JSON,
        "name": JSON,
        "category": JSON,
        "integrations": JSON,
    },
)
PLAIN = {
    "type": "track", "userId": "u1", "anonymousId": None, "messageId": "m", "event": "Order Completed", "integrations": {},
    "timestamp": "2026-03-01T12:00:00.000+00:00", "context": {"library": {"name": "analytics-python"}},
    "properties": {"total": 30.5, "products": [{"price": 1, "of": {"a": [{"b": None}]}}]},
}  # fmt: skip


def read(texts: list[str], *, call: str = "batch", outer: str = "", **more: Any) -> list[Event | RejectedItem]:
    body = '{"batch": [' + ", ".join(texts) + "]" + outer + "}" if call == "batch" else texts[0]
    return list(parse_chunk(chunk_of(body, len(texts), call, **more)))


def chunk_of(body: str, n: int, call: str, **more: Any) -> LoggedChunk:
    fields: dict[str, Any] = {
        "source": "shop",
        "received_at": 1_772_400_000_000_000,
        "kind": "live",
        "first_position": 10,
        **more,
    }
    return LoggedChunk(n=n, call=call, body=body.encode(), **fields)


def without_raw(items: list[Event | RejectedItem]) -> list[Any]:
    return [i if isinstance(i, Event) else (i.position, i.code, i.pointer, i.message) for i in items]


@given(
    items=st.lists(ITEM, min_size=2, max_size=4),
    context=OBJECT,
    sent_at=st.sampled_from(TIMES),
    skew=st.booleans(),
    told=st.sampled_from([None, 1_772_000_000_000_000]),
    kind=st.sampled_from(["live", "history", "simulated"]),
)
def test_reads_what_patience_reads(
    *, items: list[dict[str, Any]], context: dict[str, Any], sent_at: object, skew: bool, told: int | None, kind: str
) -> None:
    texts = [json.dumps(item) for item in items]
    outer = f', "context": {json.dumps(context)}, "sentAt": {json.dumps(sent_at)}'
    more: dict[str, Any] = {"correct_skew": skew, "sent_at": told, "duplicates": frozenset({1}), "kind": kind}

    assert without_raw(read([*texts, STRANGE], outer=outer, **more)[:-1]) == without_raw(read(texts, outer=outer, **more))


@given(ITEM, st.sampled_from(["track", "identify", "page"]))
def test_reads_a_single_call_as_patience_does(item: dict[str, Any], call: str) -> None:
    strange = {**item, "nobody knows this key": 1}

    assert without_raw(read([json.dumps(strange)], call=call)) == without_raw(read([json.dumps(item)], call=call))


@pytest.mark.parametrize(
    "text",
    ["-0", "-0.0", "0.1", "1e5", "1E400", "1.0", "100000000000000000", "1234567890123456789", "18446744073709551615", "1" * 20,
     '"\\ud83d\\ude00"', '"\\ud83d"', '"a\\u0000b"', "[[[[[[[[1]]]]]]]]", '{"a": 1, "a": 2}', "[1, 1.0, true]"],
)  # fmt: skip
def test_reads_a_value_as_patience_does(text: str) -> None:
    item = '{"type": "track", "event": "A", "userId": "u", "properties": {"a": ' + text + "}}"

    assert repr(without_raw(read([item, STRANGE])[:-1])) == repr(without_raw(read([item])))


def test_takes_the_short_way_for_what_clients_send() -> None:
    chunk = chunk_of(json.dumps({"batch": [PLAIN], "sentAt": "2026-03-01T12:00:01Z", "writeKey": "k"}), 1, "batch")

    assert decode_ordinary(chunk) is not None


def test_takes_the_short_way_for_files_too() -> None:
    chunk = chunk_of(json.dumps({"batch": [PLAIN]}), 1, "batch", kind="history")
    ordinary = decode_ordinary(chunk)
    assert ordinary is not None
    origin = Origin(source="shop", received_at=0, trusted=False, history=True, from_file=True)

    assert [read_ordinary(ordinary.batch[0], 10, origin)] == list(parse_chunk(chunk))


def test_tells_a_fault_among_ordinary_items_with_the_item_itself() -> None:
    faulty = json.dumps({**PLAIN, "event": ""})

    found = read([json.dumps(PLAIN), faulty, json.dumps(PLAIN)])

    assert [Event, RejectedItem, Event] == [type(item) for item in found]
    assert isinstance(found[1], RejectedItem)
    assert faulty.encode() == found[1].raw
