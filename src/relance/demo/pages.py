"""The demo's one page: static files, and the index with the read key put into it.

The key opens nothing but the reading of made data, and is handed out on this machine's own names only, so that no page
from elsewhere can have it read to itself through a name that resolves to this machine.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath  # noqa: TC002 - read at run time

from relance.api.auth import PUBLIC

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Styles stand in the mails that the page shows, each in a sandbox without scripts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _host_name(host: str) -> str:
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def page_routes(read_key: str, speed: float) -> list[Any]:
    """The routes of the page; the demo alone serves them."""
    folder = files("relance.demo").joinpath("page")
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.is_file()}
    index = texts.pop("index.html").replace("{{key}}", read_key).replace("{{speed}}", f"{speed:g}")

    @get("/", include_in_schema=False, sync_to_thread=False, opt=PUBLIC)
    def show_index(request: Request[Any, Any, Any]) -> Response[str]:
        if _host_name(request.headers.get("host", "")) not in _OWN_NAMES:
            return Response("Open the demo at http://127.0.0.1", status_code=403, media_type="text/plain")
        return Response(index, media_type="text/html", headers=_HEADERS)

    @get("/page/{name:str}", include_in_schema=False, sync_to_thread=False, opt=PUBLIC)
    def show_file(name: FromPath[str]) -> Response[str]:
        text = texts.get(name)
        if text is None:
            raise NotFoundException
        kind = _TYPES.get(name[name.rfind(".") :], "text/plain")
        return Response(text, media_type=kind, headers=_HEADERS)

    return [show_index, show_file]
