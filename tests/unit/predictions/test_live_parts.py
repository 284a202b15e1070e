"""Everybody in parts: the same scores however they are divided and whoever scores them, and the traits that features read."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from relance.errors import InternalError
from relance.predictions.live.columns import PartColumns
from relance.predictions.live.definition import parse_goal
from relance.predictions.live.everybody import score_parts
from relance.predictions.live.gather import Part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GOAL = parse_goal({"event": "A"})
NOBODY = pa.table({name: pa.array([], pa.int64()) for name in ("profile_id", "seq", "at", "known")}).append_column(
    "name", pa.array([], pa.string())
).append_column("properties", pa.array([], pa.string()))  # fmt: skip


def a_part(ids: list[int], states: list[tuple[int, int, Mapping[str, Any]]] = ()) -> Part:  # type: ignore[assignment]
    """Some people, and what their traits came to: (profile, seq, traits), known when their number says."""
    whole = pa.int64()
    people = pa.table({"profile_id": pa.array(ids, whole), "first_at": pa.array([0] * len(ids), whole)})
    traits = {
        "profile_id": pa.array([s[0] for s in states], whole), "seq": pa.array([s[1] for s in states], whole),
        "known": pa.array([s[1] for s in states], whole), "traits": pa.array([json.dumps(s[2]) for s in states], pa.string()),
    }  # fmt: skip
    return Part(people, NOBODY, pa.table(traits))


class Scorer:
    """Scores people by their number, and waits until another one does so at the same time."""

    def __init__(self, together: threading.Barrier | None = None, *, broken: bool = False) -> None:
        self.together, self.broken = together, broken

    def perform(self, asked: Mapping[str, Any], tell: object) -> dict[str, Any]:
        from relance.predictions.live.worker import load_part

        if self.broken:
            msg = "it broke"
            raise InternalError(msg)
        ids = load_part(asked["part"]).people["profile_id"].to_numpy().copy()
        if self.together is not None:
            self.together.wait(20)
        np.savez(asked["out"], ids=ids, probability=ids / 100, next_in=ids * 1.0, spread=np.ones((1, 2), np.int64))
        return {}

    def close(self) -> None: ...


def test_parts_are_scored_at_the_same_time_and_stay_in_order(tmp_path: Path) -> None:
    together = threading.Barrier(2)
    begun: list[int] = []
    parts = [a_part([1, 2]), a_part([3]), a_part([5, 8]), a_part([9])]

    told = score_parts(parts, [Scorer(together), Scorer(together)], {}, tmp_path, begun.append)

    assert [1, 2, 3, 5, 8, 9] == told.ids.tolist()
    assert [0.01, 0.02, 0.03, 0.05, 0.08, 0.09] == told.probability.tolist()
    assert (None, 9.0, [[4, 4]]) == (told.value, told.next_in[-1], told.spread.tolist())
    assert ([0, 1, 2, 3], []) == (begun, list(tmp_path.glob("*.arrow")))


def test_what_one_of_the_crew_says_ends_the_scoring(tmp_path: Path) -> None:
    with pytest.raises(InternalError, match="it broke"):
        score_parts([a_part([1])] * 3, [Scorer(), Scorer(broken=True)], {}, tmp_path, lambda _: None)


def test_traits_change_when_their_states_differ() -> None:
    states: list[tuple[int, int, Mapping[str, Any]]] = [
        (7, 1, {"plan": "free", "at": {"city": "Lyon", "zip": 1}}), (4, 2, {"plan": "pro"}), (7, 3, {"plan": "free", "at": {"city": "Nice"}}),
        (7, 4, {"at": "home", "at.city": "Nice"}), (4, 5, {"plan": None}), (9, 6, {"orders": 3.0, "tags": ["a"]}), (9, 7, {"orders": 4}),
    ]  # fmt: skip
    columns = PartColumns(a_part([4, 7, 9], states), GOAL, told_later=False, keys={"plan", "at.city", "at", "orders"})

    found = columns.tables()["traits"]
    changes = sorted(
        (int(row), int(subject), int(known), key, value)
        for row, subject, known, key, value in zip(
            found["row"], found["subject"], found["known"], found["key"].to_pylist(), found["value"].to_pylist(), strict=True
        )
    )

    by_key: dict[tuple[int, str], list[tuple[int, str | None]]] = {}
    for _, subject, known, key, value in changes:
        by_key.setdefault((subject, key), []).append((known, value))
    assert {
        (0, "plan"): [(2, '"pro"'), (5, None)],
        (1, "plan"): [(1, '"free"'), (4, None)],
        (1, "at.city"): [(1, '"Lyon"'), (3, '"Nice"')],
        (1, "at"): [(4, '"home"')],
        (2, "orders"): [(6, "3.0"), (7, "4")],
    } == by_key
    slow: dict[tuple[int, str], list[tuple[int, str | None]]] = {}
    for _, subject, known, key, value in columns.trait_changes():
        slow.setdefault((subject, key), []).append((known, value))
    assert slow == by_key
