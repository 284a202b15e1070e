"""`relance journey`: how journeys and campaigns stand, who is inside, and what is done with them."""

from __future__ import annotations

from cyclopts import App

from relance.cli.journey.acts import archive, cancel, close, migrate, pause, restore, resume, stop
from relance.cli.journey.looking import list_journeys, people, show
from relance.cli.journey.writing import check, draft, publish

__all__ = [
    "archive", "cancel", "check", "close", "draft", "journey", "list_journeys", "migrate", "pause", "people", "publish", "restore",
    "resume", "show", "stop",
]  # fmt: skip

journey = App(
    name="journey", help="How journeys and campaigns stand, and what is done with them.", result_action="return_value"
)
journey.command(list_journeys, name="list")
for _verb in (show, people, draft, check, publish, pause, resume, close, stop, archive, restore, migrate, cancel):
    journey.command(_verb)
