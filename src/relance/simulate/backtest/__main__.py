"""One process that lives a share of a staged past: `python -m relance.simulate.backtest FOLDER NTH OF`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from relance.simulate.backtest.replay import replay

NICE = 10  # whoever serves comes first


def main(folder: Path, nth: int, of: int) -> None:
    """Effects: writes `progress.json` and, at the end, `answer.json` into the folder."""
    os.nice(NICE)

    def tell(phase: str, done: int, total: int) -> None:
        written = folder / "progress.json.new"
        written.write_text(json.dumps([phase, done, total]))
        written.replace(folder / "progress.json")

    answer = replay(folder, tell, (nth, of))
    (folder / "answer.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
