"""What depends on a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.segment.opening import Segments


def uses(segment_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """List what a segment's membership matters to: segments, journeys, campaigns and predictions, each with the place.

    Exit: 0 done; 2 there is no such segment, or the store can not be read.

    Args:
        segment_id: the id of the segment.
        place: where the segments are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.segment.opening import answer

    def ask(segments: Segments) -> int:
        found = segments.dependencies(segment_id)
        lines = [
            f"{use['kind']} {use['id']} {use['path']}" + (f" (through {' → '.join(use['through'])})" if use["through"] else "")
            for use in found["used_by"]
        ]
        tell(found, "\n".join(lines) or f"nothing uses {segment_id}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)
