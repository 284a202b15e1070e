"""The demo's definitions can be read and rendered in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.clock import DAY, parse_instant
from relance.definitions.load import load_definitions
from relance.demo.shop import ShopWorld
from relance.demo.story import write_definitions
from relance.templates import render

if TYPE_CHECKING:
    from pathlib import Path

START = parse_instant("2026-03-02T15:00:00Z") or 0


def test_instants_follow_the_start(tmp_path: Path) -> None:
    write_definitions(tmp_path, START)
    found = {d.id: d.body for d in load_definitions(tmp_path).require()}

    assert found["first-message"]["entry"]["schedule"] == {"at": "2026-03-02T15:30:00Z"}
    assert "@start" not in "".join(f.read_text(encoding="utf-8") for f in tmp_path.iterdir())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_template_renders_for_a_person_of_the_shop(tmp_path: Path, language: str) -> None:
    write_definitions(tmp_path, START)
    templates = [d.body for d in load_definitions(tmp_path).require() if d.kind == "template"]
    told = ShopWorld(1, START, customers=300).step(START + 2 * DAY)
    person = next(e["traits"] for e in told if e["type"] == "identify" and e["traits"]["language"] == language)
    cart = next(e["properties"] for e in told if e.get("event") == "Cart Abandoned")
    context = {"profile": person, "event": {"properties": cart}, "unsubscribe_url": "https://x.example/u/1"}

    for template in templates:
        rendered = render(template, context)
        text = " ".join(filter(None, [rendered.subject, rendered.title, rendered.body]))

        assert text
        assert "{{" not in text
        assert "googleapis" not in text  # nothing is fetched from elsewhere
        if rendered.html:
            assert context["unsubscribe_url"] in text
