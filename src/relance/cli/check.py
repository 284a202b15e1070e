"""`relance check`: what is wrong with definitions."""

from __future__ import annotations

import sys
from pathlib import Path


def check(path: Path, /, *, json: bool = False) -> int:
    """List every problem of definitions, each with its place and a way to mend it.

    Exit: 0 there is no error (warnings may be there); 2 there is.

    Args:
        path: a YAML or JSON file of definitions, or a folder of them.
        json: print the problems as a JSON list.
    """
    from relance.cli.problems import summarise, tell_problems
    from relance.clock import SystemClock
    from relance.definitions.check import check_definitions
    from relance.definitions.load import load_definitions
    from relance.problems import has_errors

    loaded = load_definitions(path)
    problems = [*loaded.problems, *check_definitions(loaded.documents, now=SystemClock().now())]
    tell_problems(problems, as_json=json)
    if not json:
        sys.stdout.write(summarise(problems, len(loaded.documents)) + "\n")
    return 2 if has_errors(problems) else 0
