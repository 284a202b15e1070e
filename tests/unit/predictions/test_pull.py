"""Properties out of JSON texts, against the same read one event at a time."""

from __future__ import annotations

import json
import random
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import pytest

from relance.predictions.intake import EventColumns
from relance.predictions.layout import Property, choose_layout
from relance.predictions.pull import pulling, word_of
from relance.warehouse.engines.duckdb_scratch import Scratch

PROPERTIES = (
    Property(None, "total", "number"), Property(None, "channel", "word"), Property(None, "products[]", "length"),
    Property(None, "products[].id", "word"), Property(None, "products[].price", "number"), Property("View", "page.kind", "word"),
    Property("View", "page.depth", "number"), Property("View", "page", "word"), Property("View", "Page", "word"),
    Property("View", "tags[]", "length"), Property("View", "total", "number"), Property("View", "channel", "number"), Property("View", "cart.lines[].id", "word"), Property("View", "cart.lines[]", "length"),
)  # fmt: skip
_MISSING = object()


def some_value(draw: random.Random) -> Any:
    return draw.choice(
        (None, True, 3, -2, 12.5, 0.0625, 1e14, "web", "12.34567", "", "null", 'a "b" é', "x.y", {"z": 1}, [], [1])
    )


def an_event(draw: random.Random) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key in ("total", "channel", "products", "page", "Page", "page.kind", "tags", "cart"):
        if draw.random() < 0.6:
            told[key] = some_value(draw)
    for key, parts in (("products", ("id", "price")), ("tags", ())):
        if draw.random() < 0.5:
            told[key] = [
                {k: some_value(draw) for k in parts if draw.random() < 0.8} if draw.random() < 0.8 else some_value(draw)
                for _ in range(draw.randrange(4))
            ]
    if draw.random() < 0.4:
        told["page"] = {k: some_value(draw) for k in ("kind", "depth") if draw.random() < 0.7}
    if draw.random() < 0.4:
        told["cart"] = {"lines": [{"id": some_value(draw)} for _ in range(draw.randrange(3))]}
    return told


def at(value: Any, steps: list[str]) -> Any:
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return _MISSING
        value = value[step]
    return value


def text_of(value: Any) -> str | None:
    if value is None or value is _MISSING:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def amount_of(text: str | None) -> Decimal | None:
    try:
        amount = None if text is None else Decimal(text.strip()).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return amount if amount is not None and abs(amount) < 10**14 else None


def expected(p: Property, told: dict[str, Any]) -> Any:
    outer, brackets, inner = p.path.partition("[]")
    found = at(told, outer.split("."))
    if p.kind == "length":
        return None if found is _MISSING else Decimal(len(found) if isinstance(found, list) else 0)
    if brackets:
        parts = [v for e in (found if isinstance(found, list) else []) if (v := at(e, [inner[1:]])) is not _MISSING]
        if p.kind == "word":
            return [text_of(v) for v in parts]
        amounts = [a for v in parts if (a := amount_of(text_of(v))) is not None]
        return sum(amounts) if amounts else None
    text = text_of(found)
    if text is None:
        text = text_of(told.get(p.path, _MISSING))
    return text if p.kind == "word" else amount_of(text)


@pytest.mark.parametrize("properties", [PROPERTIES, PROPERTIES[::-1], PROPERTIES[4:5]])
def test_each_property_is_what_a_look_at_its_event_alone_tells(properties: tuple[Property, ...]) -> None:
    draw = random.Random(5)
    events = [(draw.choice(("Order", "View")), an_event(draw)) for _ in range(300)]
    pulled = pulling(properties, ("Order", "View"))
    with Scratch() as scratch:
        scratch.load(
            "events",
            {"code": [("Order", "View").index(n) for n, _ in events], "target": [n == "Order" for n, _ in events],
             "properties": [json.dumps(e, ensure_ascii=False) for _, e in events]},
        )  # fmt: skip
        inside = ", ".join(["code", "target", "properties", *pulled.reading])
        told = scratch.table(f"SELECT {', '.join(pulled.columns)} FROM (SELECT {inside} FROM events)")

    for i, p in zip(pulled.places, properties, strict=True):
        for (name, event), found in zip(events, told[f"p{i}"].to_pylist(), strict=True):
            if (p.name or "Order") != name:
                continue  # nobody looks at it there
            if p.kind == "word" and "[]" in p.path:
                assert expected(p, event) == [None if t is None else word_of(t) for t in found or []], (p, event)
            elif p.kind == "word":
                assert expected(p, event) == (None if found is None else word_of(found)), (p, event)
            else:
                wanted_amount = expected(p, event)
                assert found == (None if wanted_amount is None else float(wanted_amount)), (p, event)


def test_keys_that_have_no_path_are_not_looked_at() -> None:
    told = json.dumps({"total": 1, "": 2, 'a"b': 3, "in": {"": 4, "x": 5}})
    n = 40
    columns = EventColumns(
        subject=list(range(n)), at=[0] * n, known=[0] * n, name=["Order"] * n, target=[True] * n, value=[0.0] * n,
        properties=[told.replace("1", str(i)).replace("5", str(i)) for i in range(n)],
        trait_subject=list(range(n)), trait_at=[0] * n, trait_known=[0] * n, trait_key=["", "plan[]", 'a"b', "plan"] * (n // 4),
        trait_value=['"pro"', '"free"'] * (n // 2),
    )  # fmt: skip

    layout = choose_layout(columns, target_names=frozenset({"Order"}), window=1)

    assert ["in.x", "total"] == sorted(p.path for p in layout.properties)
    assert set() == {t.key for t in layout.traits} & {"", "plan[]", 'a"b'}
