"""How starts are met while a journey is paused, closed or stopped: in any tick, by whatever they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.store import load_queries

if TYPE_CHECKING:
    from relance.journeys.wave import Wave
    from relance.store import Connection

_sql = load_queries("relance.journeys.lifecycle")


def hold_starts(connection: Connection) -> None:
    """Of those in `w_doing`, who waits until a journey is resumed does so. Effects: adds to `held_entries`."""
    if connection.execute(_sql["hold_starts"]):
        connection.execute(_sql["drop_held_starts"])


def refuse_starts(connection: Connection) -> None:
    """Nobody else is let into what is closed, or is paused and holds nobody."""
    connection.execute(_sql["refuse_gated"])


def find_late_exits(wave: Wave) -> bool:
    """Whoever is let in late and has done meanwhile what ends the journey is to leave. Answers whether there is anybody."""
    return wave.connection.execute(_sql["exit_late_starts"]) > 0
