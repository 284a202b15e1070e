"""Many seeds, one after another; a seed that fails is told with how to play it again, and made smaller."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from relance.testing.simulation.disk import Disk, make_folder
from relance.testing.simulation.plan import make_plan
from relance.testing.simulation.run import Report, Violation, World
from relance.testing.simulation.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.testing.simulation.disk import WarehouseKind
    from relance.testing.simulation.plan import Plan


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def play(plan: Plan, warehouse: WarehouseKind = "memory", store_url: str = "", *, traced: bool = False) -> Report:
    """Play one plan. A calm one is compared with the same world in peace."""
    report = _play_once(plan, warehouse, store_url, traced=traced)
    if plan.calm and not report.violations and plan.faults and not store_url:
        peace = _play_once(plan.without_faults(), warehouse, store_url)
        differing = [
            Violation(
                "faults changed the outcome",
                f"{name}: with faults alone {sorted(set(part) - set(peace.state[name]))[:3]}, without {sorted(set(peace.state[name]) - set(part))[:3]}",
            )
            for name, part in report.state.items()
            if part != peace.state[name]
        ]
        report.violations += [*peace.violations, *differing]
    return report


def _play_once(plan: Plan, warehouse: WarehouseKind, store_url: str, *, traced: bool = False) -> Report:
    world = World(plan, Disk(make_folder(), warehouse, store_url), traced=traced)
    try:
        return world.run()
    finally:
        world.close()


def tell(plan: Plan, report: Report) -> str:
    """A plan that failed, in full."""
    lines = [f"seed {plan.seed}: {v}" for v in report.violations]
    lines += [f"  calm {plan.calm}, slow {plan.slow}, {plan.workers} workers, {len(plan.events)} events"]
    lines += [f"  fault: {fault}" for fault in plan.faults]
    lines += [f"  event: {e.at} {e.item}{f', again at {e.again_at}' if e.again_at else ''}" for e in plan.events]
    return "\n".join(lines)


def _try(seed: int, warehouse: WarehouseKind) -> tuple[int, list[str], list[str], int]:
    report = play(make_plan(seed), warehouse)
    return seed, [str(v) for v in report.violations], [str(f.kind) for f in report.fired], report.n_commits


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m relance.testing.simulation", description=__doc__)
    parser.add_argument("--seeds", default="1:1000", help="from the first to before the last")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--warehouse", choices=("memory", "duckdb"), default="memory")
    parser.add_argument("--replay", type=int, help="one seed: its plan, its trace, and what fails")
    parser.add_argument("--shrink", action="store_true", help="with --replay: look for a smaller plan that fails alike")
    parser.add_argument("--most-failures", type=int, default=5)
    options = parser.parse_args(arguments)
    if options.replay is not None:
        return _replay(options.replay, options.warehouse, smaller=options.shrink)
    first, last = map(int, options.seeds.split(":"))
    began = time.monotonic()
    fired: Counter[str] = Counter()
    n_commits = n_played = 0
    failed: list[int] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, violations, faults, commits in pool.map(
            _try, range(first, last), [options.warehouse] * (last - first), chunksize=4
        ):
            n_played += 1
            n_commits += commits
            fired.update(faults)
            if violations:
                failed.append(seed)
                _say(
                    f"NOT seed {seed}: {violations[0]}\n    python -m relance.testing.simulation --replay {seed} --warehouse {options.warehouse} --shrink",
                )
            if len(failed) >= options.most_failures:
                pool.shutdown(cancel_futures=True)
                break
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(fired.items()))
    _say(
        f"{n_played} worlds in {time.monotonic() - began:.0f} s, {n_commits:,} commits, faults that befell them: {told or 'none'}; {len(failed)} failed"
    )
    return 1 if failed else 0


def _replay(seed: int, warehouse: WarehouseKind, *, smaller: bool) -> int:
    plan = make_plan(seed)
    report = play(plan, warehouse, traced=True)
    _say("\n".join(report.trace))
    if not report.violations:
        _say(f"seed {seed}: nothing is wrong")
        return 0
    _say(tell(plan, report))
    if smaller:
        small, small_report = shrink(plan, report, lambda p: play(p, warehouse))
        _say(f"\nthe same in small:\n{tell(small, small_report)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
