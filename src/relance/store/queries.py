"""Named SQL statements kept in `.sql` files, each under a line `-- name: one-line comment`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"^-- (?P<name>[a-z0-9_]+):.*$", re.MULTILINE)


@cache
def load_queries(package: str, file: str = "queries.sql") -> Mapping[str, str]:
    """The statements of one `.sql` file of `package`, by name."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    found = list(_HEADER.finditer(text))
    ends = [f.start() for f in found[1:]] + [len(text)]
    return MappingProxyType({f["name"]: text[f.end() : end].strip().rstrip(";") for f, end in zip(found, ends, strict=True)})
