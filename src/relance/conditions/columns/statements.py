"""The statements that fetch what conditions read, for the profiles of some moments. Imported when one is made: Ibis is slow to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions.compile_state import state_columns
from relance.conditions.moments import Moments
from relance.conditions.relations import CONSENTS, EVENTS, LISTS, MOMENTS, PROFILES, SCORES, SUPPRESSIONS, bucket_of, value_key
from relance.errors import UnsupportedByEngine
from relance.warehouse.dialects import DIALECTS, FIRST_AT_MARK, LAST_AT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions.columns.needs import Needs
    from relance.conditions.model import ConditionSettings


def make_statements(needs: Needs, settings: ConditionSettings, dialect: str) -> dict[str, str]:
    """The statements of one engine, by what they fetch: `states`, and `events`, `consents`, `suppressions`, `lists`, `scores` if needed.

    Shape:
        states: one row a moment: `moment`, `known`, `zone`, for each trait `trait0` ... its JSON text, in the order of the
        sorted needs, for each salt `bucket0` ..., and for each channel whether there is a good address. The others: rows
        of the profiles of the moments, with `profile_id`, `event_at` and `event_seq`; consents with `moment`;
        suppressions with `low` and `high`, between which the address was the profile's and got nothing.
    """
    if dialect not in DIALECTS:
        msg = f"{dialect} reads no statements"
        raise UnsupportedByEngine(msg)
    made: dict[str, Any] = {"states": _states(needs, settings)}
    if needs.names:
        made["events"] = _events(needs)
    if needs.consents:
        made["consents"] = _consents(needs)
    if needs.channels:
        made["suppressions"] = _suppressions(needs)
    if needs.lists:
        made["lists"] = _facts(LISTS, LISTS.list_id, needs.lists, "member")
    if needs.predictions:
        made["scores"] = _facts(SCORES, SCORES.prediction, needs.predictions, "score", "category")
    return {name: str(ibis.to_sql(query, dialect=DIALECTS[dialect].name)) for name, query in made.items()}


def _states(needs: Needs, settings: ConditionSettings) -> Any:
    moments = Moments("moments", settings.timezone)
    moments.need_state()
    table = moments.table
    columns = {f"trait{i}": value_key(table.traits, key) for i, key in enumerate(sorted(needs.traits))}
    columns |= {f"bucket{i}": bucket_of(salt, table.user_id).fill_null(-1) for i, salt in enumerate(sorted(needs.salts))}
    for channel in sorted(needs.channels):
        address, valid = state_columns(channel)
        there = table[address].fill_null("") != ""
        columns[f"{channel}_there"] = there & table[valid].fill_null(False) if valid else there
    return table.select("moment", "zone", known=table.user_id.notnull(), **columns)


def _events(needs: Needs) -> Any:
    rows = EVENTS.filter([EVENTS.name.isin(sorted(needs.names)), EVENTS["at"] <= _mark(LAST_AT_MARK)])
    lengths = list(needs.names.values())
    if None not in lengths:
        rows = rows.filter(rows["at"] > _mark(FIRST_AT_MARK) - max(length or 0 for length in lengths))
    # by name: `*` leaves out what ClickHouse makes of other columns
    rows = rows.select("profile_id", "seq", "at", "name", "machine", *(["properties"] if needs.properties else []))
    rows = rows.semi_join(MOMENTS, rows.profile_id == MOMENTS.profile_id)
    numbers = ibis.cases(*((rows.name == name, number) for number, name in enumerate(sorted(needs.names))), else_=-1)
    values = {
        f"value{i}": ibis.cases((rows.name.isin(sorted(needs.properties[key])), value_key(rows.properties, key)))
        for i, key in enumerate(sorted(needs.properties))
    }
    return rows.select("profile_id", "machine", event_at=rows["at"], event_seq=rows.seq, number=numbers.cast("int64"), **values)


def _mark(mark: int) -> Any:
    return ibis.literal(mark, "int64")


def _consents(needs: Needs) -> Any:
    rows = CONSENTS.filter(CONSENTS.group_id.isin(sorted({group for _, group in needs.consents})))
    joined = MOMENTS.join(rows, MOMENTS.profile_id == rows.profile_id)
    joined = joined.filter((joined.seq_right <= joined.seq) & (joined.seq < joined.until_seq))
    return joined.select("moment", "channel", "group_id", "state")


def _suppressions(needs: Needs) -> Any:
    """By address: a join that bounds the places in the log, too, is planned the wrong way round (1,000 moments: 2.3 s)."""
    owners = PROFILES.semi_join(MOMENTS, PROFILES.profile_id == MOMENTS.profile_id)
    found = []
    for channel in sorted(needs.channels):
        addresses = owners.select(
            "profile_id", own_seq=owners.seq, own_until=owners.until_seq, own=owners[state_columns(channel)[0]]
        )
        rows = SUPPRESSIONS.filter([SUPPRESSIONS.channel == channel, SUPPRESSIONS.suppressed])
        both = addresses.join(rows, addresses.own == rows.address)
        found.append(
            both.select(
                "profile_id",
                "channel",
                low=ibis.greatest(both.own_seq, both.seq),
                high=ibis.least(both.own_until, both.until_seq),
            )
        )
    return found[0] if len(found) == 1 else ibis.union(*found)


def _facts(table: Any, key: Any, wanted: Iterable[str], *columns: str) -> Any:
    rows = table.filter([key.isin(sorted(wanted)), table["at"] <= _mark(LAST_AT_MARK)])
    rows = rows.semi_join(MOMENTS, rows.profile_id == MOMENTS.profile_id)
    return rows.select("profile_id", *columns, event_at=rows["at"], event_seq=rows.seq, of=rows[key.get_name()])
