"""How many seeds it takes until each planted fault is found: `python -m tests.simulation.hunt [--most 400] [NAME ...]`."""

from __future__ import annotations

import argparse
import sys

from relance.testing.simulation.command import play
from relance.testing.simulation.plan import make_plan
from tests.simulation.plants import PLANTS


def hunt(name: str, most: int) -> tuple[int, str] | None:
    """The first seed that finds a planted fault, and the rule that it broke."""
    plant, _ = PLANTS[name]
    for seed in range(1, most + 1):
        with plant():
            report = play(make_plan(seed))
        if report.violations:
            return seed, str(report.violations[0])[:160]
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    missed = 0
    for name in options.names or PLANTS:
        found = hunt(name, options.most)
        missed += found is None
        sys.stdout.write(f"{name}: {'NOT FOUND' if found is None else f'seed {found[0]}, {found[1]}'}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
