"""Definitions as a verb is given them: read, checked, and every problem told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from relance.definitions.document import Document


def read_definitions(path: Path) -> list[Document] | None:
    """The checked documents of a file or folder; None when they have errors, which are then told."""
    from relance.definitions.load import load_definitions

    return load_definitions(path).require()
