"""The Python of the reference runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relance import conditions, segments
from relance.definitions.check import check_definitions
from relance.definitions.load import load_definitions

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "python.md"
PAGES = [PAGE, PAGE.with_name("segment-templates.md")]
BLOCKS = [block for page in PAGES for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)]


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_examples_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, str(PAGE), "exec"), {})
    for file in tmp_path.iterdir():
        loaded = load_definitions(file)
        assert [] == [*loaded.problems, *check_definitions(loaded.documents)]


def test_every_name_is_shown() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = {*conditions.__all__, *segments.__all__} - {"Condition", "Filter"}  # for annotations

    assert [] == sorted(name for name in names if not re.search(rf"\b{name}\b", text))
