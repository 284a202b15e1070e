"""Everybody is scored in parts, by as many processes as there are; the next part is gathered meanwhile."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relance.predictions.live.worker import drop_part, save_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from relance.predictions.live.gather import Part
    from relance.predictions.live.worker import Hands

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Told(NamedTuple):
    """What a scoring says of everybody.

    Shape: an entry each, in the order of the parts; `spread` as `spread.count_spread` tells, None of no parts.
    """

    ids: Ints
    probability: Floats
    value: Floats | None
    next_in: Floats | None
    spread: Ints | None


def score_parts(
    parts: Iterable[Part], crew: Sequence[Hands], asked: Mapping[str, Any], folder: Path, tell: Callable[[int], object]
) -> Told:
    """Score all parts. Memory holds one part for each of the crew, and the one that is gathered meanwhile.

    Args:
        parts: of the people.
        crew: whoever scores.
        asked: what each is asked to do, but for the part and where to write.
        folder: where parts and scores stand meanwhile.
        tell: told the number of each part that is begun; what it raises ends the scoring.

    Raises:
        Whatever one of the crew raises.
    """
    free: SimpleQueue[Hands] = SimpleQueue()
    for hands in crew:
        free.put(hands)
    begun: list[Future[None]] = []

    def work(hands: Hands, stem: str, out: str) -> None:
        try:
            hands.perform({**asked, "do": "score", "part": stem, "out": out}, lambda stage, share: None)  # noqa: ARG005
        finally:
            drop_part(stem)
            free.put(hands)

    with ThreadPoolExecutor(len(crew), "prediction-part") as pool:
        for i, part in enumerate(parts):
            hands = free.get()
            for one in begun:
                if one.done():
                    one.result()
            tell(i)
            stem = save_part(part, folder, f"part{i}")
            begun.append(pool.submit(work, hands, stem, str(folder / f"scores{i}.npz")))
    for one in begun:
        one.result()
    return _read(folder, len(begun))


def _read(folder: Path, n: int) -> Told:
    ids, spread = [np.zeros(0, np.int64)], None
    found: dict[str, list[Floats]] = {"probability": [np.zeros(0)], "value": [], "next_in": []}
    for i in range(n):
        with np.load(folder / f"scores{i}.npz") as told:
            ids.append(told["ids"])
            spread = told["spread"] if spread is None else spread + told["spread"]
            for name, columns in found.items():
                if name in told.files:
                    columns.append(told[name])
    value, next_in = (np.concatenate(found[name]) if found[name] else None for name in ("value", "next_in"))
    return Told(np.concatenate(ids), np.concatenate(found["probability"]), value, next_in, spread)
