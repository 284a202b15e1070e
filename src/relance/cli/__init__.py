"""The command line: one file a verb, imported when it is called, so that each verb starts fast."""

from __future__ import annotations

import sys

from cyclopts import App

import relance

app = App(
    name="relance",
    help="Find out who is likely to act, and write to each on the right channel at the right time.",
    version=relance.__version__,
    result_action="return_value",
)
app.command("relance.cli.simulate:simulate", name="simulate")


def main() -> None:
    """Run the command line. Exit: 0 done; 1 it ran and the answer is no; 2 bad input."""
    sys.exit(app() or 0)
