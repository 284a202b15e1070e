"""From a condition to one statement: the moments (or profiles) for which it holds.

The steps: put segments in place of their names; ask every leaf for the columns it needs, equal leaves once; join those
columns to the moments; filter by the condition over them. What somebody did comes from scans of the events, one scan for
all leaves with the same window, so that a segment over three events of the last 72 h reads those hours once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions import model
from relance.conditions.compiling.did import Absent, DidScans
from relance.conditions.compiling.moments import Moments
from relance.conditions.compiling.own import OwnState, own_hits
from relance.conditions.compiling.relations import bucket_of, value_items, value_key, value_number
from relance.conditions.compiling.state import consent_hits, state_columns, suppression_hits
from relance.conditions.compiling.values import Surroundings, is_list, matches, values_at
from relance.conditions.evaluate import EARTH_KM
from relance.conditions.nesting import put_segments
from relance.errors import UnsupportedByEngine
from relance.warehouse.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.conditions.compiling.state import Hits
    from relance.warehouse.base import Shape

    Column = Callable[[Any], Any]  # from the joined relation to a truth value


def compile_statement(
    condition: model.Condition,
    segments: Mapping[str, model.Condition],
    settings: model.ConditionSettings,
    dialect: str,
    shape: Shape,
) -> str:
    """The statement that answers the moments (column `moment`), or the profiles (`profile_id`), where the condition holds.

    Raises:
        UnsupportedByEngine: the engine can not answer exactly.
    """
    tree = put_segments(condition, segments)
    moments = Moments(shape, settings.timezone)
    return _as_sql(_Joiner(moments, settings).answer(tree), dialect)


def _as_sql(answer: Any, dialect: str) -> str:
    sql = str(ibis.to_sql(answer, dialect=DIALECTS[dialect].name))
    missing = sorted(name for name in DIALECTS[dialect].lacks if f"{name}(" in sql.lower())
    if missing:
        msg = f"{dialect} can not do this exactly, so it does not do it: {', '.join(missing)}"
        raise UnsupportedByEngine(msg)
    return sql


class _Joiner:
    """Collects what the leaves need, then joins it to the moments."""

    def __init__(self, moments: Moments, settings: model.ConditionSettings) -> None:
        self.moments, self.settings = moments, settings
        self.scans = DidScans(moments)
        self.hits: dict[str, Hits] = {}
        self.columns: dict[str, Column] = {}
        self.own: dict[str, Hits] = {}

    def answer(self, tree: model.Condition) -> Any:
        truth = self.column(tree)
        table = self.joined(self.presence(tree), self.absence(tree))
        return table.filter(truth(table)).select(self.moments.key)

    def joined(self, required: set[str], forbidden: set[str]) -> Any:
        """The moments with all that the leaves need.

        Args:
            required: the relations in which a moment must be found for the condition to hold.
            forbidden: the scans in which it must not be found.
        """
        scans = dict(self.scans.tables(forbidden - required))
        # Whoever did something is there now: where that is all that is needed of them, nobody is looked up.
        lead = next((name for name in scans if name in required), None) if self.moments.are_plain_members else None
        table = self.moments.table if lead is None else scans.pop(lead)
        for name, scan in scans.items():
            if isinstance(scan, Absent):
                table = table.anti_join(scan.rows, self.moments.key).mutate(**{scan.column: ibis.null("int64")})
            else:
                table = self.join(table, name, scan, inner=name in required)
        for hits in self.hits.values():
            table = table.join(hits.table, hits.predicates(table), how="inner" if hits.name in required else "left")
        return table

    def join(self, table: Any, name: str, other: Any, *, inner: bool) -> Any:
        key = f"{name}_key"
        other = other.rename({key: self.moments.key})
        return table.join(other, [(self.moments.key, key)], how="inner" if inner else "left")

    def presence(self, condition: model.Condition) -> set[str]:
        """The relations in which a moment must be found for a condition to hold; they are joined so that they lead."""
        if isinstance(condition, model.All):
            return {name for part in condition.of for name in self.presence(part)}
        if isinstance(condition, model.AnyOf) and condition.of:
            return set.intersection(*map(self.presence, condition.of))
        if isinstance(condition, (model.Did, model.Sequence)):
            return self.scans.presence(condition)
        if isinstance(condition, model.CanReceive) and self.must_be_subscribed(condition):
            return {consent_hits(self.moments, condition.channel, "", "subscribed").name}
        if isinstance(condition, model.Subscribed):
            return {consent_hits(self.moments, condition.channel, condition.group, "subscribed").name}
        if isinstance(condition, OwnState) and not _is_never(condition):
            return {self.own_hits(condition).name}
        return set()

    def absence(self, condition: model.Condition) -> set[str]:
        """The scans in which a moment must not be found for a condition to hold."""
        if isinstance(condition, model.All):
            return {name for part in condition.of for name in self.absence(part)}
        if isinstance(condition, model.Not):
            return self.scans.absence(condition.of, happened=True)
        return self.scans.absence(condition, happened=False)

    def must_be_subscribed(self, condition: model.CanReceive) -> bool:
        return condition.because_subscribed or self.settings.mode(condition.channel) == "opt_in"

    def column(self, condition: model.Condition) -> Column:
        """How the joined relation tells whether a condition holds."""
        if isinstance(condition, model.Not):
            inner = self.column(condition.of)
            return lambda t: ~inner(t)
        if isinstance(condition, (model.All, model.AnyOf)):
            parts = [self.column(part) for part in condition.of]
            join = ibis.and_ if isinstance(condition, model.All) else ibis.or_
            if not parts:
                nothing = isinstance(condition, model.All)
                return lambda _t: ibis.literal(nothing)
            return lambda t: join(*(part(t) for part in parts))
        key = repr(condition)
        if key not in self.columns:
            self.columns[key] = self.leaf(condition)
        return self.columns[key]

    def leaf(self, condition: model.Condition) -> Column:
        if isinstance(condition, (model.Did, model.Sequence)):
            return self.scans.column(condition)
        if isinstance(condition, model.CanReceive):
            return self.can_receive(condition)
        if isinstance(condition, model.Subscribed):
            return self.hit(consent_hits(self.moments, condition.channel, condition.group, "subscribed"))
        if isinstance(condition, OwnState):
            found = self.hit(self.own_hits(condition))
            return (lambda t: ~found(t)) if _is_never(condition) else found
        if isinstance(condition, model.Earlier):
            return lambda t: self.moments.at(t) < condition.at
        self.moments.need_state()
        if isinstance(condition, model.Trait):
            clause = condition.clause
            return lambda t: matches(clause, t.traits, Surroundings(self.moments.at(t), t.zone))
        if isinstance(condition, model.Bucket):
            return lambda t: _between(bucket_of(condition.salt, t.user_id), condition.start, condition.end)
        assert isinstance(condition, model.Near)  # noqa: S101 - the last kind of leaf
        return lambda t: _near(condition, t.traits)

    def hit(self, hits: Hits) -> Column:
        self.hits[hits.name] = hits
        return lambda t: t[f"{hits.name}_yes"].fill_null(False)

    def own_hits(self, condition: OwnState) -> Hits:
        key = repr(condition)
        if key not in self.own:
            self.own[key] = own_hits(self.moments, f"own{len(self.own)}", condition)
        return self.own[key]

    def can_receive(self, condition: model.CanReceive) -> Column:
        self.moments.need_state()
        channel, mode = condition.channel, self.settings.mode(condition.channel)
        address, valid = state_columns(channel)
        suppressed = self.hit(suppression_hits(self.moments, channel, address))
        if self.must_be_subscribed(condition):
            consents = self.hit(consent_hits(self.moments, channel, "", "subscribed"))
        elif mode == "opt_out":
            refuses = self.hit(consent_hits(self.moments, channel, "", "unsubscribed"))
            consents = lambda t: ~refuses(t)  # noqa: E731 - as short as it gets
        else:
            consents = lambda _t: ibis.literal(True)  # noqa: E731

        def reachable(t: Any) -> Any:
            there = t[address].fill_null("") != ""
            well_formed = t[valid].fill_null(False) if valid else ibis.literal(True)
            return there & well_formed & ~suppressed(t) & consents(t)

        return reachable


def _is_never(condition: model.Condition) -> bool:
    return isinstance(condition, model.Journey) and condition.state == "never"


def _between(bucket: Any, start: int, end: int) -> Any:
    return ((bucket >= start) & (bucket < end)).fill_null(False)


def _near(condition: model.Near, traits: Any) -> Any:
    def is_close(place: Any) -> Any:
        lat, lon = value_number(value_key(place, "lat")), value_number(value_key(place, "lon"))
        a, b = ibis.literal(condition.lat).radians(), lat.radians()
        part = ((b - a) / 2).sin() ** 2 + a.cos() * b.cos() * ((lon - condition.lon).radians() / 2).sin() ** 2
        close = 2 * EARTH_KM * ibis.least(1.0, part.sqrt()).asin() <= condition.km
        return (place.startswith("{") & close).fill_null(False)

    values = values_at(traits, condition.path)
    direct = values.filter(is_close).length() > 0
    inside = values.filter(is_list).map(value_items).flatten().filter(is_close).length() > 0
    return (direct | inside).fill_null(False)
