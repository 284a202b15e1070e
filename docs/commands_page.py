"""The reference of commands, `reference/cli.md`, made from the command line itself: `python docs/commands_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclopts import App

PAGE = Path(__file__).parent / "reference" / "cli.md"
_BEGINNING = """\
# Commands

<!-- Made from the command line by `make golden`; change the functions in src/relance/cli, not this page. -->

`relance COMMAND --help` shows the same. Exit codes: 0 done · 1 it ran, and the answer is no · 2 bad input, with every problem listed. `--json` is for machines.

"""


def build_page(app: App) -> str:
    """The whole page."""
    started_as, sys.argv = sys.argv, ["relance"]  # else the page tells how this program was started
    try:
        made = app.generate_docs(output_format="markdown", usage_name="relance")
    finally:
        sys.argv = started_as
    commands = made[made.index("\n## relance") :]  # what comes before is the help and a table of contents
    return _BEGINNING + "\n".join(line.rstrip() for line in commands.strip().splitlines()) + "\n"


if __name__ == "__main__":
    from relance.cli import app as relance_app

    PAGE.write_text(build_page(relance_app), encoding="utf-8")
