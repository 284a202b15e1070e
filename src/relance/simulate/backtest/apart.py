"""A staged past is lived in processes of their own: the installation's threads do not wait for it.

People are independent of each other, so two processes live half of them each, and their figures add up.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from relance.errors import InternalError, QuestionDropped

if TYPE_CHECKING:
    from pathlib import Path

    from relance.simulate.backtest.stage import Reading
    from relance.simulate.backtest.wanted import Wanted

POLL_SECONDS = 0.2
SHARES = 2
FEW_PEOPLE_BYTES = 8 * 1024 * 1024  # of a staged past: less is lived by one process before a second has started
_PHASES = {"arranging": 0, "replaying": 1, "counting": 2}


def live_apart(folder: Path, reading: Reading, wanted: Wanted) -> list[dict[str, Any]]:
    """Live a staged folder, and answer what each share came to.

    Raises:
        QuestionDropped: it was taken back; the processes were ended.
        InternalError: a process failed.
    """
    folders = _make_shares(folder, wanted)
    processes = [_start(one, nth, len(folders)) for nth, one in enumerate(folders)]
    try:
        while any(process.poll() is None for process in processes):
            if reading.dropped():
                raise QuestionDropped
            _tell(reading, [_read_progress(one) for one in folders])
            if any(process.returncode for process in processes):
                break
            time.sleep(POLL_SECONDS)
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.wait()
    for one, process in zip(folders, processes, strict=True):
        if process.returncode:
            detail = (one / "stderr").read_text(errors="replace").strip().splitlines()
            msg = f"a backtest ended with {process.returncode}: {detail[-1] if detail else 'nothing was said'}"
            raise InternalError(msg)
    return [json.loads((one / "answer.json").read_bytes()) for one in folders]


def _make_shares(folder: Path, wanted: Wanted) -> list[Path]:
    """The folder itself, and a copy for the second half of the people."""
    small = (folder / "past.duckdb").stat().st_size < FEW_PEOPLE_BYTES
    if small or not wanted.shared or (os.cpu_count() or 1) < SHARES:
        return [folder]
    folders = [folder, *(folder / f"share-{n}" for n in range(1, SHARES))]
    for one in folders[1:]:
        one.mkdir()
        for name in ("past.duckdb", "store.db", "task.json", "calls.msgpack"):
            shutil.copyfile(folder / name, one / name)
    return folders


def _start(folder: Path, nth: int, of: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "relance.simulate.backtest", str(folder), str(nth), str(of)]
    with (folder / "stderr").open("wb") as errors:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)  # noqa: S603 - ourselves


def _read_progress(folder: Path) -> tuple[str, int, int]:
    try:
        phase, done, total = json.loads((folder / "progress.json").read_bytes())
    except (OSError, ValueError):
        return "arranging", 0, 1
    return phase, done, total


def _tell(reading: Reading, shares: list[tuple[str, int, int]]) -> None:
    """The phase of the last, and what all have done."""
    phase = min((share[0] for share in shares), key=lambda name: _PHASES.get(name, 0))
    reading.tell(phase, sum(share[1] for share in shares), sum(share[2] for share in shares))
