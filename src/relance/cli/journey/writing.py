"""Drafts, and their publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli.place import IN_STORE, StorePlace

if TYPE_CHECKING:
    from relance.cli.journey.opening import Journeys


def draft(path: Path, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Keep journeys and campaigns of a file as drafts, faulty or not, and tell what is wrong with them.

    Exit: 0 kept, without errors; 1 kept, with errors; 2 the file can not be read, or holds something else.

    Args:
        path: a YAML or JSON file.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.journey.opening import answer
    from relance.cli.output import fail, tell
    from relance.definitions.load import load_definitions

    loaded = load_definitions(path)
    wrong = [p.message for p in loaded.problems if p.severity == "error"]
    bodies = [d.body for d in loaded.documents]
    wrong += [
        f"a draft is of a journey or a campaign, not of {b.get('kind')!r}"
        for b in bodies
        if b.get("kind") not in {"journey", "campaign"}
    ]
    wrong += ["a draft needs an `id`" for b in bodies if not isinstance(b.get("id"), str)]
    if wrong:
        return fail(wrong, as_json=json)

    def ask(journeys: Journeys) -> int:
        kept = [journeys.save(f"{b['kind']}:{b['id']}", b) for b in bodies]
        lines = []
        for b, one in zip(bodies, kept, strict=True):
            lines.append(f"kept a draft of {b['kind']} {b['id']}")
            lines += [f"  {p['severity']}: {p['path']}: {p['message']}" for p in one["problems"]]
        tell({"drafts": kept}, "\n".join(lines), as_json=json)
        return 1 if any(p["severity"] == "error" for one in kept for p in one["problems"]) else 0

    return answer(place, ask, as_json=json)


def check(journey_id: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Tell what is wrong with the draft of a journey, or with what is published where there is no draft.

    Exit: 0 no errors (warnings may be there); 1 there are; 2 there is no such journey.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        found = journeys.check(source_of(journey_id))
        lines = [f"{p['severity']}: {p['path']}: {p['message']} [{p['code']}]" for p in found["problems"]]
        tell(found, "\n".join(lines) or "nothing is wrong", as_json=json)
        return 1 if any(p["severity"] == "error" for p in found["problems"]) else 0

    return answer(place, ask, as_json=json)


def publish(journey_id: str, /, *, at: str | None = None, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Publish the draft of a journey: a frozen version, which people enter from then on. Those inside finish theirs.

    Exit: 0 done; 2 there is no draft, or it has errors, which are listed.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        at: do it at this instant to come: 2026-03-01T09:00:00Z.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        done: dict[str, Any] = journeys.publish(source_of(journey_id), at=at)
        says = (
            f"{journey_id} is to be published at {done['at']}, act {done['act_id']}"
            if at
            else f"published version {done['version']} of {journey_id}"
        )
        warnings = [f"  {p['severity']}: {p['path']}: {p['message']}" for p in done["problems"]]
        tell(done, "\n".join([says, *warnings]), as_json=json)
        return 0

    return answer(place, ask, as_json=json)
