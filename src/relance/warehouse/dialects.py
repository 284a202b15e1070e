"""What a condition compiler must know of an engine: a few functions, by one name on every engine, and those it lacks.

JSON is kept as text. A value inside is its JSON text, too, so its first character tells its type; the functions below
take such texts. Each engine defines them in SQL (`engines/*.sql`), or says that it can not.

    value_key(json, key)            the JSON text at a key of an object; missing or '' when there is none
    value_inside(json, outer, inner)    the same inside the object at a key
    value_keys(json, keys)          the same at some keys
    value_items(json)               the JSON texts of a list's elements
    value_text(json)                the text of a JSON text, missing when it is of another type
    value_number(json)              a number in floating point, missing when it is of another type
    value_integer(json)             an integer of 64 bits, exactly; missing when it is none
    value_millionths(json)          a number in whole millionths, half up
    value_identity(json)            a text that two values share if they count as one
    casefold(text)                  without case, as Unicode has it
    bucket_of(salt, user_id)        the sticky bucket
    instant_of(text, zone)          an RFC 3339 instant, or a date's midnight in a zone, in microseconds; else missing
    anniversary_of(instant, at, zone)   when its next anniversary begins
    near_anniversary(json, at, length), near_dates(json, low, high), surely_before(json, limit)
                                    what can be said at little cost of a date that is a JSON text; see `relations.py`
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine, as data."""

    name: str  # as Ibis calls it
    lacks: frozenset[str] = frozenset()  # functions that it can not do exactly


DIALECTS = {
    "duckdb": Dialect("duckdb"),
    # Wall-clock time: a zone is a constant there, dates end in 2299, and the zone data is the server's.
    "clickhouse": Dialect(
        "clickhouse", frozenset({"instant_of", "anniversary_of", "near_anniversary", "near_dates", "surely_before"})
    ),
}

# Where the figures of one asking go in a statement: numbers no table can hold, replaced in its text.
AT_MARK = 8_000_000_000_000_000_001
SEQ_MARK = 8_000_000_000_000_000_003
FIRST_AT_MARK = 8_000_000_000_000_000_007  # the earliest and the latest `at` of the moments, so that time prunes the scan
LAST_AT_MARK = 8_000_000_000_000_000_009
FIRST_PROFILE_MARK = 8_000_000_000_000_000_011  # the lowest and the highest number of the profiles asked about
LAST_PROFILE_MARK = 8_000_000_000_000_000_013


def fill_marks(
    sql: str, *, at: int = 0, seq: int = 0, first_at: int = 0, last_at: int = 0, profiles: tuple[int, int] = (0, 0)
) -> str:
    """A statement with the figures of one asking in the places of its marks."""
    values = {
        AT_MARK: at,
        SEQ_MARK: seq,
        FIRST_AT_MARK: first_at,
        LAST_AT_MARK: last_at,
        FIRST_PROFILE_MARK: profiles[0],
        LAST_PROFILE_MARK: profiles[1],
    }
    for mark, value in values.items():
        sql = sql.replace(str(mark), f"({int(value)})" if value < 0 else str(int(value)))
    return sql
