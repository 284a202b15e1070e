"""Templates of segments over HTTP, with stable codes for what can not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.testing import TestClient

from relance.api.problems import on_http_exception, on_relance_error
from relance.api.segment_templates import segment_template_router
from relance.errors import RelanceError
from relance.segments.templates import TEMPLATES, fill_template, find_template

URL = "/api/v1/segment-templates"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    handlers: Any = {RelanceError: on_relance_error, HTTPException: on_http_exception}
    with TestClient(Litestar([segment_template_router()], exception_handlers=handlers, openapi_config=None)) as opened:
        yield opened


def test_what_there_is(client: TestClient[Litestar]) -> None:
    told = client.get(URL).json()

    assert list(TEMPLATES) == [one["id"] for one in told["items"]]
    assert {one["group"] for one in told["items"]} == {group["id"] for group in told["groups"]}
    assert told["items"][0] == client.get(f"{URL}/espresso-email").json()
    within = next(p for p in told["items"][0]["parameters"] if p["name"] == "within")
    assert {"name": "within", "kind": "length", "required": False, "default": "72h", "least": "1h", "most": "365d"} == {
        name: value for name, value in within.items() if name != "about"
    }


def test_a_definition_is_made(client: TestClient[Litestar]) -> None:
    body = {"parameters": {"within": "24h", "also": None}, "id": "mine", "language": "fr"}
    answer = client.post(f"{URL}/espresso-email", json=body)
    expected = fill_template(find_template("espresso-email"), {"within": "24h"}, segment_id="mine", language="fr")

    assert 200 == answer.status_code
    assert {"definition": expected.to_dict(), "yaml": expected.to_yaml()} == answer.json()
    assert "Espresso e-mail" == answer.json()["definition"]["name"]


def test_all_mistakes_have_codes_and_places(client: TestClient[Litestar]) -> None:
    answer = client.post(f"{URL}/category-lovers", json={"parameters": {"at_least": 0, "colour": "red"}, "id": "A"})

    assert (400, "invalid_input") == (answer.status_code, answer.json()["code"])
    assert [
        ("unknown_parameter", "/parameters/colour"),
        ("missing_parameter", "/parameters/category"),
        ("out_of_range", "/parameters/at_least"),
        ("bad_id", "/id"),
    ] == [(one["code"], one["path"]) for one in answer.json()["errors"]]
    assert (404, "not_found") == (client.get(f"{URL}/x").status_code, client.post(f"{URL}/x", json={}).json()["code"])
    assert 400 == client.post(f"{URL}/vip", json={"colour": 1}).status_code
    assert 400 == client.post(f"{URL}/vip", json={"language": "de"}).status_code
