"""The demo's definitions, with instants that follow the demo's start."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from relance.clock import format_instant, parse_duration

if TYPE_CHECKING:
    from pathlib import Path

_AFTER_START = re.compile(r'"@start\+(\d+[smhdw])"')


def write_definitions(folder: Path, start: int) -> list[Path]:
    """Write the demo's definitions, where they can be read, changed and applied again.

    `"@start+3h"` in a packaged file becomes the instant three hours after `start`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in read_definitions(start):
        target = folder / name
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written


def read_definitions(start: int) -> list[tuple[str, str]]:
    """The names of the demo's files, and what stands in them."""
    sources = sorted(files("relance.demo").joinpath("definitions").iterdir(), key=lambda f: f.name)
    return [
        (
            source.name,
            _AFTER_START.sub(
                lambda found: str(format_instant(start + (parse_duration(found[1]) or 0))), source.read_text(encoding="utf-8")
            ),
        )
        for source in sources
        if source.name.endswith(".yaml")
    ]
