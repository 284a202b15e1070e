"""A running server, asked over HTTP."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import httpx

from relance.errors import Conflict, InvalidInput, NotAllowed, NotFound, RelanceError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SECONDS = 120.0
PIECE_BYTES = 1 << 20
_KINDS: Mapping[int, type[UserError]] = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: Conflict}

Answer = dict[str, Any]


class Remote:
    """The management interface of a server.

    Raises, whatever is asked:
        UserError: the server refuses it; with the server's message.
        RelanceError: the server can not be reached, or failed.
    """

    def __init__(self, url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        """`key` is an API key that may do what is asked."""
        if not key:
            msg = "an API key is needed to ask a server: set RELANCE_KEY"
            raise NotAllowed(msg)
        if not url.startswith(("http://", "https://")):
            msg = f"{url!r} is no address of a server: write http://127.0.0.1:8420"
            raise InvalidInput(msg, problems=[msg])
        self._url = url
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            headers={"authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(SECONDS, connect=10),
            transport=transport,
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **asked: Any) -> Answer:
        """What a route tells; what is asked as None or "" is left out."""
        return self._read(self._client.build_request("GET", path, params=given(**asked)))

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Have a route do something."""
        return self._read(self._client.build_request(method, path, json=body))

    def upload(self, path: str, file: IO[bytes], on_progress: Callable[[int], None], **asked: Any) -> Answer:
        """Send a file as the body of a request; `on_progress` is told how many bytes have left."""

        def pieces() -> Iterator[bytes]:
            while piece := file.read(PIECE_BYTES):
                yield piece
                on_progress(file.tell())

        return self._read(self._client.build_request("POST", path, params=given(**asked), content=pieces()))

    def download(self, path: str, out: IO[bytes], seconds: float, **asked: Any) -> httpx.Headers:
        """Write what a route answers to a file; answers the headers."""
        try:
            with self._client.stream("GET", path, params=given(**asked), timeout=seconds) as answer:
                if answer.is_error:
                    answer.read()
                    raise self._error(answer)
                for piece in answer.iter_bytes():
                    out.write(piece)
        except httpx.TransportError as e:
            raise self._unreachable(e) from e
        return answer.headers

    def _read(self, request: httpx.Request) -> Answer:
        try:
            answer = self._client.send(request)
        except httpx.TransportError as e:
            raise self._unreachable(e) from e
        if answer.is_error:
            raise self._error(answer)
        found: Answer = answer.json() if answer.content else {}
        return found

    def _unreachable(self, error: httpx.TransportError) -> RelanceError:
        return RelanceError(f"the server at {self._url} does not answer: {error}")

    def _error(self, answer: httpx.Response) -> RelanceError:
        try:
            told: Answer = answer.json()
        except ValueError:
            told = {}
        message = str(told.get("message") or f"the server at {self._url} answered {answer.status_code}")
        if answer.status_code >= 500:
            return RelanceError(message)
        problems = told.get("errors")
        if isinstance(problems, list) and problems:
            return InvalidInput(message, problems=[p.get("message", p) if isinstance(p, dict) else p for p in problems])
        return _KINDS.get(answer.status_code, UserError)(message)


def given(**asked: Any) -> dict[str, Any]:
    """What was asked for, without what was left open."""
    return {name: value for name, value in asked.items() if value not in (None, "")}
