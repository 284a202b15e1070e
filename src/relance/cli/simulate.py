"""`relance simulate`: the engine over a file of events, on a virtual clock."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

# Up to here a warehouse in plain Python is done before another has started.
EVENTS_FOR_A_REAL_WAREHOUSE = 20_000


def simulate(
    *,
    definitions: Path,
    events: Path,
    until: str,
    out: Path,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    warehouse: str | None = None,
    json: bool = False,
) -> int:
    """Play a file of events through definitions and write what would have happened.

    The same engine as live, on a virtual clock: nothing leaves, nobody waits, and the same input gives the same bytes.

    Parameters
    ----------
    definitions
        A YAML or JSON file of definitions, or a folder of them.
    events
        JSON Lines, each line an event as the tracking API takes it.
    until
        The last instant, inclusive, such as 2026-03-06T00:00:00Z.
    out
        The folder to write messages.jsonl, enrollments.jsonl, memberships.jsonl and summary.json into.
    from_
        When the definitions are applied (default: when the first event arrived). What arrived earlier is history.
    warehouse
        The engine that answers conditions: memory:// or duckdb:// (default: by the size of the file).
    json
        Tell the outcome as JSON.
    """
    from relance.cli.output import fail, tell
    from relance.cli.problems import read_checked
    from relance.clock import parse_instant
    from relance.simulate.run import simulate as run_simulation
    from relance.warehouse.opening import open_warehouse

    start = parse_instant(from_)
    end = parse_instant(until)
    problems = [
        f"--{name}: {text!r} is no instant; write it like 2026-03-01T08:00:00Z"
        for name, text, at in (("from", from_, start), ("until", until, end))
        if text is not None and at is None
    ]
    if start is not None and end is not None and start > end:
        problems.append("--from is later than --until")
    if not events.is_file():
        problems.append(f"--events: there is no file {events}")
    if problems or end is None:
        return fail(problems, as_json=json)
    documents = read_checked(definitions, as_json=json)
    if documents is None:
        return 2
    url = warehouse or ("memory://" if _lines(events) <= EVENTS_FOR_A_REAL_WAREHOUSE else "duckdb://")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        return fail([f"--out: {out} can not be made: {e.strerror}"], as_json=json)
    report = run_simulation(documents, events, start=start, until=end, out=out, warehouse=open_warehouse(url))
    rejected = [
        {"line": line, "message": fault if isinstance(fault, str) else f"{fault.pointer}: {fault.message}"}
        for line, fault in report.file.rejected
    ]
    for row in rejected if not json else ():
        sys.stderr.write(f"line {row['line']} was left out: {row['message']}\n")
    tell(
        {"events": len(report.file.events), "duplicates": report.file.duplicates, "rejected": rejected, "out": str(out)},
        f"{len(report.file.events)} events played, written to {out}",
        as_json=json,
    )
    return 0


def _lines(file: Path) -> int:
    with file.open("rb") as f:
        return sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 20), b""))
