"""The past of memberships: how large a segment was, who came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, format_instant
from relance.errors import InvalidInput, UnsupportedByEngine

if TYPE_CHECKING:
    from relance.warehouse.base import ReadableWarehouse

STEPS = {"hour": HOUR, "day": DAY, "week": 7 * DAY}
MOST_POINTS = 2_000


def sizes(warehouse: ReadableWarehouse, segment: str, low: int, high: int, every: str) -> list[dict[str, Any]]:
    """How large a segment was, step by step, with who came and went since the step before.

    Args:
        warehouse: one that keeps memberships.
        segment: its id.
        low: from when on. What came earlier is in the first size. Later, where who came and went is forgotten by now.
        high: up to when.
        every: `hour`, `day` or `week` of UTC.

    Raises:
        InvalidInput: the step is none of these, or the steps are too many.
        UnsupportedByEngine: memberships are not kept.
    """
    step = STEPS.get(every)
    if step is None:
        msg = f"`every` is one of {', '.join(STEPS)}, not {every!r}"
        raise InvalidInput(msg, problems=[msg])
    if (high - low) // step > MOST_POINTS:
        msg = f"that is more than {MOST_POINTS} points: ask for fewer days, or for larger steps"
        raise InvalidInput(msg, problems=[msg])
    low = min(max(low, warehouse.kept_from()), high)
    changes = warehouse.kept_changes(segment, low, high, step)
    if changes is None:
        msg = "this warehouse keeps no memberships, so it does not know how large segments were"
        raise UnsupportedByEngine(msg)
    columns = (changes[name].tolist() for name in ("at", "entered", "left"))
    moved = {at: (entered, left) for at, entered, left in zip(*columns, strict=True)}
    entered, left = moved.pop(low, (0, 0))  # all that came before is one change there
    size = entered - left
    points = [{"at": format_instant(low), "members": size, "entered": 0, "left": 0}]
    for at in [*range(low // step * step + step, high, step), high]:
        entered, left = moved.get(-(-at // step) * step, (0, 0))
        size += entered - left
        points.append({"at": format_instant(at), "members": size, "entered": entered, "left": left})
    return points
