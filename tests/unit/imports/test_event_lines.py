"""What is taken from a file of events is what the log's readers take, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from relance.events import Event, LoggedChunk, parse_chunk
from relance.imports.event_lines import EventLines
from relance.imports.readers import Block, Place

ODD: list[Any] = [None, "", "x", "x" * 600, 5, 2.5, True, [], {}, {"traits": 1}, "a\u0000b", "\u0007", 10**19, "9" * 20]
TIMES = st.sampled_from(
    [
        "2024-03-01T09:00:00Z",
        "2024-03-01T09:00:00.123+02:00",
        "2024-03-01 09:00:00Z",
        "2024-03-01",
        "1890-01-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        7,
    ]
)
ITEMS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "track", "track", "identify", "page", "alias", "nonsense"]), "userId": st.just("u1")},
    optional={
        "event": st.one_of(st.just("Bought"), st.sampled_from(ODD)),
        "timestamp": TIMES,
        "messageId": st.one_of(st.text("ab", min_size=1, max_size=3), st.sampled_from(ODD)),
        "anonymousId": st.sampled_from(ODD),
        "properties": st.sampled_from([{}, {"a": 1}, {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}, *ODD]),
        "traits": st.sampled_from([{"a": 1}, *ODD]),
        "context": st.sampled_from([{"traits": {"b": 1}}, *ODD]),
        "originalTimestamp": TIMES,
        "receivedAt": TIMES,
        "sentAt": TIMES,
        "previousId": st.sampled_from(ODD),
        "unknown": st.sampled_from(ODD),
    },
)
LINES = st.one_of(
    ITEMS.map(msgspec.json.encode),
    st.just(b'{"type":"track","event":"A","userId":"u","timestamp":"2024-03-01T09:00:00Z","messageId":"m"}'),
    st.sampled_from(
        [b"{", b"[1]", b"7", b'{"a":"\xe9"}', b'{"a":NaN}', b'{"a":"\\ud800"}', b'{"type":"track"},{"type":"track"}']
    ),
)


def read(lines: list[bytes]) -> Any:
    rows = range(1, len(lines) + 1)
    block = Block(rows, rows, rows, [lines], lambda: lines, str, Place(len(lines) + 1))
    return EventLines().read(block, 0)


@given(st.lists(LINES, max_size=4))
def test_each_line_is_an_event_or_is_told(lines: list[bytes]) -> None:
    batch = read(lines)
    items = [bytes(item) for item in batch.items]

    assert len(lines) == len(items) + len({reject.row for reject in batch.rejects})
    for item, message_id in zip(items, batch.message_ids, strict=True):
        chunk = LoggedChunk(
            first_position=1, n=1, source="s", received_at=0, kind="history", call="batch", body=b'{"batch":[' + item + b"]}"
        )
        (event,) = parse_chunk(chunk)
        assert isinstance(event, Event), event
        assert event.message_id == message_id
    for reject in batch.rejects:
        line = lines[reject.row - 1]
        chunk = LoggedChunk(
            first_position=1, n=1, source="s", received_at=0, kind="history", call="batch", body=b'{"batch":[' + line + b"]}"
        )
        found = list(parse_chunk(chunk))
        assert not any(isinstance(one, Event) for one in found) or reject.code == "not_json", reject


@given(st.lists(LINES, min_size=2, max_size=4))
def test_a_line_is_read_the_same_whatever_stands_beside_it(lines: list[bytes]) -> None:
    together = read(lines)
    alone = [read([line]) for line in lines]

    assert sorted(r.code for r in together.rejects) == sorted(r.code for one in alone for r in one.rejects)
    assert len(together.items) == sum(len(one.items) for one in alone)
