"""The process that learns: it says why it can not, and ends when nobody wants its work any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from relance.predictions.live.gather import Part
from relance.predictions.live.worker import Cancelled, WorkerProcess, load_part, save_part
from relance.predictions.verdict import NothingToLearn

if TYPE_CHECKING:
    from pathlib import Path

_WHOLE, _TEXT = pa.int64(), pa.string()
EMPTY = Part(
    pa.table({"profile_id": pa.array([1, 2], _WHOLE), "first_at": pa.array([0, 5], _WHOLE)}),
    pa.table({
        "profile_id": pa.array([], _WHOLE), "seq": pa.array([], _WHOLE), "at": pa.array([], _WHOLE), "known": pa.array([], _WHOLE),
        "name": pa.array([], _TEXT), "properties": pa.array([], _TEXT),
    }),
    pa.table({
        "profile_id": pa.array([1], _WHOLE), "seq": pa.array([1], _WHOLE), "known": pa.array([0], _WHOLE), "traits": pa.array(["{}"], _TEXT),
    }),
)  # fmt: skip


def test_parts_are_the_same_after_their_way_through_files(tmp_path: Path) -> None:
    stem = save_part(EMPTY, tmp_path, "part")

    assert EMPTY == load_part(stem)


def test_a_process_says_why_nothing_was_learnt_and_ends_when_it_is_taken_back(tmp_path: Path) -> None:
    wanted = [True]
    worker = WorkerProcess(lambda: not wanted[0])
    asked = {
        "do": "learn", "target": {"event": "A"}, "window": 1, "as_of": 10, "start": 0, "part": save_part(EMPTY, tmp_path, "part"),
        "audience": "", "model": str(tmp_path / "model.json"),
    }  # fmt: skip
    with pytest.raises(NothingToLearn, match="no history"):
        worker.perform(asked, lambda stage, share: None)

    wanted[0] = False
    with pytest.raises(Cancelled):
        worker.perform(asked, lambda stage, share: None)
    assert worker._process.poll() is not None
