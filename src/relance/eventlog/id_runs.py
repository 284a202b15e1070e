"""The message ids of the window, for a log that one process writes: exact, and cheap to add to.

An index with a row for each id would touch another page for nearly every id: at 100,000 ids a second that is 300 MB of
pages a second. So ids gather in memory (`fresh`; the log's own rows make them durable) and go to disk as sorted runs. A run
is blocks of 512 ids, a Bloom filter that says "certainly not here" for nearly every new id, and the first id of each
block. Memory: 1.5 bytes an id of the window, and 200 for the fresh ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import apsw
    from numpy.typing import NDArray

FRESH_LIMIT = 50_000  # written in 40 ms; memory for the fresh ids: 10 MB
BLOCK_IDS = 512
BLOOM_BITS = 16  # an id at least, as the filter's size is a power of two; one new id in 2,000 at most is looked up in vain
BLOOM_PROBES = 8
MERGE_RUNS = 8
MERGED_IDS = 1_000_000  # at most in a run
BLOCKS_A_STEP = 64  # of a merge, so that a request never waits for more than some 10 ms of it
MANY_RUNS = 32  # a look-up asks each: beyond this many, merging can not wait for a quiet moment

_THREE, _SEVEN = np.uint64(3), np.uint64(7)
_BIT = np.array([1 << i for i in range(8)], np.uint8)
RECORD = np.dtype([("high", "<u8"), ("low", "<u8"), ("at", "<i8")])


class Run:
    """One sorted run: what is kept of it in memory."""

    def __init__(self, run_id: int, n: int, newest: int, bloom: bytes, fence: bytes) -> None:
        self.run_id, self.n, self.newest = run_id, n, newest
        self.bloom: NDArray[np.uint8] = np.frombuffer(bloom, np.uint8)
        self.fence: NDArray[np.uint64] = np.frombuffer(fence, np.uint64)


class _Stack:
    """The filters of all runs of one size, one above the other: each id is asked of all of them at once."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self.filters = np.stack([run.bloom for run in runs])
        for run, kept in zip(runs, self.filters, strict=True):
            run.bloom = kept  # one copy in memory is enough
        self.mask = np.uint64(self.filters.shape[1] * 8 - 1)

    def may_hold(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs of a run and an id that its filter can not rule out."""
        high, low = keys[:, 0], keys[:, 1]
        place = high & self.mask
        rows, ids = np.nonzero(self.filters[:, place >> _THREE] & _BIT[(place & _SEVEN).astype(np.intp)])
        for probe in range(1, BLOOM_PROBES):
            if not len(ids):
                break
            place = (high[ids] + np.uint64(probe) * low[ids]) & self.mask
            hits = (self.filters[rows, place >> _THREE] & _BIT[(place & _SEVEN).astype(np.intp)]) != 0
            rows, ids = rows[hits], ids[hits]
        return rows, ids


class IdRuns:
    """All ids of the window. Changes take effect in memory only when `settle` is called after the commit."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.fresh: dict[bytes, int] = {}
        self._fresh_records: list[NDArray[Any]] = []
        self._connection = connection
        self._next_run_id = 1
        runs = []
        for row in connection.execute("SELECT run_id, n, newest, bloom, fence FROM log_id_runs ORDER BY run_id"):
            runs.append(Run(*row))
            self._next_run_id = row[0] + 1
        self._set_runs(runs)

    def _set_runs(self, runs: list[Run]) -> None:
        self.runs = runs
        by_size: dict[int, list[Run]] = {}
        for run in runs:
            by_size.setdefault(len(run.bloom), []).append(run)
        self._stacks = [_Stack(some) for some in by_size.values()]

    def remove_orphans(self) -> None:
        """Remove the blocks of a merge that was broken off. Only the log's one writer may."""
        self._connection.execute("DELETE FROM log_id_blocks WHERE run_id NOT IN (SELECT run_id FROM log_id_runs)")

    def fill_a_run(self, n_new: int) -> bool:
        """Whether so many new ids are a run by themselves."""
        return n_new >= FRESH_LIMIT

    def are_new(self, pairs: NDArray[np.uint64]) -> bool:
        """Whether none of these ids is known, and none comes twice; asked of many at once, it is several times as fast as `find`.

        False may also mean that two ids only look alike (one pair in 2**64): then `find` tells.
        """
        high = np.sort(pairs[:, 0])
        if (high[1:] == high[:-1]).any():
            return False
        for records in self._fresh_records:
            places = np.minimum(np.searchsorted(high, records["high"]), len(high) - 1)
            if (high[places] == records["high"]).any():
                return False
        for stack in self._stacks:
            rows, ids = stack.may_hold(pairs)
            for row in np.unique(rows):
                for _ in self._confirm(stack.runs[row], ids[rows == row], pairs):
                    return False
        return True

    def find(self, pairs: NDArray[np.uint64], keys: Sequence[bytes]) -> dict[bytes, int]:
        """When each id was last received, for those that were. `keys` are the rows of `pairs` as bytes."""
        found = {key: self.fresh[key] for key in self.fresh.keys() & keys}
        for stack in self._stacks if keys else ():
            rows, ids = stack.may_hold(pairs)
            for row in np.unique(rows):
                for index, at in self._confirm(stack.runs[row], ids[rows == row], pairs):
                    key = keys[index]
                    found[key] = max(at, found.get(key, at))
        return found

    def _confirm(self, run: Run, maybe: NDArray[np.intp], pairs: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
        """Look the ids up on disk, each block once: those that are there, with when they were received."""
        high, low = pairs[maybe, 0], pairs[maybe, 1]
        blocks = np.searchsorted(run.fence, high, side="right") - 1
        for block in np.unique(blocks):
            if block < 0:
                continue
            here = np.flatnonzero(blocks == block)
            records = self._block(run, int(block))
            places = np.minimum(np.searchsorted(records["high"], high[here]), len(records) - 1)
            is_high = records["high"][places] == high[here]
            is_hit = is_high & (records["low"][places] == low[here])
            for index, place in zip(here[is_hit], places[is_hit], strict=True):
                yield int(maybe[index]), int(records["at"][place])
            # Two ids that share their upper half (one pair in 2**64): look at all that do.
            for index in here[is_high & ~is_hit]:
                at = self._look_up(run, high[index], low[index])
                if at is not None:
                    yield int(maybe[index]), at

    def _block(self, run: Run, block: int) -> NDArray[Any]:
        ((data,),) = self._connection.execute(
            "SELECT data FROM log_id_blocks WHERE run_id = ? AND block = ?", (run.run_id, block)
        )
        return np.frombuffer(data, RECORD)

    def _look_up(self, run: Run, high: np.uint64, low: np.uint64) -> int | None:
        # The ids that share their high half may begin in the block before.
        last = int(np.searchsorted(run.fence, high, side="right")) - 1
        first = max(int(np.searchsorted(run.fence, high, side="left")) - 1, 0)
        for block in range(first, last + 1):
            records = self._block(run, block)
            matches = records["at"][(records["high"] == high) & (records["low"] == low)]
            if len(matches):
                return int(matches.max())
        return None

    def is_due(self, n_new: int) -> bool:
        """Whether the fresh ids with so many more are to be written as a run."""
        return len(self.fresh) + n_new >= FRESH_LIMIT

    def write_fresh(self, new: NDArray[Any]) -> Run:
        """Write all fresh ids and the new ones as a run, inside the caller's transaction."""
        run, records = self._build(np.concatenate([*self._fresh_records, new]))
        self._insert_blocks(run, records, 0, len(run.fence))
        self._insert_run(run)
        return run

    def _build(self, records: NDArray[Any]) -> tuple[Run, NDArray[Any]]:
        """A run of these ids, and the ids in its order."""
        records = records[np.argsort(records["high"])]
        high, low = np.ascontiguousarray(records["high"]), np.ascontiguousarray(records["low"])
        n_bits = 1 << max(9, (len(records) * BLOOM_BITS - 1).bit_length())
        bits = np.zeros(n_bits, np.uint8)
        for probe in range(BLOOM_PROBES):
            bits[(high + np.uint64(probe) * low) & np.uint64(n_bits - 1)] = 1
        bloom = np.packbits(bits, bitorder="little").tobytes()
        fence = high[::BLOCK_IDS].tobytes()
        run_id, self._next_run_id = self._next_run_id, self._next_run_id + 1
        return Run(run_id, len(records), int(records["at"].max()), bloom, fence), records

    def _insert_blocks(self, run: Run, records: NDArray[Any], first: int, last: int) -> None:
        self._connection.executemany(
            "INSERT INTO log_id_blocks (run_id, block, data) VALUES (?, ?, ?)",
            ((run.run_id, i, records[i * BLOCK_IDS : (i + 1) * BLOCK_IDS].tobytes()) for i in range(first, last)),
        )

    def _insert_run(self, run: Run) -> None:
        self._connection.execute(
            "INSERT INTO log_id_runs (run_id, n, newest, bloom, fence) VALUES (?, ?, ?, ?, ?)",
            (run.run_id, run.n, run.newest, run.bloom.tobytes(), run.fence.tobytes()),
        )

    def settle(self, new: dict[bytes, int], records: NDArray[Any], run: Run | None) -> None:
        """Take over in memory what was committed: the new ids, which are also `records`, or a run that holds them too."""
        if run is None:
            self.fresh.update(new)
            self._fresh_records.append(records)
        else:
            self.fresh = {}
            self._fresh_records = []
            self._set_runs([*self.runs, run])

    @property
    def are_many(self) -> bool:
        """Whether merging can not wait."""
        return len(self.runs) > MANY_RUNS

    def merge_steps(self, oldest: int, writing: Callable[[], AbstractContextManager[Any]]) -> Iterator[None]:
        """Rewrite some runs of like size as one, without the ids that left the window; drop a run that left it.

        Each step is one short transaction; a look-up between two steps finds all ids. Blocks of a merge that was broken off
        belong to no run; `remove_orphans` takes them away.
        """
        group = self._plan(oldest)
        if not group:
            return
        blocks = []
        for run in group:
            blocks += [self._block(run, block) for block in range(len(run.fence))] if run.newest >= oldest else []
            yield
        merged: Run | None = None
        records = np.concatenate(blocks) if blocks else np.empty(0, RECORD)
        records = records[records["at"] >= oldest]
        if len(records):
            merged, records = self._build(records)
            yield
            for first in range(0, len(merged.fence), BLOCKS_A_STEP):
                with writing():
                    self._insert_blocks(merged, records, first, min(first + BLOCKS_A_STEP, len(merged.fence)))
                yield
        with writing():
            if merged is not None:
                self._insert_run(merged)
            for run in group:
                self._connection.execute("DELETE FROM log_id_blocks WHERE run_id = ?", (run.run_id,))
                self._connection.execute("DELETE FROM log_id_runs WHERE run_id = ?", (run.run_id,))
        gone = {run.run_id for run in group}
        self._set_runs([run for run in self.runs if run.run_id not in gone] + ([merged] if merged else []))

    def _plan(self, oldest: int) -> list[Run]:
        """The runs to be rewritten as one next; none when all is well."""
        expired = [run for run in self.runs if run.newest < oldest]
        if expired:
            return expired[:1]
        by_size = sorted(self.runs, key=lambda run: run.n)
        for start in range(len(by_size) - MERGE_RUNS + 1):
            group = by_size[start : start + MERGE_RUNS]
            if group[-1].n <= 4 * group[0].n and sum(run.n for run in group) <= MERGED_IDS:
                return group
        return []


def records_of(new: dict[bytes, int]) -> NDArray[Any]:
    """New ids, by when they were received, as records."""
    records = np.empty(len(new), RECORD)
    pairs = np.frombuffer(b"".join(new), "<u8").reshape(-1, 2)
    records["high"], records["low"] = pairs[:, 0], pairs[:, 1]
    records["at"] = np.fromiter(new.values(), np.int64, len(new))
    return records
