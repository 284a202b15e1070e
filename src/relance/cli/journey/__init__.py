"""`relance journey`: how journeys and campaigns stand, who is inside, and what is done with them."""

from __future__ import annotations

from cyclopts import App

from relance.cli.journey.acts import archive, cancel, close, migrate, pause, restore, resume, stop
from relance.cli.journey.backtest import backtest
from relance.cli.journey.looking import list_journeys, people, show
from relance.cli.journey.trying import try_out
from relance.cli.journey.writing import check, draft, publish

__all__ = [
    "archive", "backtest", "cancel", "check", "close", "draft", "journey", "list_journeys", "migrate", "pause", "people", "publish",
    "restore", "resume", "show", "stop", "try_out",
]  # fmt: skip

journey = App(
    name="journey", help="How journeys and campaigns stand, and what is done with them.", result_action="return_value"
)
journey.command(list_journeys, name="list")
journey.command(try_out, name="test")
for _verb in (show, people, draft, check, backtest, publish, pause, resume, close, stop, archive, restore, migrate, cancel):
    journey.command(_verb)
