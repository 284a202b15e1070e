"""Sums over events by person and time, against the same told one person at a time."""

from __future__ import annotations

import math
import random
import statistics
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from relance.predictions.facts import Facts, n_distinct, parts_of, words_of
from relance.predictions.rhythm import rhythm_of

DAYS = 60
CUTOFF = 50 * 24


def a_stream(seed: int, n: int = 400) -> list[dict[str, Any]]:
    """Events of twelve subjects, of whom some never do anything; many happen at once, some are told late."""
    draw = random.Random(seed)
    return [
        {"subject": draw.choice(range(9)), "at": (at := draw.randrange(DAYS * 24)), "known": at + draw.choice((0, 0, 0, 300)),
         "target": draw.random() < 0.3, "amount": draw.choice((None, round(draw.gauss(20, 30), 2))),
         "words": draw.choice((None, [], ["a"], ["a", "b"], ["c", None, "a"]))}
        for _ in range(n)
    ]  # fmt: skip


def facts_of(events: list[dict[str, Any]]) -> Facts:
    def column(name: str) -> Any:
        return np.asarray([e[name] for e in events])

    amounts = np.asarray([math.nan if e["amount"] is None else e["amount"] for e in events])
    made = Facts(
        column("subject"), column("at"), column("known"), np.zeros(len(events), np.int64), column("target"), column("target").astype(int),
        np.zeros(len(events)), {0: parts_of(amounts)}, {1: words_of(pa.chunked_array([[e["words"] for e in events]], pa.list_(pa.string())))},
    )  # fmt: skip
    return made.take(np.lexsort((column("at"), column("subject"))))


def test_each_person_has_what_a_look_at_them_alone_tells() -> None:
    places = np.asarray([0, 1, 2, 0, 3, 4, 5, 5, -1, 6, 7, 8])  # three is one with nought, seven with six; eight is not known
    for seed in range(5):
        events = a_stream(seed)

        seen = facts_of(events).seen(CUTOFF, places, 9)
        given, amounts = seen.with_number(0)
        rhythm = rhythm_of(seen, 24, [(10, 20)])
        place, codes = seen.elements(1)
        distinct = n_distinct(place, codes, 9, len(seen.facts.words[1].vocabulary))

        for person in range(9):
            own = [e for e in events if e["at"] < CUTOFF and e["known"] < CUTOFF and places[e["subject"]] == person]
            own.sort(key=lambda e: (e["at"], e["subject"]))  # sorting is stable: the order of arrival breaks ties
            paid = [e for e in own if e["amount"] is not None]
            days = sorted({e["at"] // 24 for e in own})
            gaps = [b - a for a, b in pairwise(days)]
            first_of_last = next((e for e in paid if e["at"] == paid[-1]["at"]), None)
            told = {
                "count": len(own), "since": sum(e["at"] >= 600 for e in own), "days": len(days),
                "first": min((e["at"] for e in own), default=None), "last": max((e["at"] for e in own), default=None),
                "sum": sum(round(e["amount"] * 10_000) for e in paid) / 10_000,
                "largest": max((e["amount"] for e in paid), default=None), "latest": first_of_last and first_of_last["amount"],
                "distinct": len({w for e in own for w in e["words"] or () if w}), "elements": sum(len(e["words"] or ()) for e in own),
                "median": statistics.median(gaps) if gaps else None, "longest": max(gaps, default=None),
                "last_gap": gaps[-1] if gaps else None, "squares": sum(g * g for g in gaps) if gaps else None,
                "season": sum(10 <= d < 20 for d in days),
            }  # fmt: skip
            found = {
                "count": seen.count(), "since": seen.since(600).count(), "days": seen.n_occasions(24), "first": seen.first(),
                "last": seen.last(), "sum": given.total(amounts), "largest": given.largest(amounts), "latest": given.latest(amounts),
                "distinct": distinct, "elements": np.bincount(place, minlength=9), "median": rhythm.gap_median,
                "longest": rhythm.gap_max, "last_gap": rhythm.gap_last, "squares": rhythm.gap_squares, "season": rhythm.seasons[0],
            }  # fmt: skip

            assert told == {name: None if math.isnan(column[person]) else column[person] for name, column in found.items()}


def test_nobody_did_anything() -> None:
    seen = facts_of(a_stream(1)).seen(0, np.arange(12), 12)
    given, amounts = seen.with_number(0)

    assert [0.0] * 12 == seen.count().tolist() == given.total(amounts).tolist() == seen.n_occasions(24).tolist()
    assert np.isnan([seen.first(), given.largest(amounts), given.latest(amounts), rhythm_of(seen, 24, []).gap_median]).all()
    assert 0 == len(seen.elements(1)[0])
