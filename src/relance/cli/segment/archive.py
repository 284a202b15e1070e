"""Archive segments, and bring them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.segment.opening import Segments


def archive(segment_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Keep the members of a segment as they are now, wherever it is used, until it is restored.

    Exit: 0 done; 2 there is no such segment, it is archived already, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer

    def ask(segments: Segments) -> int:
        done = segments.archive(segment_id)
        lines = [f"archived {segment_id}: it keeps its {done['members']} members of {done['archived_at']}"]
        lines += [f"  used by {use['kind']} {use['id']} {use['path']}" for use in done["used_by"]]
        tell(done, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def restore(segment_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Let an archived segment follow its condition again.

    Exit: 0 done; 2 there is no such segment, it is not archived, or the store can not be written.

    Args:
        segment_id: the id of the segment.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer

    def ask(segments: Segments) -> int:
        tell(segments.restore(segment_id), f"{segment_id} follows its condition again", as_json=json)
        return 0

    return answer(place, ask, as_json=json)
