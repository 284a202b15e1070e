"""How people come back: the days on which they did something, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relance.predictions.facts import begins_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from relance.predictions.facts import Ints, Rows

    Floats = NDArray[np.float64]

_GAP_BITS = 32


@dataclass(frozen=True)
class Rhythm:
    """Occasions and gaps.

    Shape: one entry a person; NaN for who has none. Units: days, or hours where those are counted.
    """

    occasions: Floats
    first: Floats
    last: Floats
    gap_sum: Floats
    gap_squares: Floats
    gap_max: Floats
    gap_last: Floats
    gap_median: Floats
    seasons: tuple[Floats, ...]  # how many occasions in each span


def rhythm_of(rows: Rows, grain: int, spans: Sequence[tuple[int, int]]) -> Rhythm:
    """The rhythm of some events.

    Args:
        rows: the events.
        grain: microseconds in a day or an hour, on which something happens once or not at all.
        spans: in such days, from the first one to before the second.
    """
    n_people = rows.n_people
    place, day = rows.occasions(grain)
    begins = begins_of(place)
    ends = np.append(begins[1:], len(place))[: len(begins)] - 1
    who = place[begins]
    same = place[1:] == place[:-1]
    of, gap = place[1:][same], np.diff(day)[same]
    gap_begins = begins_of(of)
    back = of[gap_begins]  # who came back
    came = ends > begins

    def spread(whose: Ints, values: NDArray[np.generic]) -> Floats:
        found = np.full(n_people, np.nan)
        found[whose] = values
        return found

    squares = np.bincount(of, weights=gap.astype(np.float64) ** 2, minlength=n_people)
    ranked = np.sort((of << _GAP_BITS) + gap) & ((1 << _GAP_BITS) - 1)
    n_gaps = np.append(gap_begins[1:], len(of))[: len(gap_begins)] - gap_begins
    low, high = ranked[gap_begins + (n_gaps - 1) // 2], ranked[gap_begins + n_gaps // 2]
    return Rhythm(
        np.bincount(place, minlength=n_people).astype(np.float64), spread(who, day[begins]), spread(who, day[ends]),
        spread(who[came], (day[ends] - day[begins])[came]), spread(back, squares[back]),
        spread(back, np.maximum.reduceat(gap, gap_begins) if len(gap) else gap),
        spread(who[came], day[ends[came]] - day[ends[came] - 1]), spread(back, low + (high - low) / 2),
        tuple(
            np.bincount(place[(day >= start) & (day < end)], minlength=n_people).astype(np.float64) for start, end in spans
        ),
    )  # fmt: skip
