"""What every log must do: keep the order, lose nothing, count an id once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from relance.clock import DAY, MINUTE
from relance.eventlog import LogBatch, NewChunk, open_log
from relance.events import Event, parse_chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.eventlog import EventLog

Make: TypeAlias = "Callable[..., NewChunk]"


def positions(batch: LogBatch) -> list[tuple[int, int]]:
    return [(chunk.first_position, chunk.n) for chunk in batch.chunks]


def test_positions_follow_each_other(log: EventLog, make_chunk: Make) -> None:
    log.append([make_chunk(n=2), make_chunk(n=3)])
    log.append([make_chunk(n=1)])

    assert positions(log.read_after(0, 100)) == [(1, 2), (3, 3), (6, 1)]
    assert log.last_position() == 6


def test_what_was_written_is_read_as_it_was(log: EventLog) -> None:
    body = b'{"batch": [{"messageId": "a", "n": "\\u0000\xc3\xa9"}]}\n'
    log.append([NewChunk(source="s", body=body, message_ids=["a"], sent_at=5, kind="live", trusted=True, correct_skew=False)])
    log.append([NewChunk(source="s", body=b"{}", message_ids=[None], call="track", kind="history")])

    first, second = log.read_after(0, 10).chunks
    assert (first.body, first.source, first.sent_at, first.trusted, first.correct_skew) == (body, "s", 5, True, False)
    assert (second.call, second.kind, second.trusted, second.correct_skew) == ("track", "history", False, True)


def test_a_read_takes_whole_chunks_until_the_limit(log: EventLog, make_chunk: Make) -> None:
    log.append([make_chunk(n=3) for _ in range(4)])

    batch = log.read_after(0, 4)
    assert positions(batch) == [(1, 3), (4, 3)]
    assert batch.last_position == 6
    assert positions(log.read_after(6, 4)) == [(7, 3), (10, 3)]
    assert log.read_after(12, 4).last_position == 12


def test_an_id_counts_once_for_its_source(log: EventLog, make_chunk: Make) -> None:
    assert log.append([make_chunk("a", "b"), make_chunk("b", "c")]) == [2, 1]
    assert log.append([make_chunk("c", "d", "d")]) == [1]
    assert log.append([make_chunk("a", source="other")]) == [1]

    events = [event for chunk in log.read_after(0, 100).chunks for event in parse_chunk(chunk)]
    assert [event.message_id for event in events if isinstance(event, Event)] == ["a", "b", "c", "d", "a"]


def test_a_request_sent_again_is_not_kept(log: EventLog, make_chunk: Make) -> None:
    log.append([make_chunk("a", "b")])

    assert log.append([make_chunk("a", "b"), make_chunk("c")]) == [0, 1]
    assert positions(log.read_after(0, 100)) == [(1, 2), (3, 1)]


def test_items_without_an_id_are_never_duplicates(log: EventLog, make_chunk: Make) -> None:
    assert log.append([make_chunk(None, "a", None), make_chunk(None), make_chunk("", "", "a")]) == [3, 1, 2]


def test_ids_are_forgotten_after_the_window(log: EventLog, make_chunk: Make, clock: Any) -> None:
    assert log.append([make_chunk("a")]) == [1]
    clock.at += 30 * DAY
    assert log.append([make_chunk("a")]) == [0]
    clock.at += 1
    assert log.append([make_chunk("a")]) == [1]
    clock.at += 30 * DAY
    assert log.append([make_chunk("a")]) == [0]


def test_the_window_is_counted_for_each_request_of_one_append(log: EventLog, make_chunk: Make) -> None:
    played = [
        make_chunk("a", received_at=at, kind="simulated") for at in (0, 30 * DAY, 30 * DAY + 1, 60 * DAY + 1, 60 * DAY + 2)
    ]

    assert log.append(played) == [1, 0, 1, 0, 1]


def test_strange_message_ids_are_kept_apart(log: EventLog, make_chunk: Make) -> None:
    strange: list[str | None] = ["a", "a\x00", "\ud800", "\ud801", "x" * 100_000, "é", "x" * 64, "x" * 63]

    assert log.append([make_chunk(*strange)]) == [8]
    assert log.append([make_chunk(*strange)]) == [0]


def test_instants_never_run_backwards(log: EventLog, make_chunk: Make, clock: Any) -> None:
    log.append([make_chunk()])
    clock.at -= 10 * MINUTE
    log.append([make_chunk()])

    first, second = log.read_after(0, 10).chunks
    assert first.received_at == second.received_at == clock.at + 10 * MINUTE


def test_what_a_reader_was_told_to_be_complete_stays_so(log: EventLog, make_chunk: Make, clock: Any) -> None:
    log.append([make_chunk()])
    clock.at += MINUTE
    batch = log.read_after(0, 10)
    assert batch.complete_until == clock.at
    clock.at -= MINUTE
    log.append([make_chunk()])

    assert log.read_after(batch.last_position, 10).chunks[0].received_at >= batch.complete_until


def test_a_cut_batch_is_complete_until_its_last_chunk(log: EventLog, make_chunk: Make, clock: Any) -> None:
    for _ in range(3):
        log.append([make_chunk()])
        clock.at += MINUTE

    assert log.read_after(0, 2).complete_until == clock.at - 2 * MINUTE
    assert log.read_after(0, 9).complete_until == clock.at


def test_a_position_leads_to_its_chunk(log: EventLog, make_chunk: Make) -> None:
    log.append([make_chunk(n=2), make_chunk(n=3)])

    found = [log.chunk_at(position) for position in range(7)]
    assert [chunk and chunk.first_position for chunk in found] == [None, 1, 1, 3, 3, 3, None]


def test_a_great_many_items_at_once_count_once_each(database_url: str, clock: Any) -> None:
    """As an import brings them; also over a new start, and beside what came before."""

    def chunks(first: int, n_chunks: int) -> list[NewChunk]:
        ids = [[f"m{first + 1_000 * i + k}" for k in range(1_000)] for i in range(n_chunks)]
        return [NewChunk(source="s", body=b"{}", message_ids=some, kind="history") for some in ids]

    log = open_log(database_url, clock=clock)
    assert log.append([NewChunk(source="s", body=b"{}", message_ids=["m7", None, "early"])]) == [3]
    assert log.append(chunks(0, 52)) == [999, *[1_000] * 51]  # one is known
    assert log.append(chunks(100_000, 52)) == [1_000] * 52
    log.close()
    log = open_log(database_url, clock=clock)
    twice = chunks(200_000, 52)
    twice[51].message_ids = [*list(twice[51].message_ids)[:-1], "m200000"]
    assert log.append(twice) == [*[1_000] * 51, 999]
    assert log.append(chunks(100_000, 53)) == [*[0] * 52, 1_000]
    assert log.append([NewChunk(source="s", body=b"{}", message_ids=["early", "m203000", "new"])]) == [1]
    assert log.last_position() == 3 + 52_000 * 3 + 1_000 + 3
    log.close()


def test_a_log_opened_again_goes_on_where_it_was(database_url: str, make_chunk: Make, clock: Any) -> None:
    with_ids = make_chunk("a", "b")
    first = open_log(database_url, clock=clock)
    first.append([with_ids, make_chunk(n=3)])
    first.close()
    clock.at -= MINUTE
    second = open_log(database_url, clock=clock)

    assert second.append([with_ids, make_chunk("c")]) == [0, 1]
    assert positions(second.read_after(0, 10)) == [(1, 2), (3, 3), (6, 1)]
    assert second.read_after(5, 10).chunks[0].received_at == clock.at + MINUTE
    second.close()


def test_a_reader_is_woken_when_the_log_grows(log: EventLog, make_chunk: Make) -> None:
    assert not log.wait_after(0, 0.01)
    writer = threading.Timer(0.05, lambda: log.append([make_chunk()]))
    writer.start()

    assert any(log.wait_after(0, 1) for _ in range(20))
    writer.join()


def test_housekeeping_comes_to_an_end(log: EventLog, make_chunk: Make, clock: Any) -> None:
    log.append([make_chunk(n=50)])
    clock.at += 31 * DAY

    assert sum(1 for _ in iter(log.tend, False)) < 10
    log.probe()


def test_many_writers_and_a_reader_agree(log: EventLog, database_url: str, make_chunk: Make) -> None:
    """No reader may pass a position that appears later: the promise that a sequence can not keep."""
    writers = 4 if database_url.startswith("postgresql") else 1
    rounds = 40
    done = threading.Event()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            own = open_log(database_url) if writers > 1 else log
            for turn in range(rounds):
                own.append([make_chunk(f"w{number}-{turn}-{i}", f"w{number}-{turn}-{i}b") for i in range(3)])
            if own is not log:
                own.close()
        except BaseException as e:  # noqa: BLE001 - told below
            failures.append(e)

    seen: list[int] = []

    def read() -> None:
        position, complete = 0, 0
        while True:
            is_last = done.is_set()
            batch = log.read_after(position, 7)
            for chunk in batch.chunks:
                if chunk.received_at < complete:
                    failures.append(AssertionError("received before what was said to be complete"))
                seen.extend(range(chunk.first_position, chunk.last_position + 1))
            position, complete = batch.last_position, batch.complete_until
            if is_last and not batch.chunks:
                return

    threads = [threading.Thread(target=write, args=(i,)) for i in range(writers)]
    reader = threading.Thread(target=read)
    for thread in [*threads, reader]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()

    assert not failures
    assert seen == list(range(1, writers * rounds * 6 + 1))


@pytest.mark.parametrize("url", ["mysql://x", "shop.db"])
def test_an_unknown_url_is_refused(url: str) -> None:
    with pytest.raises(Exception, match="no log URL"):
        open_log(url)
