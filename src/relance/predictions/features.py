"""Features of people at a cut-off: counts, recency, rhythm, trend, season, sums, distinct values, tenure, traits.

Strictly before the cut-off: what had happened by then *and* had been received by then. The same code makes the features
to learn from, at many past cut-offs, and those of today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from relance.clock import DAY, HOUR
from relance.predictions.facts import PARTS, Facts, codes_of, n_distinct, order_of, parts_of, words_of
from relance.predictions.layout import parse_day
from relance.predictions.people import persons_at
from relance.predictions.pull import pulling, word_of
from relance.predictions.rhythm import rhythm_of
from relance.predictions.target import Rule
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from relance.predictions.facts import Rows, Words
    from relance.predictions.layout import Layout, Property, Trait
    from relance.predictions.people import Merge
    from relance.warehouse.engines.duckdb_scratch import Scratch

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_sql = load_queries("relance.predictions", "features.sql")
YEAR = 365 * DAY
PLAIN = Rule()
_MAIN = ("target", "any event")  # what is counted over all windows
_NOTHING = float("nan")


@dataclass(frozen=True)
class Snapshot:
    """People at one cut-off.

    Shape: `matrix` is (people, features); its columns are named by the builder.
    """

    cutoff: int
    person: Ints
    matrix: Floats
    history: History

    def only(self, which: NDArray[np.bool_] | Ints | slice) -> Snapshot:
        """Some of its people."""
        h = self.history
        history = History(h.occasions[which], h.recency[which], h.age[which], h.spent[which], h.tenure[which])
        return Snapshot(self.cutoff, self.person[which], self.matrix[which], history)


@dataclass(frozen=True)
class History:
    """The few numbers on purchases that simple models want.

    Shape: one entry a person. Units: days, of 24 hours; zero where the person never did it.
    """

    occasions: Floats  # days with at least one target event
    recency: Floats  # from the last one to the cut-off
    age: Floats  # from the first one to the cut-off
    spent: Floats  # sum of the values, or of the first numeric property
    tenure: Floats  # since the person was first seen


@dataclass(frozen=True)
class Outcomes:
    """What happened in the window after a cut-off.

    Shape: one entry a person of the snapshot.
    """

    happened: NDArray[np.bool_]
    value: Floats


class Columns(Protocol):
    """Events and trait changes: `EventColumns`, or those of a warehouse."""

    def span(self) -> int: ...

    def tables(self) -> dict[str, dict[str, Any]]: ...


class FeatureBuilder:
    """Makes snapshots of one stream.

    Args:
        scratch: where the sums are computed.
        columns: the events; they are loaded at once.
        n_subjects: how many subjects there are.
        first_at: when each subject was first known.
        merges: who became part of whom, and when.
        layout: what to compute features from.
        window: the length of the prediction's window.
        windows: over which lengths events are counted; found in the events if none are given.
        rule: which events in the window are a yes.
        audience: by cut-off, the subjects who are asked about, in order; nobody at a cut-off that is not there. Everybody if none.
    """

    def __init__(
        self,
        scratch: Scratch,
        columns: Columns,
        *,
        first_at: Sequence[int] | Ints,
        merges: Sequence[Merge],
        layout: Layout,
        window: int,
        windows: Sequence[int] | None = None,
        rule: Rule = PLAIN,
        audience: Mapping[int, Ints] | None = None,
    ) -> None:
        self._scratch = scratch
        self._merges = merges
        self._n_subjects = len(first_at)
        self.layout = layout
        self.window = window
        self.grain = DAY if window >= 2 * DAY else HOUR
        self.windows = list(windows) if windows is not None else _windows(window, columns.span())
        self.rule = rule
        self._audience = audience
        self._load(columns, first_at)
        self.names: tuple[str, ...] = ()

    def _load(self, columns: Columns, first_at: Sequence[int] | Ints) -> None:
        self._first_at = np.asarray(first_at, np.int64)
        tables = columns.tables()
        self._scratch.load("traits", tables["traits"])
        events = tables["events"]
        subject, at, row = (np.asarray(events[name]) for name in ("subject", "at", "row"))
        code, target = codes_of(events["name"], self.layout.names), np.asarray(events["target"], bool)
        self._pulled = pulling(self.layout.properties, self.layout.names)
        numbers: dict[int, Floats] = {}
        words: dict[int, Words] = {}
        if self._pulled.columns:
            marks = {"read": "".join(f", {r}" for r in self._pulled.reading), "pulled": ", ".join(self._pulled.columns)}
            there = {"code": code, "target": target, "properties": events["properties"]}
            told = self._scratch.table(_sql["facts"].format(**marks), events=there)
            for p, i in zip(self.layout.properties, self._pulled.places, strict=True):
                if p.kind == "word":
                    words[i] = words.get(i) or words_of(told[f"p{i}"], word_of)
                elif i not in numbers:
                    numbers[i] = parts_of(told[f"p{i}"].to_numpy())
        facts = Facts(
            subject, at, np.asarray(events["known"]), code, target, np.asarray(events["mask"], np.int64),
            parts_of(np.asarray(events["value"], np.float64)), numbers, words,
        )  # fmt: skip
        self._facts = facts.take(order_of(subject, at, row))

    # ------------------------------------------------------------------------------------------------------- sums
    def _sums(self, seen: Rows, cutoff: int) -> dict[str, Floats]:
        """By label: counts, recency, sums, distinct values."""
        sums = {
            "events": seen.count(),
            "first event": (cutoff - seen.first()) / DAY,
            "last event": (cutoff - seen.last()) / DAY,
        }
        target = seen.only(seen.facts.target[seen.rows])
        codes = seen.facts.code[seen.rows]
        named = {name: seen.only(codes == i) for i, name in enumerate(self.layout.names)}
        for label, rows in (("target", target), ("any event", seen), *named.items()):
            self._add_counts(sums, label, rows, cutoff)
        for i, p in zip(self._pulled.places, self.layout.properties, strict=True):
            self._add_property(sums, i, p, target if p.name is None else named[p.name], cutoff)
        return sums

    def _add_counts(self, sums: dict[str, Floats], label: str, rows: Rows, cutoff: int) -> None:
        sums[f"{label}: times ever"] = rows.count()
        sums[f"{label}: last"] = (cutoff - rows.last()) / DAY
        sums[f"{label}: first"] = (cutoff - rows.first()) / DAY
        main = label in _MAIN
        within: dict[int, Rows] = {}
        for w in reversed(self.windows if main else self.windows[1:4]):  # each is a part of the longer one
            within[w] = rows = rows.since(cutoff - w)
        for w in reversed(within):
            sums[f"{label}: times in {_days(w)}"] = within[w].count()
        if main:
            for w in (self.windows[-1], self.windows[min(2, len(self.windows) - 1)]):
                sums[f"{label}: days in {_days(w)}"] = within[w].n_occasions(self.grain)

    def _add_property(self, sums: dict[str, Floats], i: int, p: Property, rows: Rows, cutoff: int) -> None:
        label = f"{p.name or 'target'}.{p.path}"
        recent = self.windows[min(2, len(self.windows) - 1)]
        if p.kind == "word":
            words = rows.facts.words[i]
            place, codes = rows.elements(i)
            sums[f"{label}: distinct values"] = n_distinct(place, codes, rows.n_people, len(words.vocabulary))
            if "[]" in p.path:
                sums[f"{label}: values"] = np.bincount(place, minlength=rows.n_people).astype(np.float64)
                return
            for v in p.values:
                with_it = place[codes == words.vocabulary.get(v, len(words.vocabulary))]
                sums[f"{label} = {v}: times ever"] = np.bincount(with_it, minlength=rows.n_people).astype(np.float64)
            return
        given, amounts = rows.with_number(i)
        late = given.at >= cutoff - recent
        sums[f"{label}: sum ever"] = given.total(amounts)
        sums[f"{label}: n ever"] = given.count()
        sums[f"{label}: sum in {_days(recent)}"] = given.only(late).total(amounts[late])
        sums[f"{label}: largest"] = given.largest(amounts)
        sums[f"{label}: latest"] = given.latest(amounts)

    # --------------------------------------------------------------------------------------------------- snapshots
    def snapshot(self, cutoff: int) -> Snapshot:
        """Everybody known before a cut-off, with their features as of it."""
        persons = persons_at(self._n_subjects, self._merges, cutoff)
        stands = np.arange(self._n_subjects) if persons is None else np.asarray(persons, np.int64)
        everybody = np.unique(stands[self._first_at < cutoff])
        places = np.full(self._n_subjects + 1, -1)
        places[everybody] = np.arange(len(everybody))
        seen = self._facts.seen(cutoff, places[stands], len(everybody))
        table = _Table(everybody)
        self._add_sums(table, self._sums(seen, cutoff))
        rhythm = self._add_rhythm(table, "target", seen.only(seen.facts.target[seen.rows]), cutoff)
        self._add_rhythm(table, "any event", seen, cutoff)
        self._add_traits(table, stands, cutoff)
        self.names = tuple(table.names)
        made = Snapshot(cutoff, everybody, np.column_stack(table.columns), self._history(table, rhythm, cutoff))
        if self._audience is None:
            return made
        return made.only(np.isin(everybody, self._audience.get(cutoff, np.zeros(0, np.int64))))

    def outcomes(self, snapshot: Snapshot, known_before: int) -> Outcomes:
        """What the people of a snapshot did in the window; a person who became part of another did what that one did."""
        final = persons_at(self._n_subjects, self._merges, known_before)
        stands = np.arange(self._n_subjects) if final is None else np.asarray(final, np.int64)
        ended = stands[snapshot.person]
        facts = self._facts
        rows = np.nonzero(facts.target & (facts.at >= snapshot.cutoff) & (facts.at < snapshot.cutoff + self.window))[0]
        who = stands[facts.subject[rows]]
        masks = np.zeros(self._n_subjects, np.int64)
        np.bitwise_or.at(masks, who, facts.mask[rows])
        value = np.bincount(who, weights=facts.value[rows], minlength=self._n_subjects) / PARTS
        return Outcomes(self.rule.of(masks[ended]), value[ended])

    def _add_sums(self, table: _Table, sums: dict[str, Floats]) -> None:
        table.sums = sums
        for label, column in sums.items():
            if label == "events" or label.endswith(": n ever"):
                continue
            table.add(label, column)
            if label.endswith(": sum ever"):
                base = label.removesuffix(": sum ever")
                n = sums[f"{base}: n ever"]
                table.add(f"{base}: mean", np.where(n > 0, column / np.maximum(n, 1), np.nan))
        for label in _MAIN:
            recent, before = self.windows[1], self.windows[2] if len(self.windows) > 2 else self.windows[1]
            now, both = sums[f"{label}: times in {_days(recent)}"], sums[f"{label}: times in {_days(before)}"]
            table.add(f"{label}: trend", (now + 0.5) / (both - now + 0.5))
        _engagement(table, sums)

    def _add_rhythm(self, table: _Table, label: str, rows: Rows, cutoff: int) -> dict[str, Floats]:
        per = self.grain
        spans = {"same weeks a year ago": (YEAR, YEAR - self.window), "around these weeks a year ago": (YEAR + self.window, YEAR - 2 * self.window),
                 "same weeks two years ago": (2 * YEAR, 2 * YEAR - self.window)}  # fmt: skip
        r = rhythm_of(rows, per, [((cutoff - start) // per, (cutoff - end) // per) for start, end in spans.values()])
        scale = per / DAY
        n = r.occasions
        recency = (cutoff / per - r.last) * scale
        mean = r.gap_sum / np.maximum(n - 1, 1) * scale
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = r.gap_squares * scale * scale / np.maximum(n - 1, 1) - mean**2
            spread = np.sqrt(np.maximum(variance, 0))
            table.add(f"{label}: days with it", n)
            table.add(f"{label}: mean gap", mean)
            table.add(f"{label}: median gap", r.gap_median * scale)
            table.add(f"{label}: spread of gaps", np.where(n > 2, spread / np.maximum(mean, scale), np.nan))
            table.add(f"{label}: last gap", r.gap_last * scale)
            table.add(f"{label}: longest gap", r.gap_max * scale)
            table.add(f"{label}: overdue", recency / np.maximum(mean, scale))
            table.add(f"{label}: days to the expected next", mean - recency)
            table.add(f"{label}: recency by longest gap", recency / np.maximum(r.gap_max * scale, scale))
            age = (cutoff / per - r.first) * scale
            table.add(f"{label}: days with it, a year", n / np.maximum(age, 30) * 365)
            table.add(f"{label}: last gap by mean gap", r.gap_last * scale / np.maximum(mean, scale))
        for i, name in enumerate(spans):
            if self._span > spans[name][0]:
                table.add(f"{label}: {name}", r.seasons[i])
        return {"occasions": n, "recency": np.nan_to_num(recency), "age": np.nan_to_num(age)}

    @property
    def _span(self) -> int:
        return self.windows[-1] if self.windows else 0

    def _add_traits(self, table: _Table, stands: Ints, cutoff: int) -> None:
        traits = self.layout.traits
        if not traits:
            return
        marks: dict[str, Any] = {"person": "f.subject", "whose": "", "cutoff": cutoff}
        if (stands != np.arange(len(stands))).any():
            self._scratch.load("whose", {"subject": np.arange(len(stands), dtype=np.int32), "person": stands.astype(np.int32)})
            marks.update(person="whose.person", whose="JOIN whose USING (subject)")
        terms = ", ".join(f"arg_max_null(value, row) FILTER (key = {_text(t.key)}) AS t{i}" for i, t in enumerate(traits))
        found = self._scratch.table(_sql["traits"].format(terms=terms, **marks))
        place = np.searchsorted(table.person, found["person"].to_numpy())
        for i, trait in enumerate(traits):
            words = words_of(found[f"t{i}"])
            for label, values in _trait_columns(trait, [*words.vocabulary, None], cutoff):
                table.add(label, table.spread(place, values[words.codes]))

    def _history(self, table: _Table, rhythm: dict[str, Floats], cutoff: int) -> History:  # noqa: ARG002
        spent = np.zeros(len(table.person))
        for i, p in enumerate(self.layout.properties):
            if p.name is None and p.kind == "number":
                label = f"target.{self.layout.properties[i].path}: sum ever"
                total = next((q.path for q in self.layout.properties if q.name is None and q.path in _MONEY), p.path)
                spent = np.maximum(table.sums.get(f"target.{total}: sum ever", table.sums[label]), 0)
                break
        tenure = np.nan_to_num(table.sums["first event"])
        return History(rhythm["occasions"], rhythm["recency"], rhythm["age"], spent, tenure)


_MONEY = ("total", "revenue", "value", "amount", "price")


class _Table:
    """Columns of one snapshot, by person."""

    def __init__(self, person: Ints) -> None:
        self.person = person
        self.names: list[str] = []
        self.columns: list[Floats] = []
        self.sums: dict[str, Floats] = {}

    def spread(self, place: Ints, values: Floats) -> Floats:
        """A column of some people, as one of everybody; NaN for the others."""
        column = np.full(len(self.person), np.nan)
        column[place] = values
        return column

    def add(self, name: str, column: Floats) -> None:
        self.names.append(name)
        self.columns.append(column)


def _engagement(table: _Table, sums: dict[str, Floats]) -> None:
    """How much of what was sent on a channel was opened and clicked."""
    for sent, reactions in (
        ("Email Delivered", ("Email Opened", "Email Link Clicked")),
        ("Email Sent", ("Email Opened", "Email Link Clicked")),
        ("SMS Sent", ("SMS Link Clicked",)),
        ("Push Notification Sent", ("Push Notification Tapped",)),
        ("Push Notification Received", ("Push Notification Tapped",)),
    ):
        for reaction in reactions:
            if f"{sent}: times ever" in sums and f"{reaction}: times ever" in sums:
                table.add(f"{reaction} by {sent}", (sums[f"{reaction}: times ever"] + 0.5) / (sums[f"{sent}: times ever"] + 2))


def _trait_columns(trait: Trait, texts: Sequence[str | None], cutoff: int) -> list[tuple[str, Any]]:
    import msgspec

    decode = msgspec.json.Decoder().decode
    values = [None if t is None else decode(t) for t in texts]
    label = f"trait {trait.key}"
    if trait.kind == "number":
        return [(label, np.asarray([_number(v) for v in values], np.float64))]
    if trait.kind == "instant":
        days = [parse_day(v) if isinstance(v, str) else None for v in values]
        since = np.asarray([_NOTHING if d is None else (cutoff - d) / DAY for d in days], np.float64)
        return [(f"{label}: days since", since), (f"{label}: days to the anniversary", (-since) % 365.25)]
    return [
        (f"{label} = {w}", np.asarray([float(v is not None and str(v) == w) for v in values], np.float64)) for w in trait.values
    ]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return _NOTHING


def _windows(window: int, span: int) -> list[int]:
    """Lengths to count over: parts and multiples of the prediction's own window, and a year; none longer than the history."""
    grain = DAY if window >= 2 * DAY else HOUR
    wanted = [max(window // 4 // grain, 1) * grain, window, 2 * window, 4 * window, YEAR]
    kept: list[int] = []
    for w in wanted:
        if (not kept or w >= 1.25 * kept[-1]) and (w <= span or len(kept) < 3):
            kept.append(w)
    return kept


def _days(micros: int) -> str:
    return f"{micros // DAY} d" if micros % DAY == 0 else f"{micros // HOUR} h"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
