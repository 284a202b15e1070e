"""`relance audit`: who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.cli.place import IN_STORE, StorePlace

if TYPE_CHECKING:
    from relance.cli.journey.opening import Journeys


def audit(
    *,
    kind: str = "",
    id: str = "",  # noqa: A002 - the name of the option
    actor: str = "",
    action: str = "",
    limit: int = 100,
    before: str = "",
    place: StorePlace = IN_STORE,
    json: bool = False,
) -> int:
    """Show who changed what, the last first.

    Exit: 0 done; 2 the store can not be read.

    Args:
        kind: of what was changed: journey, campaign, segment, template, list, source, api_key ...
        id: of what was changed.
        actor: who did it: cli, key:NUMBER:NAME, or user:NUMBER:EMAIL.
        action: what was done: publish, pause, stop ...
        limit: how many at most.
        before: where the page before ended.
        place: where the store is.
        json: print JSON.
    """
    from relance.cli.journey.opening import answer
    from relance.cli.output import note, tell

    def ask(journeys: Journeys) -> int:
        found = journeys.audit(kind=kind, definition_id=id, actor=actor, action=action, limit=limit, before=before)
        lines = [
            f"{e['at']}  {e['actor'] or '?'}  {e['action']} {e['kind']} {e['id']}"
            + (f" version {e['version']}" if e["version"] else "")
            for e in found["items"]
        ]
        tell(found, "\n".join(lines) or "nothing was done", as_json=json)
        if found["next"] and not json:
            note(f"there may be more: --before {found['next']}")
        return 0

    return answer(place, ask, as_json=json)
