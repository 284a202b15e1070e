"""What is done with journeys that are published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import IN_STORE, StorePlace

if TYPE_CHECKING:
    from relance.cli.journey.opening import Answer, Journeys


def pause(
    journey_id: str,
    /,
    *,
    clocks: Literal["run", "freeze"] = "run",
    entries: Literal["hold", "refuse"] = "hold",
    at: str | None = None,
    place: StorePlace = IN_STORE,
    json: bool = False,
) -> int:
    """Let nobody move and nobody in, until the journey is resumed. Events are recorded.

    Exit: 0 done; 2 there is no such journey, or it can not be paused now.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        clocks: run: deadlines pass meanwhile; freeze: waits and time-outs have as much left as they had.
        entries: hold: who would come in does so when it goes on; refuse: their starts are recorded as suppressed.
        at: do it at this instant to come: 2026-03-01T09:00:00Z.
        place: where the journeys are.
        json: print JSON.
    """
    return _act(journey_id, "pause", at, place, as_json=json, clocks=clocks, entries=entries)


def resume(journey_id: str, /, *, at: str | None = None, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Let a paused journey go on; open a closed or stopped one again.

    Exit: 0 done; 2 there is no such journey, or it runs.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        at: do it at this instant to come: 2026-03-01T09:00:00Z.
        place: where the journeys are.
        json: print JSON.
    """
    return _act(journey_id, "resume", at, place, as_json=json)


def close(journey_id: str, /, *, at: str | None = None, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Let nobody in any more. Those inside finish.

    Exit: 0 done; 2 there is no such journey, or it can not be closed now.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        at: do it at this instant to come: 2026-03-01T09:00:00Z.
        place: where the journeys are.
        json: print JSON.
    """
    return _act(journey_id, "close", at, place, as_json=json)


def stop(journey_id: str, /, *, at: str | None = None, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Have everybody leave. From now on no message of the journey is handed over.

    Exit: 0 done; 2 there is no such journey, or it is stopped.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        at: do it at this instant to come: 2026-03-01T09:00:00Z.
        place: where the journeys are.
        json: print JSON.
    """
    return _act(journey_id, "stop", at, place, as_json=json)


def _act(journey_id: str, action: str, at: str | None, place: StorePlace, *, as_json: bool, **detail: Any) -> int:
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        done = journeys.act(source_of(journey_id), action, at=at, **detail)
        lines = [f"{action} of {done['source']}, act {done['act_id']}, {'at ' if at else 'asked for '}{done['at']}"]
        if action in {"stop", "pause"} and not at and done["in_flight"]:
            lines.append(f"  {done['in_flight']} messages had been given to providers before")
        tell(done, "\n".join(lines), as_json=as_json)
        return 0

    return answer(place, ask, as_json=as_json)


def cancel(journey_id: str, act_id: int, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Take back what is to be done at an instant to come.

    Exit: 0 done; 2 no such act waits.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        act_id: the number of the act, as `relance journey show` tells it.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        done = journeys.cancel(source_of(journey_id), act_id)
        tell(done, f"took back {done['action']} at {done['at']}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def archive(journey_id: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Take a journey that is stopped, or closed and empty, out of lists. It can be read as before.

    Exit: 0 done; 2 there is no such journey, or people may come in or are inside.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        done = journeys.archive(source_of(journey_id))
        lines = [f"archived {done['source']}", *(f"  used by {u['kind']} {u['id']} {u['path']}" for u in done["used_by"])]
        tell(done, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def restore(journey_id: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Bring an archived journey back into lists. It stays closed or stopped until it is resumed.

    Exit: 0 done; 2 there is no such journey, or it is not archived.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import tell

    def ask(journeys: Journeys) -> int:
        done = journeys.restore(source_of(journey_id))
        tell(done, f"{done['source']} is in lists again", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def migrate(
    journey_id: str,
    /,
    *moves: str,
    map: Path | None = None,  # noqa: A002 - the name of the option
    from_version: int | None = None,
    dry: bool = False,
    place: StorePlace = IN_STORE,
    json: bool = False,
) -> int:
    """Move those inside to the newest version, by a map of steps. A step that is not named goes to the one of its name.

    Exit: 0 done; 1 with --dry: the map has errors; 2 the same without, or there is no such journey.

    Args:
        journey_id: the id of a journey, or campaign:ID.
        moves: OLD=NEW, a step each; OLD=exit has its people leave.
        map: a YAML or JSON file of the same: {old: new}.
        from_version: only those inside this version. Default: of all older ones.
        dry: only tell who would go where, and what is wrong with the map.
        place: where the journeys are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.journey.opening import answer
    from relance.cli.output import fail, tell

    mapping = _read_map(map) if map else {}
    if mapping is None:
        return fail([f"{map} holds no map of steps: write {{old: new}}"], as_json=json)
    for move in moves:
        old, equals, new = move.partition("=")
        if not (old and equals and new):
            return fail([f"{move!r} is no move: write OLD=NEW, or OLD=exit"], as_json=json)
        mapping[old] = new

    def ask(journeys: Journeys) -> int:
        found = journeys.migrate(source_of(journey_id), mapping, from_version=from_version, dry=dry)
        tell(found, "\n".join(_moves(found)), as_json=json)
        return 1 if any(p["severity"] == "error" for p in found["problems"]) else 0

    return answer(place, ask, as_json=json)


def _moves(found: Answer) -> list[str]:
    lines = [f"{found['people']} people go to version {found['to_version']}"]
    for row in found["steps"]:
        to = "nobody knows where" if row["to"] is None else f"{row['to']} ({row['how']})"
        lines.append(f"  {row['people']} at {row['step']} of version {row['version']} → {to}")
    return [*lines, *(f"  {p['severity']}: {p['message']}" for p in found["problems"])]


def _read_map(path: Path) -> dict[str, str] | None:
    import yaml

    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return {str(k): str(v) for k, v in read.items()} if isinstance(read, dict) else None
