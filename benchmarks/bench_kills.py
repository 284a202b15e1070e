"""Kills the server under load, again and again: nothing acknowledged may be lost, nothing done twice.

    python benchmarks/bench_kills.py [--kills 200] [--rate 300] [--stores sqlite,postgresql] [--seed 1] [--json]

`relance serve` takes events from several clients that send each batch until it is acknowledged, moves people through a journey and a campaign, and
hands messages to a provider. It is killed with SIGKILL at random moments and started again. In the end the acknowledged ids, the log, the
store, the warehouse and the provider's ledger must agree (tests/acceptance/live/kill_world.py). Every run prints its seed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from relance.testing.provider_lab import ProviderLab
from tests.acceptance.live.conftest import LiveServer, free_port
from tests.acceptance.live.kill_world import check_books, kill_under_load


def run(dialect: str, kills: int, rate: float, seed: int) -> dict[str, Any]:
    """One run on one store; raises AssertionError when the books do not agree."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relance-kills-")))
        lab = stack.enter_context(ProviderLab())
        environment = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
        environment |= {"RELANCE_PUSH_URL": lab.url, "RELANCE_SMS_URL": lab.url}
        if dialect == "postgresql":
            from tests.conftest import _own_postgres

            environment["RELANCE_STORE_URL"] = f"{stack.enter_context(_own_postgres())}/postgres"
        live = LiveServer(folder, environment, free_port())
        live.start()
        stack.callback(live.kill, signal.SIGKILL)
        began = time.monotonic()
        books = kill_under_load(live, kills=kills, clients=4, rate=rate, seed=seed)
        figures = check_books(live, books, lab, kills=kills)
        return {"store": dialect, "seed": seed, "seconds": round(time.monotonic() - began), **figures}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--stores", default="sqlite")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    passed = True
    for dialect in options.stores.split(","):
        try:
            found = run(dialect, options.kills, options.rate, options.seed)
        except AssertionError as e:
            passed = False
            print(f"NOT {dialect}, seed {options.seed}: {e}", flush=True)
            continue
        if options.json:
            print(json.dumps(found), flush=True)
        else:
            print(
                f"ok  {dialect}, seed {found['seed']}: {found['kills']} kills in {found['seconds']} s, {found['acknowledged']:,} events acknowledged, "
                f"0 lost, 0 doubled; {found['messages']:,} messages, 0 left twice, {found['unknown_outcome']} of unknown outcome; "
                f"slowest start {found['slowest_start_seconds']} s",
                flush=True,
            )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
