"""The checks that the web app echoes early: both read the same definitions, and must tell the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relance.definitions.check import check_definitions
from relance.definitions.document import Document

SHARED = json.loads((Path(__file__).parents[2] / "shared" / "journey-checks.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SHARED, ids=lambda case: str(case["name"]))
def test_what_the_web_app_echoes_is_what_the_check_tells(case: dict[str, Any]) -> None:
    found = check_definitions([Document(case["definition"])])

    assert case["problems"] == [{"code": p.code, "path": p.path, "severity": p.severity} for p in found]
