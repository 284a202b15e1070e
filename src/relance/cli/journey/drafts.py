"""Definitions from files that stand in for those in force."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def read_drafts(path: Path | None, *, as_json: bool) -> list[dict[str, Any]] | None:
    """The definitions of a file or folder, none for None; None when they can not be read. Problems are told."""
    if path is None:
        return []
    from relance.cli.problems import tell_problems
    from relance.definitions.load import load_definitions

    loaded = load_definitions(path)
    if loaded.problems:
        tell_problems(loaded.problems, as_json=as_json, to=sys.stderr)
        return None
    return [dict(document.body) for document in loaded.documents]
