"""Kept memberships in ClickHouse: a refresh counts when its mark is written, last of all; what one left behind without is deleted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from relance.store import load_queries
from relance.warehouse.columns import join, read_columns
from relance.warehouse.kept import KeptMemberships, Mark

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from relance.warehouse.columns import Columns

_sql = load_queries("relance.warehouse.engines", "clickhouse_kept.sql")


class ClickHouseMemberships(KeptMemberships):
    """Tables of the same database."""

    def __init__(self, client: Any, lock: threading.RLock, translated: Callable[[str], AbstractContextManager[None]]) -> None:
        """`lock` is held while the client runs a statement; `translated` turns its errors into ours."""
        self._client = client
        self._lock = lock
        self._translated = translated

    @contextmanager
    def transaction(self) -> Iterator[None]:
        mark = self.mark()
        nth = mark.nth if mark else 0
        if self._rows(f"SELECT count() FROM segment_history WHERE nth > {nth}")[0][0]:  # noqa: S608 - a number
            self._run("drop_unmarked", nth=nth)
        yield

    def _run(self, name: str, **params: Any) -> None:
        with self._lock, self._translated("memberships can not be kept"):
            self._client.command(_sql[name], parameters=params)

    def _rows(self, sql: str, **params: Any) -> Sequence[Sequence[Any]]:
        with self._lock, self._translated("memberships can not be read"):
            found: Sequence[Sequence[Any]] = self._client.query(sql, parameters=params or None).result_rows
        return found

    def _columns(self, name: str, **params: Any) -> Columns:
        with self._lock, self._translated("memberships can not be read"):
            return read_columns(self._client.query_arrow(_sql[name], parameters=params or None))

    def _insert(self, table: str, batch: pa.Table) -> None:
        with self._lock, self._translated("memberships can not be kept"):
            self._client.insert_arrow(table, batch)

    def mark(self) -> Mark | None:
        found = self._rows(_sql["mark"])
        return Mark(*map(int, found[0])) if found else None

    def set_mark(self, mark: Mark) -> None:
        self._insert("segment_mark", pa.table({name: [value] for name, value in mark._asdict().items()}))
        self._run("clear_mark", nth=mark.nth)

    def bodies(self) -> dict[str, str]:
        return {str(segment): str(body) for segment, body in self._rows(_sql["bodies"])}

    def set_body(self, segment: str, body: str) -> None:
        self._run("drop_body", segment=segment)
        self._insert("kept_segments", pa.table({"segment": [segment], "body": [body]}))

    def drop(self, segment: str) -> None:
        self._run("drop_body", segment=segment)
        self._run("drop_changes", segment=segment)

    def add(self, rows: Mapping[str, Any], nth: int, tick: int) -> None:
        n = len(rows["profile_id"])
        segments = pa.DictionaryArray.from_arrays(rows["segment"].codes, rows["segment"].values).cast(pa.string())
        batch = {**rows, "segment": segments, "nth": pa.repeat(nth, n), "tick": pa.repeat(tick, n)}
        self._insert("segment_history", pa.table(batch))

    def forget_people(self, profile_ids: Sequence[int]) -> None:
        self._run("drop_people", people=list(profile_ids))

    def forgotten_until(self) -> int:
        return int(self._rows(_sql["forgotten_until"])[0][0])

    def forget_ended(self, until: int, most: int) -> int:
        low = self.forgotten_until()
        found = self._rows(_sql["next_ends"], low=low, until=until, most=most - 1)
        high = int(found[0][0]) if found else until
        self._run("forget_ended", low=low, high=high)
        self._insert("segment_forgotten", pa.table({"until": [high]}))
        self._run("clear_forgotten", until=high)
        return high

    def members(self, segment: str) -> Any:
        return np.array([row[0] for row in self._rows(_sql["members"], segment=segment)], dtype=np.int64)

    def since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        return {row[0]: row[1] for row in self._rows(_sql["since"], segment=segment, people=list(profile_ids))}

    def changes(self, segment: str, low: int, high: int, step: int) -> Columns:
        return self._columns("changes", segment=segment, low=low, high=high, step=step)

    def changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        return [(s, at, bool(entered)) for s, at, entered in self._rows(_sql["changes_of"], profile_id=profile_id, most=limit)]

    def touched(self, after: int, until: int) -> Columns:
        found = [self._columns(name, after=after, until=until) for name in ("touched", "touched_by_address")]
        return join(found)

    def merged(self, after: int, until: int) -> Columns:
        return self._columns("merged", after=after, until=until)

    def passed(self, low: int, high: int, windows: Mapping[int, Iterable[str]]) -> Columns:
        each = windows.items()
        return join([self._columns("passed", low=low, high=high, within=within, names=sorted(names)) for within, names in each])

    def passed_messages(self, low: int, high: int, within: int) -> Columns:
        return self._columns("passed_messages", low=low, high=high, within=within)

    def passed_scores(self, low: int, high: int, within: int) -> Columns:
        return self._columns("passed_scores", low=low, high=high, within=within)

    def latest(self) -> tuple[int, int]:
        at, seq = self._rows(_sql["latest"])[0]
        return int(at), int(seq)

    def everybody(self) -> Any:
        return np.array([row[0] for row in self._rows(_sql["everybody"])], dtype=np.int64)
