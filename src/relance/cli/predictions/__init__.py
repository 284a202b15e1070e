"""`relance predictions`: who will act, how sure that is, why, and what is made of it.

Answers come from the stores of this machine, or from a server that runs: `opening.py` decides.
"""

from __future__ import annotations

from cyclopts import App

from relance.cli.predictions.evaluate import evaluate
from relance.cli.predictions.look import check, explain, list_, panel, scores, show
from relance.cli.predictions.make import build, cancel, rescore, target

__all__ = [
    "build",
    "cancel",
    "check",
    "evaluate",
    "explain",
    "list_",
    "panel",
    "predictions",
    "rescore",
    "scores",
    "show",
    "target",
]

predictions = App(name="predictions", help="Who will act, how sure that is, and why.", result_action="return_value")
for _verb in (show, check, build, rescore, cancel, scores, explain, panel, target, evaluate):
    predictions.command(_verb)
predictions.command(list_, name="list")
