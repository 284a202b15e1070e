"""The statements that fetch what conditions read, for the profiles of some moments. Imported when one is made: Ibis is slow to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions.compiling.moments import Moments
from relance.conditions.compiling.relations import (
    CONSENTS,
    EVENTS,
    LISTS,
    MOMENTS,
    PROFILES,
    PROFILES_NOW,
    SCORES,
    SUPPRESSIONS,
    value_keys,
)
from relance.conditions.compiling.state import state_columns
from relance.errors import UnsupportedByEngine
from relance.warehouse.base import FAR_SEQ
from relance.warehouse.dialects import DIALECTS, FIRST_AT_MARK, FIRST_PROFILE_MARK, LAST_AT_MARK, LAST_PROFILE_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.conditions.columns.needs import Needs
    from relance.conditions.model import ConditionSettings
    from relance.warehouse.base import Shape


def make_statements(needs: Needs, settings: ConditionSettings, dialect: str, shape: Shape) -> dict[str, str]:
    """The statements of one engine, by what they fetch: `states`, and `events`, `consents`, `suppressions`, `lists`, `scores` if needed.

    They ask about given `moments`, or about `members`: all profiles in a range at one instant, as of all that is known.

    Shape:
        states: one row a moment: `moment`, `known`, `zone`, for each trait `trait0` ... its JSON text, in the order of the
        sorted needs, `user` if buckets count, and for each channel whether there is a good address. The others: rows
        of the profiles of the moments, with `profile_id`, `event_at` and `event_seq`; consents with `moment`;
        suppressions with `low` and `high`, between which the address was the profile's and got nothing. Of members,
        states and consents come with `profile_id` in the place of `moment`.
    """
    if dialect not in DIALECTS:
        msg = f"{dialect} reads no statements"
        raise UnsupportedByEngine(msg)
    made: dict[str, Any] = {"states": _states(needs, settings, shape)}
    if needs.names:
        made["events"] = _events(needs, shape)
    if needs.consents:
        made["consents"] = _consents(needs, shape)
    if needs.channels:
        made["suppressions"] = _suppressions(needs, shape)
    if needs.lists:
        made["lists"] = _facts(shape, LISTS, LISTS.list_id, needs.lists, "member")
    if needs.predictions:
        made["scores"] = _facts(shape, SCORES, SCORES.prediction, needs.predictions, *sorted(needs.score_columns, reverse=True))
    return {name: str(ibis.to_sql(query, dialect=DIALECTS[dialect].name)) for name, query in made.items()}


def _asked_about(shape: Shape, rows: Any) -> Any:
    """The rows of the profiles that are asked about."""
    if shape == "moments":
        return rows.semi_join(MOMENTS, rows.profile_id == MOMENTS.profile_id)
    return rows.filter([rows.profile_id >= _mark(FIRST_PROFILE_MARK), rows.profile_id <= _mark(LAST_PROFILE_MARK)])


def _in_force(rows: Any) -> Any:
    """The rows that hold now."""
    return rows.filter(rows.until_seq >= FAR_SEQ)


def _states(needs: Needs, settings: ConditionSettings, shape: Shape) -> Any:
    moments = Moments(shape, settings.timezone)
    moments.need_state()
    table = moments.table if moments.given else _asked_about(shape, moments.table)
    keys = sorted(needs.traits)
    if keys:
        table = table.mutate(found=value_keys(table.traits, keys))
    columns = {f"trait{i}": table.found[i] for i in range(len(keys))}
    if needs.salts:  # a hash costs more than all else: it is made of those alone on whom something depends
        columns["user"] = table.user_id
    for channel in sorted(needs.channels):
        address, valid = state_columns(channel)
        there = table[address].fill_null("") != ""
        columns[f"{channel}_there"] = there & table[valid].fill_null(False) if valid else there
    return table.select(moments.key, "zone", known=table.user_id.notnull(), **columns)


def _events(needs: Needs, shape: Shape) -> Any:
    if shape == "moments":
        lengths = list(needs.names.values())
        return _events_named(needs, shape, set(needs.names), None if None in lengths else max(filter(None, lengths)))
    # Rows are many: those of a name that no window reaches stay where they are, and properties that nobody asks for are not
    # read. One statement with all bounds in a disjunction reads all rows of all columns, in four times the time.
    with_properties: set[str] = set().union(*needs.properties.values())
    parts = [
        _events_named(needs, shape, names, length)
        for some in (needs.names.keys() - with_properties, with_properties)
        for length, names in _by_length({name: needs.names[name] for name in some})
    ]
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def _by_length(lengths: Mapping[str, int | None]) -> list[tuple[int | None, set[str]]]:
    """The names of events that are read together, with how far back they are: those with windows of nearly one length."""
    groups: list[tuple[int | None, set[str]]] = []
    for length in sorted({*lengths.values()}, key=_none_last, reverse=True):
        names = {name for name, other in lengths.items() if other == length}
        longest = groups[-1][0] if groups else None
        if length is not None and longest is not None and longest < 2 * length:
            groups[-1][1].update(names)
        else:
            groups.append((length, names))
    return groups


def _events_named(needs: Needs, shape: Shape, names: set[str], length: int | None) -> Any:
    """The events of some names, as far back as they count."""
    rows = EVENTS.filter([EVENTS.name.isin(sorted(names)), EVENTS["at"] <= _mark(LAST_AT_MARK)])
    if length is not None:
        rows = rows.filter(rows["at"] > _mark(FIRST_AT_MARK) - length)
    named = set().union(*needs.properties.values()) & names
    # by name: `*` leaves out what ClickHouse makes of other columns
    rows = _asked_about(shape, rows.select("profile_id", "seq", "at", "name", "machine", *(["properties"] if named else [])))
    numbers = ibis.cases(*((rows.name == name, sorted(needs.names).index(name)) for name in sorted(names)), else_=-1)
    keys = sorted(needs.properties)
    values = {f"value{i}": ibis.null("string") for i in range(len(keys))}
    if named:
        found = value_keys(rows.properties, keys)
        rows = rows.mutate(found=found if named == names else ibis.cases((rows.name.isin(sorted(named)), found)))
        values = {f"value{i}": rows.found[i] for i in range(len(keys))}
    return rows.select("profile_id", "machine", event_at=rows["at"], event_seq=rows.seq, number=numbers.cast("int64"), **values)


def _none_last(length: int | None) -> int:
    return FAR_SEQ if length is None else length


def _mark(mark: int) -> Any:
    return ibis.literal(mark, "int64")


def _consents(needs: Needs, shape: Shape) -> Any:
    rows = CONSENTS.filter(CONSENTS.group_id.isin(sorted({group for _, group in needs.consents})))
    channels = {channel for channel, _ in needs.consents if channel is not None}
    if len(channels) == len({channel for channel, _ in needs.consents}):  # else some group counts whatever the channel
        rows = rows.filter(rows.channel.isin(sorted(channels)))
    if shape == "members":
        return _in_force(_asked_about(shape, rows)).select("profile_id", "channel", "group_id", "state")
    joined = MOMENTS.join(rows, MOMENTS.profile_id == rows.profile_id)
    joined = joined.filter((joined.seq_right <= joined.seq) & (joined.seq < joined.until_seq))
    return joined.select("moment", "channel", "group_id", "state")


def _suppressions(needs: Needs, shape: Shape) -> Any:
    """By address: a join that bounds the places in the log, too, is planned the wrong way round (1,000 moments: 2.3 s)."""
    owners = _asked_about(shape, PROFILES if shape == "moments" else PROFILES_NOW)
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


def _facts(shape: Shape, table: Any, key: Any, wanted: Iterable[str], *columns: str) -> Any:
    rows = table.filter([key.isin(sorted(wanted)), table["at"] <= _mark(LAST_AT_MARK)])
    rows = _asked_about(shape, rows)
    return rows.select("profile_id", *columns, event_at=rows["at"], event_seq=rows.seq, of=rows[key.get_name()])
