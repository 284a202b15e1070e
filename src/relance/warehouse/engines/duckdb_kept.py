"""Kept memberships in DuckDB."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from relance.store import load_queries
from relance.warehouse.columns import join, read_columns
from relance.warehouse.kept import KeptMemberships, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

    from relance.warehouse.columns import Columns

_sql = load_queries("relance.warehouse.engines", "duckdb_kept.sql")


class DuckDBMemberships(KeptMemberships):
    """Tables of the same file."""

    def __init__(
        self, connection: Callable[[], DuckDBPyConnection], translated: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        """`connection` gives that of the thread that asks; `translated` turns errors of DuckDB into ours."""
        self._connection = connection
        self._translated = translated

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._translated("memberships can not be kept"):
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _run(self, name: str, params: Any = None) -> DuckDBPyConnection:
        return self._connection().execute(_sql[name], params)

    def _rows(self, name: str, params: Any = None) -> list[tuple[Any, ...]]:
        with self._translated("memberships can not be read"):
            return self._run(name, params).fetchall()

    def _columns(self, name: str, **params: Any) -> Columns:
        with self._translated("memberships can not be read"):
            return read_columns(self._connection().sql(_sql[name], params=params).to_arrow_table())

    def mark(self) -> Mark | None:
        found = self._rows("mark")
        return Mark._make(found[0]) if found else None

    def set_mark(self, mark: Mark) -> None:
        self._run("clear_mark")
        self._run("insert_mark", list(mark))

    def bodies(self) -> dict[str, str]:
        return dict(self._rows("bodies"))

    def set_body(self, segment: str, body: str) -> None:
        self._run("drop_body", [segment])
        self._run("insert_body", [segment, body])

    def drop(self, segment: str) -> None:
        self._run("drop_body", [segment])
        self._run("drop_changes", [segment])

    def add(self, rows: Mapping[str, Any], nth: int, tick: int) -> None:
        segments = pa.DictionaryArray.from_arrays(rows["segment"].codes, rows["segment"].values)
        _insert(self._connection(), _sql["insert_changes"], [nth, tick], pa.table({**rows, "segment": segments}))

    def forget_people(self, profile_ids: Sequence[int]) -> None:
        with self._translated("memberships can not be forgotten"):
            self._run("drop_people", [list(profile_ids)])

    def forgotten_until(self) -> int:
        return int(self._rows("forgotten_until")[0][0])

    def forget_ended(self, until: int, most: int) -> int:
        low = self.forgotten_until()
        found = self._rows("next_ends", [low, until, most - 1])
        high = int(found[0][0]) if found else until
        self._run("forget_ended", {"low": low, "high": high})
        self._run("clear_forgotten")
        self._run("insert_forgotten", [high])
        return high

    def members(self, segment: str) -> Any:
        with self._translated("memberships can not be read"):
            return self._run("members", [segment]).fetchnumpy()["profile_id"]

    def since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        return dict(self._rows("since", [segment, list(profile_ids)]))

    def changes(self, segment: str, low: int, high: int, step: int) -> Columns:
        return self._columns("changes", segment=segment, low=low, high=high, step=step)

    def changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        return [(segment, at, entered) for segment, at, entered in self._rows("changes_of", [profile_id, limit])]

    def touched(self, after: int, until: int) -> Columns:
        ticks = {"after": after, "until": until}
        found = [self._columns("touched", **ticks)]
        if self._rows("suppressed_in", ticks)[0][0]:
            found.append(self._columns("touched_by_address", **ticks))
        return join(found)

    def merged(self, after: int, until: int) -> Columns:
        return self._columns("merged", after=after, until=until)

    def passed(self, low: int, high: int, windows: Mapping[int, Iterable[str]]) -> Columns:
        params: dict[str, Any] = {"low": low, "high": high}
        for number, (within, names) in enumerate(sorted(windows.items())):
            params |= {f"within{number}": within, f"names{number}": sorted(names)}
        # one after the other they took four milliseconds each, most of it to plan them
        parts = (
            _sql["passed"].rstrip("; \n").replace("$within", f"$within{n}").replace("$names", f"$names{n}")
            for n in range(len(windows))
        )
        with self._translated("memberships can not be read"):
            relation = self._connection().sql(" UNION ".join(parts), params=params)
            return read_columns(relation.to_arrow_table())

    def passed_messages(self, low: int, high: int, within: int) -> Columns:
        return self._columns("passed_messages", low=low, high=high, within=within)

    def passed_scores(self, low: int, high: int, within: int) -> Columns:
        return self._columns("passed_scores", low=low, high=high, within=within)

    def latest(self) -> tuple[int, int]:
        at, seq = self._rows("latest")[0]
        return int(at), int(seq)

    def everybody(self) -> Any:
        return self._run("everybody").fetchnumpy()["profile_id"]


def _insert(connection: DuckDBPyConnection, sql: str, params: list[Any], batch: pa.Table) -> None:  # noqa: ARG001 - DuckDB finds it here
    connection.execute(sql, params)
