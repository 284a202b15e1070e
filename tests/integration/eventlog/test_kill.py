"""A server that is killed under load has every acknowledged event, once. The long run is `benchmarks/kill_ingest.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[3] / "benchmarks" / "kill_ingest.py"


def test_a_killed_server_has_every_acknowledged_event_once() -> None:
    told = subprocess.run(
        [sys.executable, str(PROGRAM), "--kills", "4"], capture_output=True, text=True, timeout=110, check=False
    )
    counts = json.loads(told.stdout)

    assert counts["acknowledged"] > 100, counts
    assert (counts["lost"], counts["doubled"]) == (0, 0), counts
