"""What there is to compute features from: the event names, properties and traits of a stream, chosen without a word of code.

Chosen by what was received before the cut-off alone. Limits keep the matrix small: a feature costs time and, where people
are few, sense.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from relance.clock import parse_instant
from relance.predictions.intake import flat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.predictions.intake import EventColumns

Kind = Literal["number", "word", "length", "instant"]

MAX_NAMES = 10
MAX_PROPERTIES = 14
MAX_TRAITS = 25
MAX_VALUES = 6  # of a word, that get columns of their own
SAMPLE = 4_000  # events of a name that are looked at
MIN_PEOPLE = 20  # who did an event, or carry a trait, before it is worth a column
MIN_SHARE = 0.01
NUMERIC = 0.95
_ID_ENDINGS = ("_id", "id", "upc", "sku", "code", "number", "postcode", "zip")


@dataclass(frozen=True)
class Property:
    """A property of one event name, or of all target events (`name` is then None)."""

    name: str | None
    path: str  # dotted; a part `[]` stands for the elements of a list
    kind: Kind
    values: tuple[str, ...] = ()  # of a word: the most frequent ones


@dataclass(frozen=True)
class Trait:
    """A trait. An instant becomes days from the cut-off."""

    key: str
    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """What features are made of, in a fixed order."""

    names: tuple[str, ...]
    properties: tuple[Property, ...]
    traits: tuple[Trait, ...]
    notes: tuple[str, ...] = ()  # what was left out, and why


def choose_layout(columns: EventColumns, *, target_names: frozenset[str], window: int) -> Layout:
    """The names, properties and traits worth a column."""
    people: dict[str, set[int]] = defaultdict(set)
    rows: dict[str, list[int]] = defaultdict(list)
    target_rows: list[int] = []
    for row, (name, subject) in enumerate(zip(columns.name, columns.subject, strict=True)):
        people[name].add(subject)
        rows[name].append(row)
        if columns.target[row]:
            target_rows.append(row)
    n_people = len(set(columns.subject) | set(columns.trait_subject))
    enough = max(MIN_PEOPLE, MIN_SHARE * n_people)
    wanted = sorted((n for n, who in people.items() if len(who) >= enough), key=lambda n: (-len(people[n]), n))[:MAX_NAMES]
    properties: list[Property] = []
    properties += _properties(None, columns, target_rows)[:MAX_PROPERTIES]
    for name in wanted:
        all_target = name in target_names and all(columns.target[r] for r in rows[name][:SAMPLE])
        if not all_target:
            room = max(3, MAX_PROPERTIES - len(properties))
            properties += _properties(name, columns, rows[name])[:room]
    traits, notes = _traits(columns, enough, window)
    return Layout(tuple(wanted), tuple(properties[: 2 * MAX_PROPERTIES]), traits, notes)


def _properties(name: str | None, columns: EventColumns, rows: list[int]) -> list[Property]:
    step = max(1, len(rows) // SAMPLE)
    sample = rows[::step]
    seen: dict[str, list[Any]] = defaultdict(list)
    decode = msgspec.json.Decoder().decode
    for row in sample:
        for path, value in _scalars(decode(columns.properties[row])):
            if _can_be_asked(path):
                seen[path].append(value)
    found: list[tuple[int, str, Property]] = []
    for path, values in seen.items():
        given = [v for v in values if v is not None]
        if len(given) < max(5, 0.02 * len(sample)):
            continue
        kind = _kind(path, given)
        if kind is None:
            continue
        top: tuple[str, ...] = ()
        if kind == "word":
            counts = Counter(str(v) for v in given)
            # a value nobody else has (an order's number, an event's time) tells nothing
            if len(counts) > 0.9 * len(given) and len(given) > 20:
                continue
            if len(counts) == 1:
                continue
            top = tuple(
                v for v, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:MAX_VALUES] if n >= 0.02 * len(given)
            )
        elif kind != "length" and len(set(map(str, given))) == 1:
            continue
        order = {"number": 0, "length": 1, "word": 2, "instant": 3}[kind]
        if kind != "instant":
            found.append((order, path, Property(name, path, kind, top)))
    found.sort(key=lambda f: (f[0], f[1].count("["), f[1].count("."), f[1]))
    return [p for _, _, p in found]


def _can_be_asked(path: str) -> bool:
    """Whether a path into JSON has words for it: no empty key, and none with quotes."""
    return '"' not in path and all(path.replace("[]", "").split("."))


def _scalars(properties: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for path, value in flat(properties):
        if isinstance(value, list):
            yield f"{path}[]", len(value)
            inner: dict[str, list[Any]] = defaultdict(list)
            for element in value[:50]:
                if isinstance(element, dict):
                    for key, part in element.items():
                        if not isinstance(part, dict | list):
                            inner[key].append(part)
            for key, parts in inner.items():
                yield f"{path}[].{key}", parts[0]
        else:
            yield path, value


def _kind(path: str, values: list[Any]) -> Kind | None:
    """What a column of values is; None for a mixture."""
    if path.endswith("[]"):
        return "length"
    n = len(values)
    id_like = path.lower().endswith(_ID_ENDINGS)
    if all(isinstance(v, bool) for v in values):
        return "word"
    if not id_like and sum(_is_number(v) for v in values) >= NUMERIC * n:
        return "number"
    if sum(isinstance(v, str) and parse_day(v) is not None for v in values) >= NUMERIC * n:
        return "instant"
    return "word"


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return value.strip() == value and not value.startswith("0") if len(value) > 1 and "." not in value else True


def parse_day(text: str) -> int | None:
    """An instant or a date as microseconds since 1970; None when it is neither."""
    if len(text) == 10 and text[4] == "-" == text[7]:
        return parse_instant(text + "T00:00:00Z")
    return parse_instant(text)


def _traits(columns: EventColumns, enough: float, window: int) -> tuple[tuple[Trait, ...], tuple[str, ...]]:
    decode = msgspec.json.Decoder().decode
    last: dict[str, dict[int, Any]] = defaultdict(dict)
    for subject, key, value in zip(columns.trait_subject, columns.trait_key, columns.trait_value, strict=True):
        last[key][subject] = None if value is None else decode(value)
    after = _only_after_targets(columns, window)
    found: list[tuple[int, str, Trait]] = []
    notes: list[str] = []
    for key, by_subject in sorted(last.items()):
        given = [v for v in by_subject.values() if v is not None]
        if len(given) < enough or not _can_be_asked(key) or "[]" in key:
            continue
        if key in after:
            notes.append(f"the trait {key} is not used: it is known only after the event foretold")
            continue
        if any(isinstance(v, dict | list) for v in given):
            continue
        kind = _kind(key, given)
        if kind is None or kind == "length":
            continue
        top: tuple[str, ...] = ()
        if kind == "word":
            counts = Counter(str(v) for v in given)
            if len(counts) > 0.5 * len(given) and len(given) > 20:
                continue  # names and addresses
            top = tuple(v for v, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:MAX_VALUES] if n >= enough / 2)
            if not top:
                continue
        found.append((-len(given), key, Trait(key, kind, top)))
    found.sort(key=lambda f: (f[0], f[1]))
    return tuple(t for _, _, t in found[:MAX_TRAITS]), tuple(notes)


def _only_after_targets(columns: EventColumns, window: int) -> set[str]:
    """Traits that nearly nobody carries before a first target event, and nearly everybody gets by one.

    Such a trait says that the event happened, in other words. As of a cut-off it would be no leak where each change has its
    own time, but times are often made up when a file is exported.
    """
    first_target: dict[int, int] = {}
    for subject, at, target in zip(columns.subject, columns.at, columns.target, strict=True):
        if target:
            first_target[subject] = min(first_target.get(subject, at), at)
    everybody = set(columns.subject) | set(columns.trait_subject)
    without = len(everybody) - len(first_target)
    if without < max(MIN_PEOPLE, 0.05 * len(everybody)):
        return set()  # nearly everybody did it: the trait can not stand for that
    first_set: dict[str, dict[int, int]] = defaultdict(dict)
    for subject, key, at in zip(columns.trait_subject, columns.trait_key, columns.trait_at, strict=True):
        known = first_set[key]
        known[subject] = min(known.get(subject, at), at)
    found = set()
    for key, by_subject in first_set.items():
        before = sum(subject not in first_target or at < first_target[subject] for subject, at in by_subject.items())
        soon = sum(subject in first_target and 0 <= at - first_target[subject] <= window for subject, at in by_subject.items())
        if before <= 0.03 * len(by_subject) and soon >= 0.5 * len(by_subject):
            found.add(key)
    return found
