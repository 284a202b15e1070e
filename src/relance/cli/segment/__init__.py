"""`relance segment`: how many are in a segment, who, why, and what depends on it.

Answers come from the stores of this machine, or from a server that runs: `opening.py` decides.
"""

from __future__ import annotations

from cyclopts import App

from relance.cli.segment.archive import archive, restore
from relance.cli.segment.export import export
from relance.cli.segment.figures import count, overlap, preview, sizes
from relance.cli.segment.people import explain, members, sample
from relance.cli.segment.uses import uses

__all__ = [
    "archive",
    "count",
    "explain",
    "export",
    "members",
    "overlap",
    "preview",
    "restore",
    "sample",
    "segment",
    "sizes",
    "uses",
]

segment = App(name="segment", help="How many are in a segment, who, and why.", result_action="return_value")
for _verb in (count, sizes, members, sample, preview, overlap, explain, export, uses, archive, restore):
    segment.command(_verb)
segment.command("relance.cli.segment_template:templates", name="templates")
segment.command("relance.cli.segment_template:template", name="template")
