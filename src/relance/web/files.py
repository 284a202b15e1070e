"""The files of the built app, as they are sent."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

INDEX = "index.html"
LEAST_PACKED = 1024  # bytes: smaller files win nothing
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
_ALREADY_PACKED = {".woff2", ".png"}


@dataclass(frozen=True)
class BuiltFile:
    """One file of the app."""

    path: str  # from the root of the site, without the leading slash: `assets/index-1a2b.js`
    content: bytes

    @property
    def ending(self) -> str:
        return self.path[self.path.rfind(".") :]

    @property
    def media_type(self) -> str:
        return TYPES.get(self.ending, "application/octet-stream")

    @property
    def is_immutable(self) -> bool:
        """Whether its name changes with its content."""
        return self.path.startswith("assets/")

    @cached_property
    def packed(self) -> bytes | None:
        """As gzip; None when that wins nothing. Packed at its first use."""
        if self.ending in _ALREADY_PACKED or len(self.content) < LEAST_PACKED:
            return None
        return gzip.compress(self.content, 6, mtime=0)


def read_built_files(folder: Path | None = None) -> dict[str, BuiltFile]:
    """Every file of the app by its path; empty when it was not built.

    Args:
        folder: where the build is, instead of beside this package.
    """
    root = files("relance.web").joinpath("dist") if folder is None else folder
    if not root.joinpath(INDEX).is_file():
        return {}
    found: dict[str, BuiltFile] = {}
    _gather(root, "", found)
    return found


def _gather(folder: Traversable, prefix: str, found: dict[str, BuiltFile]) -> None:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            _gather(entry, f"{path}/", found)
        elif entry.is_file():
            found[path] = BuiltFile(path, entry.read_bytes())
