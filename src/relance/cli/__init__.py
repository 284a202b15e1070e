"""The command line: one file a verb, imported when it is called, so that each verb starts fast."""

from __future__ import annotations

import sys

from cyclopts import App

import relance
from relance.errors import RelanceError, UserError

app = App(
    name="relance",
    help="Find out who is likely to act, and write to each on the right channel at the right time.",
    version=relance.__version__,
    result_action="return_value",
)
for _verb, _function in (
    ("demo", "relance.cli.demo:demo"),
    ("serve", "relance.cli.serve:serve"),
    ("check", "relance.cli.check:check"),
    ("schema", "relance.cli.schema:schema"),
    ("plan", "relance.cli.plan:plan"),
    ("apply", "relance.cli.apply:apply"),
    ("import", "relance.cli.import_:import_files"),
    ("report", "relance.cli.report:report"),
    ("passages", "relance.cli.report:passages"),
    ("explain", "relance.cli.explain:explain"),
    ("export-profile", "relance.cli.export_profile:export_profile"),
    ("erase-profile", "relance.cli.erase_profile:erase_profile"),
    ("event", "relance.cli.event:event"),
    ("segment", "relance.cli.segment:segment"),
    ("list", "relance.cli.list_:list_"),
    ("audience", "relance.cli.audience:audience"),
    ("journey", "relance.cli.journey:journey"),
    ("audit", "relance.cli.audit:audit"),
    ("user", "relance.cli.user:user"),
    ("predictions", "relance.cli.predictions:predictions"),
    ("uplift", "relance.cli.uplift:uplift"),
    ("playbook", "relance.cli.playbook:playbook"),
    ("simulate", "relance.cli.simulate:simulate"),
):
    app.command(_function, name=_verb)


def main() -> None:
    """Run the command line. Exit: 0 done; 1 it ran and the answer is no; 2 bad input."""
    try:
        sys.exit(app() or 0)
    except RelanceError as e:
        sys.stderr.write(f"{e.message}\n")
        sys.exit(2 if isinstance(e, UserError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
