"""The web app as it is served: its files, its page for every address of its own, and nothing where others answer."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from relance.api.web_app import web_routes
from relance.web import read_built_files
from tests.integration.api.conftest import Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = "console.log('relance');" * 200


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Running]:
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html><title>relance</title>")
    (tmp_path / "dist" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (assets / "index-1a2b.js").write_text(SCRIPT)
    (assets / "inter-3c4d.woff2").write_bytes(b"wOF2" * 1000)
    made = Running(tmp_path, web_routes(read_built_files(tmp_path / "dist")))
    yield made
    made.close()


@pytest.mark.parametrize(
    "path", ["/", "/journeys", "/segments/espresso-shots/edit", "/people/ana%40brume.example", "/index.html"]
)
def test_every_address_of_its_own_is_the_one_page(served: Running, path: str) -> None:
    answer = served.client.get(path)

    assert (200, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert "<title>relance</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"


def test_built_files_are_packed_and_kept(served: Running) -> None:
    script = served.client.get("/assets/index-1a2b.js")

    assert (SCRIPT, "gzip") == (script.text, script.headers["content-encoding"])
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    plain = served.client.get("/assets/index-1a2b.js", headers={"accept-encoding": "identity"})
    assert (SCRIPT, None) == (plain.text, plain.headers.get("content-encoding"))
    font = served.client.get("/assets/inter-3c4d.woff2")
    assert (b"wOF2" * 1000, None) == (font.content, font.headers.get("content-encoding"))
    assert served.client.get("/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/assets/gone-9f9f.js", "/api/v1/nothing", "/api/nothing", "/v1/nothing", "/o", "/o/x/y", "/c/x/y", "/u", "/p/x/y/z",
     "/hooks", "/healthz/x", "/metrics/x", "/.env", "/sourceConfig/x"],
)  # fmt: skip
def test_what_belongs_to_others_is_no_page(served: Running, path: str) -> None:
    answer = served.client.get(path)

    assert answer.status_code in {401, 404, 405}
    assert "<title>" not in answer.text


def test_only_reading_is_answered(served: Running) -> None:
    assert served.client.post("/journeys").status_code == 405


def test_the_page_says_how_it_is_built_when_it_was_not(tmp_path: Path) -> None:
    assert {} == read_built_files(tmp_path / "nowhere")
    made = Running(tmp_path, web_routes({}))
    try:
        answer = made.client.get("/segments")
    finally:
        made.close()

    assert answer.status_code == 200
    assert "make setup" in answer.text


def test_packing_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x" * 5000)
    (one, two) = (read_built_files(tmp_path)["index.html"] for _ in range(2))

    assert one.packed == two.packed
    assert gzip.decompress(one.packed or b"") == b"x" * 5000
