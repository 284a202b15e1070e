"""What is not tracking goes through the bridge from Granian's interface to ASGI: nothing of a request or an answer gets lost."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.response import File, Redirect, Stream

from relance.api.server import ServerThread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


async def _pieces() -> AsyncIterator[bytes]:
    for number in range(5):
        yield f"{number},".encode() * 10_000


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "page.html").write_text("<p>é</p>" * 10_000, encoding="utf-8")

    @post("/echo/{name:str}", media_type="application/json")
    async def echo(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return {
            "path": request.path_params["name"],
            "query": request.query_params.dict(),
            "body": (await request.body()).decode("latin-1"),
            "header": request.headers.get("x-made-up"),
            "host": request.headers.get("host"),
            "client": request.client.host if request.client else None,
            "method": request.method,
        }

    @get("/stream", sync_to_thread=False)
    def stream() -> Stream:
        return Stream(_pieces)

    @get("/file", sync_to_thread=False)
    def file() -> File:
        return File(tmp_path / "page.html", media_type="text/html")

    @get("/empty", sync_to_thread=False)
    def empty() -> Response[None]:
        return Response(None, status_code=204, headers={"x-one": "1"})

    @get("/away", sync_to_thread=False)
    def away() -> Redirect:
        return Redirect("/file")

    started: list[str] = []
    app = Litestar(
        [echo, stream, file, empty, away],
        openapi_config=None,
        on_startup=[lambda: started.append("up")],
        on_shutdown=[lambda: started.append("down")],
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ServerThread(app, "127.0.0.1", port)
    server.start()
    assert started == ["up"]
    yield f"http://127.0.0.1:{port}"
    server.stop()
    assert started == ["up", "down"]


def test_requests_and_answers_come_through_whole(url: str) -> None:
    with httpx.Client(base_url=url, timeout=10) as client:
        body = bytes(range(256)) * 5_000
        told = client.post(
            "/echo/caf%C3%A9%20%26%20%F0%9F%A6%8A%20100%2525?a=1&b=%C3%A9&a=2", content=body, headers={"X-Made-Up": "yes"}
        ).json()
        assert told == {
            "path": "café & 🦊 100%25",
            "query": {"a": ["1", "2"], "b": ["é"]},
            "body": body.decode("latin-1"),
            "header": "yes",
            "host": url.removeprefix("http://"),
            "client": "127.0.0.1",
            "method": "POST",
        }

        assert client.get("/stream").content == b"".join(f"{n},".encode() * 10_000 for n in range(5))
        assert client.get("/file").text == "<p>é</p>" * 10_000
        empty = client.get("/empty")
        assert (empty.status_code, empty.content, empty.headers["x-one"]) == (204, b"", "1")
        away = client.get("/away")
        assert (away.status_code, away.headers["location"]) == (302, "/file")
        assert client.get("/nothing").status_code == 404
        assert client.get("/echo/x").status_code == 405


def test_a_body_without_a_length_comes_through(url: str) -> None:
    with httpx.Client(base_url=url, timeout=10) as client:
        told = client.post("/echo/x", content=iter([b"a" * 10_000, b"b" * 10_000])).json()

    assert told["body"] == "a" * 10_000 + "b" * 10_000
