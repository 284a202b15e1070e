"""The draining process is killed again and again; the provider's ledger says how often each message really left."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from relance.testing.provider_lab import ProviderLab
from tests.contract.outbox.world import Outbox

if TYPE_CHECKING:
    from relance.store import Database

PROGRAM = Path(__file__).with_name("drain_process.py")
KILLS = 4
MESSAGES = 240


def test_kills_under_load(database: Database, database_url: str) -> None:
    """No marketing message leaves twice, none is forgotten; transactional ones all arrive, under their own key."""
    randomness = random.Random(20_260_302)
    outbox = Outbox(database)
    with database.writing() as connection:
        for n in range(MESSAGES):
            outbox.add_to(connection, channel="push", template="t-push", address=f"token{n}", marketing=n % 2)
    with ProviderLab() as lab:
        for kill in range(KILLS + 1):
            child = subprocess.Popen([sys.executable, str(PROGRAM), database_url, lab.url], stdout=subprocess.PIPE)
            assert child.stdout is not None
            child.stdout.readline()
            if kill < KILLS:
                time.sleep(randomness.uniform(0.02, 0.2))
            else:
                deadline = time.monotonic() + 60
                while {s for s, _ in outbox.states()} & {"ready", "claimed"} and time.monotonic() < deadline:
                    time.sleep(0.05)
            child.kill()
            child.wait()
            child.stdout.close()
        copies = lab.copies()
    states = outbox.states()

    assert {s for s, _ in states} <= {"sent", "failed"}
    assert {r for s, r in states if s == "failed"} <= {"unknown_outcome"}
    for n, (status, _) in enumerate(states, start=1):
        if (n - 1) % 2:
            assert copies[f"m{n}"] <= 1
            assert status != "sent" or copies[f"m{n}"] == 1
        else:
            assert status == "sent"
            assert copies[f"m{n}"] >= 1
    # In doubt is at most what one lane holds (4 x 8), at each kill.
    assert sum(s == "failed" for s, _ in states) <= KILLS * 32
