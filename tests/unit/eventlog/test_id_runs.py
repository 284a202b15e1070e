"""The index of message ids against a plain dictionary, with limits so small that runs are written and merged all the time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import apsw
import numpy as np
import pytest

from relance.eventlog import NewChunk, id_runs, open_log
from relance.eventlog.id_hash import IdHash

if TYPE_CHECKING:
    from pathlib import Path


class SetClock:
    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at


@pytest.mark.parametrize("seed", range(6))
def test_the_index_agrees_with_a_dictionary(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_runs, "FRESH_LIMIT", 20)
    monkeypatch.setattr(id_runs, "BLOCK_IDS", 4)
    monkeypatch.setattr(id_runs, "MERGE_RUNS", 3)
    monkeypatch.setattr(id_runs, "BLOCKS_A_STEP", 2)
    chance = random.Random(seed)
    clock, window = SetClock(), 1000
    url = f"sqlite:///{tmp_path}/log.db"
    log = open_log(url, clock=clock, window=window)
    known: dict[str, int] = {}
    tended = 0
    for turn in range(300):
        clock.at += chance.randrange(8)
        ids = [f"m{chance.randrange(700)}" for _ in range(chance.randrange(1, 6))]
        if chance.random() < 0.2:  # as an import: many at once, nearly always new
            ids = [f"n{turn}-{i}" for i in range(chance.randrange(15, 50))]
            ids += chance.choices(ids + sorted(known), k=chance.choice((0, 0, 1)))
        expected = 0
        for message_id in ids:
            if clock.at - known.get(message_id, -window - 1) > window:
                known[message_id] = clock.at
                expected += 1
        assert log.append([NewChunk(source="s", body=_body(ids), message_ids=ids)]) == [expected]
        while chance.random() < 0.5:
            tended += log.tend()
        if chance.random() < 0.02:
            log.close()
            log = open_log(url, clock=clock, window=window)
    log.close()

    assert tended > 50


def test_ids_that_share_half_of_their_key_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_runs, "BLOCK_IDS", 2)
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE TABLE log_id_runs (run_id INTEGER PRIMARY KEY, n, newest, bloom, fence)")
    connection.execute("CREATE TABLE log_id_blocks (run_id, block, data, PRIMARY KEY (run_id, block)) WITHOUT ROWID")
    index = id_runs.IdRuns(connection)
    twins = {b"highhigh" + bytes([i] * 8): i for i in range(9)}
    index.settle({}, np.empty(0, id_runs.RECORD), index.write_fresh(id_runs.records_of(twins)))
    asked = [*twins, b"highhigh" + bytes([200] * 8)]

    assert index.find(np.frombuffer(b"".join(asked), np.uint64).reshape(-1, 2), asked) == twins


def test_ids_of_all_lengths_and_sources_have_their_own_keys() -> None:
    ids = ["a" * n for n in range(1, 200)] + [chr(i) for i in range(0xD700, 0xD900)] + ["a\x00", "a\x00\x00"]
    sources = ["s", "t", "s" * 64, "s" * 65]
    keys = IdHash(b"secret").keys([(source, ids) for source in sources])

    assert len({pair.tobytes() for pair in keys}) == len(ids) * len(sources)
    alone = [IdHash(b"secret").keys([(source, [i])]).tobytes() for source in sources for i in ids]
    assert b"".join(alone) == keys.tobytes()
    assert IdHash(b"other").keys([("s", ["a"])]).tobytes() != alone[0]


def _body(ids: list[str]) -> bytes:
    import msgspec

    return msgspec.json.encode({"batch": [{"messageId": message_id} for message_id in ids]})
