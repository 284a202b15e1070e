"""Items go, and what others sent stays as it came."""

from __future__ import annotations

import json

import pytest

from relance.events.blank import blank_all, blank_items

BATCH = b'{"sentAt":"2026-03-01T00:00:00Z", "batch":[{"userId":"a","n":1.50}, {"userId":"b","anonymousId":"x", "n": 1.50 }],"writeKey":"k"}'
BROKEN = rb'{"batch":[{"userId":"a"},{"userId":"b","anonymousId":"x","n":NaN,"half":"\ud800"}],"context":{"ip":"1"}}'


def test_the_others_stay_byte_by_byte() -> None:
    left = blank_items(BATCH, "batch", {0}, {})

    assert b'"batch":[{},{"userId":"b","anonymousId":"x", "n": 1.50 }]' in left
    assert (b'"sentAt":"2026-03-01T00:00:00Z"' in left, b'"writeKey":"k"' in left) == (True, True)


def test_an_id_alone_is_taken_out() -> None:
    left = blank_items(BATCH, "batch", set(), {1: ["anonymousId"]})

    assert [{"userId": "a", "n": 1.5}, {"userId": "b", "n": 1.5}] == json.loads(left)["batch"]
    assert b"1.50" in left


def test_what_hurts_a_parser_stays_as_it_is() -> None:
    left = blank_items(BROKEN, "batch", {0}, {1: ["anonymousId"]})

    assert rb'[{},{"userId": "b", "n": NaN, "half": "\ud800"}]' in left
    assert b'"context":{"ip": "1"}' in left


@pytest.mark.parametrize(("body", "call"), [(b'{"userId":"a"}', "track"), (b"nothing", "batch"), (b'{"userId":"a"}', "batch")])
def test_a_single_call_is_nothing_then(body: bytes, call: str) -> None:
    assert b"{}" == blank_items(body, call, {0}, {})


def test_of_a_request_of_one_person_nothing_stays() -> None:
    assert b'{"batch":[{},{},{}]}' == blank_all("batch", 3)
