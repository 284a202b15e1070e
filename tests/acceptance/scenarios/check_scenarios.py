"""Run scenario folders through `relance simulate` and compare what it wrote with what is expected.

A scenario is a folder with `run.json` (from, until), `definitions.yaml`, `events.jsonl` and `expected-*.jsonl`. Only the
fields that an expected row names are compared, rows as multisets. Each scenario runs twice: the bytes must be the same.

Usage: check_scenarios.py [--relance COMMAND] [--scenarios FOLDER] [NAME ...]; exit 0 when all agree.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TIMEOUT_SECONDS = 300
KINDS = ("messages", "enrollments", "memberships")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file; none when it is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()] if path.exists() else []


def compare_rows(expected: list[dict[str, Any]], actual: list[dict[str, Any]], name: str) -> list[str]:
    """What is missing and what is too much, by the fields that the expected rows name."""
    fields = sorted({field for row in expected for field in row})

    def counted(rows: list[dict[str, Any]]) -> Counter[str]:
        return Counter(json.dumps({field: row.get(field) for field in fields}, sort_keys=True) for row in rows)

    wanted, found = counted(expected), counted(actual)
    missing = [f"{name}: missing {n}x {row}" for row, n in (wanted - found).items()]
    return missing + [f"{name}: not expected {n}x {row}" for row, n in (found - wanted).items()]


def check_ledger(summary: dict[str, Any]) -> list[str]:
    """Journeys whose entered is not inside + finished + exited + failed."""
    return [
        f"summary: {journey} does not balance: {counts}"
        for journey, counts in summary.get("journeys", {}).items()
        if counts["entered"] != counts["inside"] + counts["finished"] + sum(counts["exited"].values()) + counts["failed"]
    ]


def simulate(command: list[str], folder: Path, out: Path) -> str | None:
    """Run the scenario of a folder; what went wrong, or None."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    arguments = ["--definitions", str(folder / "definitions.yaml"), "--events", str(folder / "events.jsonl")]
    arguments += ["--from", run["from"], "--until", run["until"], "--out", str(out)]
    ended = subprocess.run(
        [*command, "simulate", *arguments], capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    return f"exit {ended.returncode}: {(ended.stderr or ended.stdout).strip()[-600:]}" if ended.returncode else None


def check_scenario(command: list[str], folder: Path) -> list[str]:
    """Run a scenario twice and list what is not as expected."""
    written: list[dict[str, bytes]] = []
    problems: list[str] = []
    for attempt in (1, 2):
        with tempfile.TemporaryDirectory() as temporary:
            out = Path(temporary) / "out"
            failure = simulate(command, folder, out)
            if failure:
                return [failure]
            written.append({file.name: file.read_bytes() for file in sorted(out.glob("*.json*"))})
            if attempt == 1:
                for kind in KINDS:
                    expected = folder / f"expected-{kind}.jsonl"
                    if expected.exists():
                        problems += compare_rows(read_rows(expected), read_rows(out / f"{kind}.jsonl"), kind)
                problems += check_ledger(json.loads((out / "summary.json").read_text(encoding="utf-8")))
    if written[0] != written[1]:
        problems.append("two runs differ: " + ", ".join(n for n in written[0] if written[0][n] != written[1].get(n)))
    return problems


def scenario_folders(root: Path, names: list[str] | None = None) -> list[Path]:
    """The scenarios under a folder, by name."""
    return sorted(f.parent for f in root.glob("*/run.json") if not names or f.parent.name in names)


def main() -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--relance", default="relance")
    parser.add_argument("--scenarios", type=Path, default=HERE)
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    failed = 0
    folders = scenario_folders(chosen.scenarios, chosen.names)
    for folder in folders:
        problems = check_scenario(shlex.split(chosen.relance), folder)
        sys.stdout.write("".join([f"{'FAIL' if problems else 'ok  '} {folder.name}\n", *(f"  {p}\n" for p in problems[:20])]))
        failed += bool(problems)
    sys.stdout.write(f"{len(folders) - failed} passed, {failed} failed\n")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
