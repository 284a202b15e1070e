"""Every code of a problem stands in the reference."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = ("definitions", "journeys", "campaigns")
# Where each call has the code, by the name of what is called.
PLACES = {"Problem": 0, "problem_at": 0, "add": 0, "Rule": 0, "needs": 3, "refuse": 3, "Tagged": 4, "Choice": 1, "Text": 1}
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")


def codes() -> set[str]:
    found = {f"unknown_{kind}" for kind in ("segment", "template", "journey", "campaign", "prediction")}
    for folder in FOLDERS:
        for file in (ROOT / "src" / "relance" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    arguments = node.args[PLACES[name] :][:1] if name in PLACES else []
                    arguments += [k.value for k in node.keywords if (k.arg or "").endswith("code")]
                    found |= {a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return {code for code in found if CODE.fullmatch(code)}


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "problems.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"`([a-z0-9_]+)`", page))

    assert len(codes()) > 40
    assert [] == sorted(codes() - shown)
