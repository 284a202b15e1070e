"""Who: members, a sample of them, and why somebody is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.segment.opening import Segments

A_PAGE = 10_000


def members(segment_id: str, /, *, at: str | None = None, place: Place = HERE, json: bool = False) -> int:
    """List who is in a segment, one user id a line.

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
        page = segments.members(segment_id, at=at, limit=A_PAGE, after="")
        names = [person["user_id"] for person in page["items"]]
        while page["next"]:
            page = segments.members(segment_id, at=None, limit=A_PAGE, after=page["next"])
            names += [person["user_id"] for person in page["items"]]
        names.sort()
        note_archived(page)
        if names or json:
            tell({"segment": segment_id, "at": page["at"], "members": names}, "\n".join(names), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def sample(segment_id: str, /, *, n: int = 10, at: str | None = None, place: Place = HERE, json: bool = False) -> int:
    """Show some members with their names and addresses: the same ones as long as they are members.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        n: how many, at most 100.
        at: as of which instant, with what was known then. Default: now.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import fail, tell
    from relance.cli.segment.opening import answer, note_archived

    if not 1 <= n <= 100:
        return fail(["-n is between 1 and 100; for all members use `relance segment export`"], as_json=json)

    def ask(segments: Segments) -> int:
        found = segments.sample(segment_id, n, at)
        note_archived(found)
        lines = [
            "  ".join(str(person[name]) for name in ("user_id", "name", "email", "phone") if person[name])
            for person in found["items"]
        ]
        tell(found, "\n".join([*lines, f"{len(lines)} of {found['members']}"]), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def explain(
    segment_id: str,
    /,
    *,
    user: str,
    at: str | None = None,
    language: Literal["en", "fr"] = "en",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say why somebody is in a segment, or is not: each condition with what it saw and what it needs.

    Exit: 0 in the segment; 1 not in it; 2 there is no such segment or person, or the data can not be read.

    Args:
        segment_id: the id of the segment.
        user: the person's user id, or anonymous id.
        at: as of which instant, with what was known then: 2026-03-01T09:00:00Z. Default: now.
        language: of the sentences: en or fr.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer, note_archived

    def ask(segments: Segments) -> int:
        why = segments.explain(segment_id, user, at=at, language=language)
        note_archived(why)
        lines = [f"{user} is {'' if why['member'] else 'not '}in {segment_id} at {why['at']}", *_lines(why["why"], "  ")]
        if why["changes_at"]:
            lines.append(f"by itself this changes at {why['changes_at']}")
        tell(why, "\n".join(lines), as_json=json)
        return 0 if why["member"] else 1

    return answer(place, ask, as_json=json)


def _lines(why: dict[str, Any], indent: str) -> list[str]:
    own = f"{indent}{'yes' if why['holds'] else 'no ':<3} {why['sentence']}"
    return [own, *(line for part in why.get("parts", ()) for line in _lines(part, indent + "    "))]
