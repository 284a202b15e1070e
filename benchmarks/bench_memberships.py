"""How fast memberships of many segments are kept: 1 M profiles, 20 M events, 100 segments of mixed kinds.

    python benchmarks/bench_memberships.py [--profiles 1000000] [--events 20000000] [--keep FILE] [--json]

First all 100 segments are found anew. Then batches of 10,000 events arrive, each followed by a refresh, with 1, 100 and 400
segments. At last a fresh installation takes traffic through its engine, with 1 and with 100 segments kept beside it: the time
counts until the memberships of the last event are there.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bench_pipeline
import numpy as np
from segment_world import CATEGORIES, NAMES, NOW, fill, make_segments

from relance.clock import SECOND
from relance.runtime.segment_loop import PAUSE_SECONDS
from relance.segments.kept.keeper import Keeper
from relance.warehouse import EventRow, open_warehouse
from relance.workspace import Workspace

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

BATCH = 10_000
WATCHED = 10  # segments that journeys wait for
MOST_SECONDS_FULLY = 10.0
MOST_SECONDS_A_BATCH = 1.0
MOST_GROWTH = 1.5  # with 400 segments, over that with 100
LEAST_EVENTS_A_SECOND = 10_000
LEAST_SHARE = 0.8  # of the rate with one segment


def find_fully(warehouse: Warehouse, segments: int) -> float:
    """Seconds to find the members of all segments and to write them down."""
    return Keeper(warehouse).refresh(workspace_of(segments), NOW).seconds


def workspace_of(segments: int) -> Workspace:
    return replace(Workspace(), segments=make_segments(segments))


def keep_batches(warehouse: Warehouse, segments: int, profiles: int, rounds: int = 5) -> dict[str, float]:
    """Seconds of a refresh after a batch: the median, the first one left out."""
    keeper, workspace = Keeper(warehouse), workspace_of(segments)
    mark = warehouse.kept.mark() if warehouse.kept else None
    at, seq, tick = (mark.at, mark.seq, mark.tick) if mark else (NOW, 1 << 40, 1)
    seq = max(seq, 1 << 40)
    keeper.refresh(workspace, at + SECOND)
    random, took, changes = np.random.default_rng(segments), [], []
    at += SECOND
    for _ in range(rounds + 1):
        tick += 1
        warehouse.begin(tick)
        rows = []
        for person, name in zip(random.integers(0, profiles, BATCH), random.integers(0, len(NAMES), BATCH), strict=True):
            at, seq = at + SECOND // BATCH, seq + 1
            properties = {"total": seq % 20_000 / 100, "currency": "EUR", "category": CATEGORIES[seq % 5]}
            rows.append(EventRow(int(person), seq, at, at, NAMES[name], properties, seq, tick))
        warehouse.add_events(rows)
        warehouse.commit()
        done = keeper.refresh(workspace, at)
        took.append(done.seconds)
        changes.append(done.changes)
    return {"seconds": statistics.median(took[1:]), "changes": statistics.median(changes[1:])}


def keep_live(segments: int, events: int, watched: int = 0) -> float:
    """Events a second, from the log through the engine into memberships; journeys wait for some of the segments to be entered."""
    with tempfile.TemporaryDirectory() as name:
        installation = bench_pipeline.open_installation(Path(name), {})
        from relance.clock import SystemClock
        from relance.definitions.load import load_text
        from relance.definitions.store import apply

        texts = [json.dumps({"kind": "segment", "id": k, "where": w}) for k, w in make_segments(segments).items()]
        texts += [json.dumps(_journey_of(f"s{i}")) for i in range(watched)]
        with installation.database.writing() as connection:
            apply(connection, load_text("\n---\n".join(texts)).require(), SystemClock().now())
        bench_pipeline.fill(installation, events)
        last = installation.log.last_position()
        begun = time.perf_counter()
        installation.start()
        while installation.engine_loop.position < last:
            time.sleep(0.01)
        reached = installation.engine_loop.reached
        while installation.keeper.counted.at < reached:
            time.sleep(0.01)
        took = time.perf_counter() - begun
        installation.stop()
    return (events + bench_pipeline.PEOPLE) / took


def _journey_of(segment: str) -> dict[str, Any]:
    entry = {"type": "segment_entered", "segment": segment}
    return {
        "kind": "journey",
        "id": f"on-{segment}",
        "entry": entry,
        "start": "stay",
        "steps": {"stay": {"type": "wait", "for": "1d"}},
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--live", type=int, default=150_000, help="events that go through a whole installation")
    parser.add_argument("--keep", type=Path, help="the file to make, or to copy and use")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    if given.events:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "warehouse.duckdb"
            if given.keep and given.keep.exists():
                shutil.copy(given.keep, path)
            warehouse = open_warehouse(f"duckdb:///{path}")
            if not (given.keep and given.keep.exists()):
                fill(warehouse._writer, given.profiles, given.events)  # type: ignore[attr-defined]  # noqa: SLF001 - SQL by hand
            figures["fully, 100 segments, s"] = find_fully(warehouse, 100)
            for n in (100, 400, 1):
                kept = keep_batches(warehouse, n, given.profiles)
                figures[f"after {BATCH} events, {n} segments, s"] = kept["seconds"]
                figures[f"changes of that, {n} segments"] = kept["changes"]
            warehouse.close()
            if given.keep and not given.keep.exists():
                shutil.copy(path, given.keep)
        figures["400 over 100 segments"] = (
            figures[f"after {BATCH} events, 400 segments, s"] / figures[f"after {BATCH} events, 100 segments, s"]
        )
    if given.live:
        for n in (1, 100):
            figures[f"live, {n} segments, events/s"] = keep_live(n, given.live)
        figures[f"live, 100 segments, {WATCHED} of them watched, events/s"] = keep_live(100, given.live, WATCHED)
        figures["live, 100 over 1 segments"] = figures["live, 100 segments, events/s"] / figures["live, 1 segments, events/s"]
    figures["largest memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limits = {
        "fully, 100 segments, s": MOST_SECONDS_FULLY,
        f"after {BATCH} events, 100 segments, s": MOST_SECONDS_A_BATCH,
        "400 over 100 segments": MOST_GROWTH,
    }
    floors = {"live, 100 segments, events/s": LEAST_EVENTS_A_SECOND, "live, 100 over 1 segments": LEAST_SHARE}
    missed = [k for k, most in limits.items() if figures.get(k, 0) > most]
    missed += [k for k, least in floors.items() if figures.get(k, least) < least]
    if given.json:
        print(json.dumps({"figures": figures, "missed": missed}))
    else:
        for name, figure in figures.items():
            told = f"at most {limits[name]}" if name in limits else f"at least {floors[name]}" if name in floors else ""
            print(f"{name:>42} {figure:12.2f}   {told}")
        print(f"{'pause between refreshes, s':>42} {PAUSE_SECONDS:12.2f}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
