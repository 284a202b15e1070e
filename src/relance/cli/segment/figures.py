"""How many: count, sizes over time, preview, overlap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.segment.opening import Segments


def count(segment_id: str, /, *, at: str | None = None, place: Place = HERE, json: bool = False) -> int:
    """Say how many are in a segment.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        at: as of which instant, with what was known then: 2026-03-01T09:00:00Z. Default: now.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer, note_archived

    def ask(segments: Segments) -> int:
        found = segments.count(segment_id, at)
        note_archived(found)
        tell(found, str(found["members"]), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def sizes(
    segment_id: str,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    every: Literal["hour", "day", "week"] = "day",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say how large a segment was over time, and who came and went.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        since: from when on: 2026-03-01T09:00:00Z. Default: 30 days before the end.
        until: up to when. Default: now.
        every: how far apart the points are, in UTC.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer, note_archived

    def ask(segments: Segments) -> int:
        found = segments.sizes(segment_id, since=since, until=until, every=every)
        note_archived(found)
        lines = [f"{p['at']}  {p['members']:>10}  +{p['entered']}  -{p['left']}" for p in found["points"]]
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def preview(
    what: str,
    /,
    *,
    exact: bool = True,
    sample: int = 0,
    at: str | None = None,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say for how many a condition holds that is not published, and whom of them each channel reaches.

    Exit: 0 done; 2 there is no such segment or file, the condition has errors, or the data can not be read.

    Args:
        what: a YAML or JSON file with a segment, or with its condition alone; or the id of a segment.
        exact: count everybody. With --no-exact a sample is asked where there are many people: an estimate with its bounds.
        sample: show so many members.
        at: as of which instant, with what was known then. Default: now.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import fail, tell
    from relance.cli.segment.opening import answer

    where: Any = what
    if Path(what).is_file():
        where = _read_condition(Path(what))
        if where is None:
            return fail(
                [f"{what} holds no condition: write a segment with `where`, or a condition with its `type`"], as_json=json
            )

    def ask(segments: Segments) -> int:
        found = segments.preview(where, at=at, exact=exact, sample=sample)
        lines = [f"{_figure(found)} of {found['people']} people"]
        lines += [f"  {channel}: {_figure(reached)}" for channel, reached in found["reach"].items()]
        lines += [_person(person) for person in found.get("sample", ())]
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def overlap(*segment_ids: str, at: str | None = None, place: Place = HERE, json: bool = False) -> int:
    """Say how two or more segments overlap: in both, in either, and what share that is.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_ids: the ids of the segments.
        at: as of which instant, with what was known then. Default: now.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer

    def ask(segments: Segments) -> int:
        found = segments.overlap(segment_ids, at)
        lines = [f"{one['id']}: {one['members']}, {one['alone']} of them in no other" for one in found["segments"]]
        for pair in found["pairs"]:
            first, second = pair["segments"]
            lines.append(
                f"{first} and {second}: {pair['both']} in both, {pair['either']} in either ({pair['share']:.1%}; "
                f"{pair['share_of_first']:.1%} of {first}, {pair['share_of_second']:.1%} of {second})"
            )
        if len(found["segments"]) > 2:
            lines.append(f"{found['both']} in all, {found['either']} in any ({found['share']:.1%})")
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def _read_condition(path: Path) -> Any:
    import yaml

    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    if isinstance(read, dict):
        return read.get("where") if read.get("kind") == "segment" else read if "type" in read else None
    return None


def _figure(found: dict[str, Any]) -> str:
    if found["low"] == found["high"]:
        return str(found["members"])
    return f"about {found['members']} ({found['low']} to {found['high']})"


def _person(person: dict[str, Any]) -> str:
    return "  ".join(str(person[name]) for name in ("user_id", "name", "email") if person[name])
