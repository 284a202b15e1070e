"""The web app: its built files, and its one page for every address that belongs to no other part of the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from relance.api.auth import PUBLIC
from relance.web import BuiltFile

# What belongs to other parts: an unknown address below them is an error, not a page of the app.
FOREIGN = frozenset({"api", "v1", "beacon", "sourceConfig", "o", "c", "u", "p", "hooks", "healthz", "readyz", "metrics"})
# Mantine sets the sizes of its parts in `style` attributes, hence 'unsafe-inline' for styles, and for styles alone. Messages are
# previewed in sandboxed frames without scripts, which inherit this policy: their pictures come from anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SAFE = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>relance</title>
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}</style>
<h1>relance runs</h1>
<p>Its web app was not built in this checkout. Build it with <code>make setup</code> (or <code>npm ci &amp;&amp; npm run build</code>
in the folder <code>web</code>), then start relance again.</p>
<p>Everything else works: the tracking API, the management interface under <code>/api/v1</code>, and the command line.</p>
</html>
"""


def web_routes(built: Mapping[str, BuiltFile]) -> list[Any]:
    """The routes of the web app.

    Args:
        built: its files by their paths; without any, the page says how they are made.
    """
    index = built.get("index.html") or BuiltFile("index.html", NOT_BUILT.encode())

    def page() -> Response[bytes]:
        return Response(index.content, media_type=index.media_type, headers={**SAFE, "cache-control": ASK_AGAIN})

    @get("/", include_in_schema=False, sync_to_thread=False, opt=PUBLIC)
    def show_start() -> Response[bytes]:
        return page()

    @get("/{address:path}", include_in_schema=False, sync_to_thread=True, opt=PUBLIC)
    def show(request: Request[Any, Any, Any], address: FromPath[str]) -> Response[bytes]:
        path = str(address).strip("/")
        first, _, rest = path.partition("/")
        file = built.get(path)
        if file is not None and file is not index:
            return _send(request, file)
        # A file that is gone must not come back as a page: a browser would take that for a script.
        if first in FOREIGN or (first == "assets" and rest) or path.startswith("."):
            raise NotFoundException
        return page()

    return [show_start, show]


def _send(request: Request[Any, Any, Any], file: BuiltFile) -> Response[bytes]:
    headers = {**SAFE, "cache-control": FOR_EVER if file.is_immutable else ASK_AGAIN, "vary": "accept-encoding"}
    packed = file.packed if "gzip" in request.headers.get("accept-encoding", "") else None
    if packed is None:
        return Response(file.content, media_type=file.media_type, headers=headers)
    return Response(packed, media_type=file.media_type, headers={**headers, "content-encoding": "gzip"})
