from __future__ import annotations

import re
from pathlib import Path

import relance.imports
from relance.imports.filters import OPERATORS
from relance.imports.mapping import TYPES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "imports.md"
SOURCES = Path(relance.imports.__file__).parent
# Where a code stands: file_problem(path, CODE, ...), Problem(CODE, ...), Unfit(column, CODE, ...), Reject(row, line, column, CODE, ...),
# a fault on its way to one, or a return of both code and message.
CODE = re.compile(
    r"""file_problem\([\w.]+,\s*"([a-z_0-9]+)"|Problem\("([a-z_0-9]+)"|Unfit\([^"]*?,\s*"([a-z_]+)"|Reject\([^"]*(?:"")?,\s*"([a-z_]+)"|return\s"([a-z_]+)",\sf?"|self\._fault\s=\s\("([a-z_]+)"|b"[^"]+",\s"([a-z_0-9]+)"|"(unknown_field|missing_field)"\)"""
)


def test_every_fault_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    codes = {
        next(filter(None, found)) for file in SOURCES.rglob("*.py") for found in CODE.findall(file.read_text(encoding="utf-8"))
    }

    assert len(codes) > 30
    assert [] == sorted(code for code in codes if f"`{code}`" not in text)


def test_every_word_of_a_mapping_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [] == [word for word in (*TYPES, *OPERATORS) if not re.search(rf"[`\s]{word}[`\s]", text)]
