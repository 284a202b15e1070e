"""Look at journeys: all of them, one, who is inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from relance.cli.place import IN_STORE, StorePlace

if TYPE_CHECKING:
    from relance.cli.journey.opening import Answer, Journeys


def list_journeys(
    *,
    kind: Literal["journey", "campaign"] = "journey",
    archived: bool = False,
    place: StorePlace = IN_STORE,
    json: bool = False,
) -> int:
    """Show all journeys: their state, version and how many are inside.

    Exit: 0 done; 2 the store can not be read.

    Args:
        kind: journeys, or campaigns.
        archived: show those that are archived instead.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        found = journeys.list(kind, archived=archived)
        lines = [_line(one) for one in found["items"]]
        tell(found, "\n".join(lines) or f"there is no {kind}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def _line(one: Answer) -> str:
    if one["state"] == "draft":
        return f"{one['id']}  draft"
    written = "  with a draft" if one["draft"] else ""
    return f"{one['id']}  {one['state']}  version {one['version']}  {one['inside']} inside{written}"


def show(journey_id: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Show one journey: its state, its versions, who is where, and what was asked of it.

    Exit: 0 done; 2 there is no such journey, or the store can not be read.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        found = journeys.show(source_of(journey_id))
        lines = [f"{found['kind']} {found['id']}: {found['state']}"]
        if found["archived_at"]:
            lines[0] += f", archived since {found['archived_at']}"
        lines += [f"  version {v['version']}, published {v['published_at']} by {v['by'] or '?'}" for v in found["versions"]]
        lines += [f"  {p['people']} inside version {p['version']} at {p['step']}" for p in found["people"]]
        lines += [f"  {found['held']} wait to be let in"] if found["held"] else []
        lines += [f"  a draft, saved {found['draft']['saved_at']} by {found['draft']['saved_by']}"] if found["draft"] else []
        lines += [f"  act {a['act_id']}: {a['action']} at {a['at']} by {a['actor']}, {a['state']}" for a in found["acts"]]
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def people(
    journey_id: str, /, *, step: str = "", limit: int = 100, after: str = "", place: StorePlace = IN_STORE, json: bool = False
) -> int:
    """Show who is inside a journey, those who entered first first.

    Exit: 0 done; 2 there is no such journey or step, or the store can not be read.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        step: only those who stand at this step.
        limit: how many at most.
        after: where the page before ended.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import note, tell

    def ask(journeys: Journeys) -> int:
        found = journeys.people(source_of(journey_id), step=step, limit=limit, after=after)
        lines = [f"{p['user_id']}  {p['step']} since {p['since']}  due {p['due_at'] or '-'}" for p in found["items"]]
        tell(found, "\n".join(lines) or "nobody", as_json=json)
        if found["next"] and not json:
            note(f"there may be more: --after {found['next']}")
        return 0

    return answer(place, ask, as_json=json)
