"""The process that learns and scores: it is given files, tells how far it is, and leaves files. Nice to all others.

One JSON object a line comes in, and out: `{"stage", "percent"}` while it works, then `{"done": ...}` or `{"code", "message"}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from relance.errors import InternalError, RelanceError
from relance.predictions.live.definition import parse_goal
from relance.predictions.live.gather import Part
from relance.predictions.verdict import NothingToLearn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tell = Callable[[str, float], None]

NICE = 10
_POLL_SECONDS = 0.2
_TABLES = ("people", "events", "traits")


class Cancelled(RelanceError):
    """The run was taken back."""

    code = "cancelled"


class Hands(Protocol):
    """Whoever does the work."""

    def perform(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]: ...

    def close(self) -> None: ...


def save_part(part: Part, folder: Path, name: str) -> str:
    """Write a part for the worker; answers where."""
    for table, rows in zip(_TABLES, part, strict=True):
        with pa.OSFile(str(folder / f"{name}-{table}.arrow"), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
            writer.write_table(rows)
    return str(folder / name)


def load_part(stem: str) -> Part:
    """Read what `save_part` wrote."""
    return Part(*(pa.ipc.open_file(pa.memory_map(f"{stem}-{table}.arrow")).read_all() for table in _TABLES))


def drop_part(stem: str) -> None:
    """Take it away again."""
    for table in _TABLES:
        Path(f"{stem}-{table}.arrow").unlink(missing_ok=True)


def perform(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Learn or score, as asked."""
    from relance.predictions.live import learn
    from relance.predictions.live.model import Model

    goal = parse_goal(asked["target"])
    if asked["do"] == "learn":
        audience = None
        if asked["audience"]:
            with np.load(asked["audience"]) as told:
                audience = {int(cutoff): told[cutoff] for cutoff in told.files}
        lesson = learn.Lesson(goal, asked["window"], asked["as_of"], asked["start"], load_part(asked["part"]), audience)
        learnt = learn.learn(lesson, tell)
        text = learnt.model.to_text()
        Path(asked["model"]).write_text(text, encoding="utf-8")
        names = sorted(learn.names_with_properties(learnt.model, goal))
        return {"report": learnt.report, "data_digest": learnt.data_digest, "names": names}
    model = Model.from_text(Path(asked["model"]).read_text(encoding="utf-8"))
    if asked["do"] == "names":
        return {"names": sorted(learn.names_with_properties(model, goal)), "edges": list(model.edges.items())}
    scored = learn.score(model, goal, load_part(asked["part"]), asked["as_of"])
    columns: dict[str, Any] = {
        "ids": scored.ids,
        "probability": scored.probability,
        "value": scored.value,
        "next_in": scored.next_in,
        "spread": scored.spread,
    }
    np.savez(asked["out"], **{name: column for name, column in columns.items() if column is not None})
    return {"people": len(scored.ids)}


class OwnHands:
    """The work is done here: for tests, and for small worlds."""

    def perform(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        return perform(asked, tell)

    def close(self) -> None:
        """There is nothing to close."""


class WorkerProcess:
    """The same by a process of its own, which is ended when the run is taken back."""

    def __init__(self, is_cancelled: Callable[[], bool]) -> None:
        self._is_cancelled = is_cancelled
        self._process = subprocess.Popen(
            [sys.executable, "-m", "relance.predictions.live.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="prediction-worker", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put(None)

    def perform(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        """Raises: Cancelled: it was taken back. RelanceError: as the worker says."""
        assert self._process.stdin is not None  # noqa: S101 - it has a pipe
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        while True:
            if self._is_cancelled():
                self.close()
                raise Cancelled
            try:
                line = self._lines.get(timeout=_POLL_SECONDS)
            except Empty:
                continue
            if line is None:
                msg = (
                    f"the process that builds predictions ended with code {self._process.wait()}; it may have run out of memory"
                )
                raise InternalError(msg)
            told = json.loads(line)
            if "done" in told:
                done: dict[str, Any] = told["done"]
                return done
            if "code" in told:
                raise NothingToLearn(told["message"]) if told["code"] == NothingToLearn.code else InternalError(told["message"])
            tell(told["stage"], told["percent"])

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()


def main() -> None:
    """Work on what comes in until there is no more."""
    with suppress(OSError):
        os.nice(NICE)

    def say(**told: Any) -> None:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    for line in sys.stdin:
        try:
            say(done=perform(json.loads(line), lambda stage, percent: say(stage=stage, percent=percent)))
        except RelanceError as e:
            say(code=e.code, message=e.message)
        except Exception as e:  # noqa: BLE001 - the edge of this process: the other side writes it down
            say(code=InternalError.code, message=f"{type(e).__name__}: {e}")


if __name__ == "__main__":
    main()
