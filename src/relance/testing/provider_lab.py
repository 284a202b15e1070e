"""A provider made for tests: an HTTP server on 127.0.0.1 with scripted faults, and a ledger of what it accepted.

The ledger is the oracle: whatever crashes or breaks in between, it says how often each message really left.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from relance.channels.signing import is_signed

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


@dataclass(frozen=True, slots=True)
class Fault:
    """What the lab does with one request instead of taking it."""

    status: int = 200
    retry_after: str | None = None
    body: bytes = b'{"id": "lab"}'
    accept: bool = False  # write it into the ledger all the same
    hang_seconds: float = 0.0
    reset: bool = False  # cut the connection after the body was read, without an answer
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the lab took."""

    key: str
    message: dict[str, Any]
    headers: dict[str, str]
    raw: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that is gone: those are killed on purpose."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class ProviderLab:
    """A provider with scripted faults. Use as a context manager; `url` is where it listens."""

    def __init__(self, *, secret: str = "") -> None:
        self.secret = secret
        self.ledger: list[Accepted] = []
        self.n_requests = 0
        self.n_bad_signatures = 0
        self._script: deque[Fault] = deque()
        self._always: Fault | None = None
        self._lock = threading.Lock()
        lab = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                lab._answer(self)

            do_PUT = do_POST  # noqa: N815 - the name that the library looks for

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/send"

    def script(self, *faults: Fault) -> None:
        """What to do with the next requests, one each; then all is well again."""
        with self._lock:
            self._script.extend(faults)

    def always(self, fault: Fault | None) -> None:
        """What to do with every request from now on, until it is None."""
        with self._lock:
            self._always = fault

    def copies(self) -> Counter[str]:
        """How often each message was accepted, by its key."""
        with self._lock:
            return Counter(one.key for one in self.ledger)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._lock:
            self.n_requests += 1
            fault = self._always or (self._script.popleft() if self._script else Fault(accept=True))
            if self.secret and not is_signed(self.secret, headers, raw, now_seconds=int(headers.get("webhook-timestamp", "0"))):
                self.n_bad_signatures += 1
                fault = Fault(status=401, body=b"bad signature")
            if fault.accept:
                self.ledger.append(Accepted(headers.get("idempotency-key", ""), _read(raw), headers, raw))
        if fault.hang_seconds:
            time.sleep(fault.hang_seconds)
        if fault.reset:
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.close_connection = True
            request.connection.close()
            return
        try:
            request.send_response(fault.status)
            if fault.retry_after is not None:
                request.send_header("Retry-After", fault.retry_after)
            if fault.location is not None:
                request.send_header("Location", fault.location)
            request.send_header("Content-Length", str(len(fault.body)))
            request.end_headers()
            request.wfile.write(fault.body)
        except OSError:
            pass  # the caller did not wait for the answer


def _read(raw: bytes) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
