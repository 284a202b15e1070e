"""Functions that DuckDB has not, in Python: wall-clock time and Unicode case, exactly as the rest of relance has them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relance.localtime import UTC_ZONE, find_zone, local_date, next_anniversary, parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection


@lru_cache(maxsize=65_536)
def _instant(text: str, zone: str) -> int | None:
    return parse_instant_or_date(text, find_zone(zone) or UTC_ZONE)


def instant_of(text: str | None, zone: str | None) -> int | None:
    """The instant a text names; dates in a zone."""
    return None if text is None or zone is None else _instant(text, zone)


def anniversary_of(instant: int | None, at: int | None, zone: str | None) -> int | None:
    """When the anniversary of an instant's day begins that is now or comes next."""
    return None if instant is None or at is None or zone is None else _anniversary(instant, at, zone)


@lru_cache(maxsize=65_536)  # many people share a birthday, and all of them are asked about one instant
def _anniversary(instant: int, at: int, zone: str) -> int | None:
    place = find_zone(zone) or UTC_ZONE
    try:
        return next_anniversary(local_date(instant, place), at, place)
    except (OverflowError, ValueError):  # after the year 9999
        return None


def casefold(text: str | None) -> str | None:
    """The text without its case."""
    return None if text is None else text.casefold()


_FUNCTIONS: dict[str, tuple[Callable[..., object], list[str], str]] = {
    "instant_of": (instant_of, ["VARCHAR", "VARCHAR"], "BIGINT"),
    "anniversary_of": (anniversary_of, ["BIGINT", "BIGINT", "VARCHAR"], "BIGINT"),
    "casefold": (casefold, ["VARCHAR"], "VARCHAR"),
}


def define_missing(connection: DuckDBPyConnection, sql: str, defined: set[str]) -> None:
    """Define those functions that a statement names and that are not there yet. A call from SQL costs a microsecond."""
    lowered = sql.lower()
    for name, (function, parameters, result) in _FUNCTIONS.items():
        if name not in defined and f"{name}(" in lowered:
            connection.create_function(name, function, parameters, result, null_handling="special")  # type: ignore[call-overload] # its list takes texts
            defined.add(name)
