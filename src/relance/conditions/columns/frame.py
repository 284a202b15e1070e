"""What was fetched for some moments, lined up with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions.evaluate import bucket_of
from relance.localtime import UTC_ZONE, find_zone
from relance.warehouse.base import FAR_SEQ
from relance.warehouse.columns import ordered

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from relance.conditions.columns.needs import Needs
    from relance.warehouse.base import Moments
    from relance.warehouse.columns import Coded

Array = np.ndarray[Any, Any]

_NOBODY, _NOT_ASKED = -1, -2  # in the place of the number of a bucket


class Texts:
    """JSON texts of one key, row by row, read once for each distinct one."""

    def __init__(self, coded: Coded) -> None:
        self.coded = coded
        self._read: list[Any] | None = None

    @property
    def values(self) -> list[Any]:
        """The distinct values, and None for where there is none."""
        if self._read is None:
            # one list is read at a fifth of what its elements cost one by one
            self._read = [*json.loads(f"[{','.join(text or 'null' for text in self.coded.values)}]"), None]
        return self._read

    @cached_property
    def numbers(self) -> Array:
        """The distinct values as floating-point numbers where they are such exactly, else not a number."""
        return np.array([_plain_number(value) for value in self.values], dtype=np.float64)


def _plain_number(value: Any) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53:
        return float(value)
    return float("nan")


@dataclass(slots=True)
class Pairs:
    """Each moment with each row of its profile that is seen at it, by moment, then by the time of the row.

    Shape:
        moment, row: one a pair, places among the moments and among the rows.
    """

    moment: Array
    row: Array

    def only(self, mask: Array) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.moment[mask], self.row[mask])


def by_time(columns: dict[str, Any]) -> dict[str, Any]:
    """Rows in the order of their profile, then of time, then of their place in the log."""
    order = _by_instant(columns)
    return ordered(columns, order[np.argsort(columns["profile_id"][order], kind="stable")])


def _by_instant(columns: dict[str, Any]) -> Array:
    """The rows by time, then by their place in the log. Mostly they came so, or in a few runs that did."""
    at, seq = columns["event_at"], columns["event_seq"]
    order = np.argsort(at, kind="stable")  # which finds runs
    then, place = at[order], seq[order]
    if np.all((then[1:] > then[:-1]) | (place[1:] >= place[:-1])):
        return order
    return np.lexsort((seq, at))


def _of_members(profiles: Array, columns: dict[str, Any], *, in_time: bool) -> dict[str, Any]:
    """The rows of some profiles, which are in order, with the place of each as `moment`; by that, and by time if asked for."""
    owners = columns["profile_id"]
    low = int(profiles[0]) if len(profiles) else 0
    places = np.full(int(profiles[-1]) - low + 1 if len(profiles) else 0, -1, dtype=np.int64)
    places[profiles - low] = np.arange(len(profiles))
    inside = (owners >= low) & (owners < low + len(places))
    moment = np.full(len(owners), -1, dtype=np.int64)
    moment[inside] = places[owners[inside] - low]
    order = _by_instant(columns) if in_time else np.arange(len(owners))
    order = order[moment[order] >= 0]
    if in_time:
        order = order[_sort_places(moment[order])]
    return ordered(columns | {"moment": moment}, order)


def _sort_places(places: Array) -> Array:
    """A stable order of numbers that are not below zero, sixteen bits at a time: that costs a fifth of sorting them whole."""
    order = np.argsort((places & 0xFFFF).astype(np.uint16), kind="stable")
    high = places >> 16
    while high.any():
        order = order[np.argsort((high[order] & 0xFFFF).astype(np.uint16), kind="stable")]
        high >>= 16
    return order


@dataclass(slots=True)
class Frame:
    """Moments with what was fetched for them."""

    needs: Needs
    profiles: Array
    at: Array
    seq: Array
    states: dict[str, Any]
    events: dict[str, Any] = field(default_factory=dict)  # by profile and time, as are lists and scores
    consents: dict[str, Any] = field(default_factory=dict)
    suppressions: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    zones: dict[str, ZoneInfo] = field(default_factory=dict)
    texts: dict[tuple[str, str], Texts] = field(default_factory=dict)
    places: dict[str, Array] = field(default_factory=dict)  # of the events of each name
    instant: int | None = None  # that of all moments, if it is one
    cache: dict[Any, Any] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)  # what holds for other moments, too

    @classmethod
    def of(cls, needs: Needs, moments: Moments, fetched: dict[str, dict[str, Any]], memory: dict[Any, Any]) -> Frame:
        """Line up what the statements of `statements.make_statements` answered."""
        profiles, at, seq = (np.asarray(column, dtype=np.int64) for column in moments)
        seq = np.minimum(seq, FAR_SEQ - 1)  # what lasts for ever ends there
        states = fetched["states"]
        made = cls(needs, profiles, at, seq, ordered(states, np.argsort(states["moment"], kind="stable")), memory=memory)
        for name in ("events", "lists", "scores"):
            if name in fetched:
                setattr(made, name, by_time(fetched[name]))
        made.consents, made.suppressions = fetched.get("consents", {}), fetched.get("suppressions", {})
        return made

    @classmethod
    def of_members(cls, needs: Needs, at: int, fetched: dict[str, dict[str, Any]], memory: dict[Any, Any]) -> Frame:
        """The same of all profiles of a range at an instant: each is one moment, and all that was fetched is seen at it."""
        states = ordered(fetched["states"], np.argsort(fetched["states"]["profile_id"], kind="stable"))
        profiles = states["profile_id"]
        n = len(profiles)
        made = cls(needs, profiles, np.full(n, at), np.full(n, FAR_SEQ - 1), states, instant=at, memory=memory)
        for name in ("events", "lists", "scores"):
            if name in fetched:
                setattr(made, name, _of_members(profiles, fetched[name], in_time=True))
        made.consents, made.suppressions = fetched.get("consents", {}), fetched.get("suppressions", {})
        if made.consents:
            made.consents = _of_members(profiles, made.consents, in_time=False)
        return made

    @property
    def n(self) -> int:
        """How many moments there are."""
        return len(self.profiles)

    @property
    def known(self) -> Array:
        """At which moments the profile was there."""
        found: Array = self.states["known"].astype(bool)  # one engine counts, the other tells
        return found

    def zone(self, name: str) -> ZoneInfo:
        """The zone of a name, as the plain reading finds it."""
        if name not in self.zones:
            self.zones[name] = find_zone(name) or UTC_ZONE
        return self.zones[name]

    def in_zones(self, texts: Texts) -> tuple[list[tuple[int, int]], Array]:
        """The distinct values of a trait together with zones.

        Shape:
            the places of value (-1 where there is none) and zone; and for each moment which of these pairs it has.
        """
        key = ("zones", id(texts))
        if key not in self.cache:
            zones = self.states["zone"]
            width = max(len(zones.values), 1)
            both = (texts.coded.codes.astype(np.int64) + 1) * width + zones.codes
            there = np.zeros((len(texts.coded.values) + 1) * width, dtype=bool)
            there[both] = True
            distinct = np.flatnonzero(there)
            places = np.zeros(len(there), dtype=np.int64)
            places[distinct] = np.arange(len(distinct))
            sources = zip((distinct // width - 1).tolist(), (distinct % width).tolist(), strict=True)
            self.cache[key] = list(sources), places[both]
        found: tuple[list[tuple[int, int]], Array] = self.cache[key]
        return found

    def traits(self, key: str) -> Texts:
        """The values of a trait at each moment."""
        return self._texts("trait", key, f"trait{sorted(self.needs.traits).index(key)}", self.states)

    def buckets(self, salt: str, asked: Array) -> Array:
        """The sticky bucket of the person of each moment that is asked about; below 0 at others, and where nobody is."""
        users = self.states["user"]
        key = ("buckets", salt)
        if key not in self.cache:
            self.cache[key] = np.full(len(users.values) + 1, _NOT_ASKED)
            self.cache[key][-1] = _NOBODY
        numbers: Array = self.cache[key]
        wanted = np.zeros(len(numbers), dtype=bool)
        wanted[users.codes[asked]] = True
        for code in np.flatnonzero(wanted & (numbers == _NOT_ASKED)).tolist():
            numbers[code] = bucket_of(salt, users.values[code])
        found: Array = numbers[users.codes]
        return found

    def properties(self, key: str) -> Texts:
        """The values of a property of each event."""
        return self._texts("value", key, f"value{sorted(self.needs.properties).index(key)}", self.events)

    def _texts(self, kind: str, key: str, column: str, columns: dict[str, Any]) -> Texts:
        if (kind, key) not in self.texts:
            self.texts[kind, key] = Texts(columns[column])
        return self.texts[kind, key]

    def events_named(self, name: str) -> Array:
        """The places of the events of a name."""
        if name not in self.places:
            self.places[name] = np.flatnonzero(self.events["number"] == sorted(self.needs.names).index(name))
        return self.places[name]

    def pairs_of(self, name: str) -> Pairs:
        """The moments with the events of a name that are seen at them."""
        if ("pairs", name) not in self.cache:
            self.cache["pairs", name] = self.pair_up(self.events, self.events_named(name))
        found: Pairs = self.cache["pairs", name]
        return found

    def pair_up(self, columns: dict[str, Any], rows: Array) -> Pairs:
        """The moments with those of some rows that are seen at them."""
        if "moment" in columns:
            return Pairs(columns["moment"][rows], rows)
        pairs = self.match(columns["profile_id"][rows])
        moment, row = pairs.moment, rows[pairs.row]
        seen = (columns["event_at"][row] <= self.at[moment]) & (columns["event_seq"][row] <= self.seq[moment])
        return Pairs(moment, row) if seen.all() else Pairs(moment[seen], row[seen])

    def match(self, owners: Array) -> Pairs:
        """The moments with all rows of their profiles; `owners` are the profiles of the rows, in order."""
        begin, end = (np.searchsorted(owners, self.profiles, side=side) for side in ("left", "right"))
        counts = end - begin
        moment = np.repeat(np.arange(self.n), counts)
        return Pairs(moment, np.arange(len(moment)) - np.repeat(np.cumsum(counts) - counts - begin, counts))
