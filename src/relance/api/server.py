"""Serving the application from this very process: threads that read the log are its neighbours, not its children."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
import threading
from collections.abc import Callable

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from relance.api.gateway import Gateway
from relance.errors import RelanceError


class PortBusy(RelanceError):
    """Another program listens on this port."""

    code = "port_busy"


BACKLOG = 1024
GC_THRESHOLDS = (20_000, 20, 20)
BACKPRESSURE = 4096  # requests in work at once; more wait in the kernel


def check_port(host: str, port: int) -> None:
    """See that nobody listens there.

    Raises:
        PortBusy: somebody does, or the address is not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            if e.errno == errno.EADDRINUSE:
                msg = f"port {port} of {host} is taken: stop the program that listens there, or choose another with --port"
            else:
                msg = f"relance can not listen on {host}:{port}: {e.strerror}"
            raise PortBusy(msg) from e


def serve(app: Litestar, *, host: str, port: int, on_started: Callable[[], None] | None = None) -> None:
    """Serve the application until SIGINT or SIGTERM; requests in work are finished. For the main thread.

    Raises:
        PortBusy: somebody listens there.
    """
    check_port(host, port)
    # What was built by now stays: the collector need not look at it again and again, nor after each few hundred objects.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    running = ServerThread(app, host, port)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: running.ask_to_stop())
    running.start()
    if on_started is not None and running.is_alive():
        on_started()
    running.join()
    if running.error is not None:
        raise running.error


class ServerThread(threading.Thread):
    """A server in a thread of its own: `start()` returns when it listens, `stop()` when it has finished."""

    def __init__(self, app: Litestar, host: str, port: int) -> None:
        super().__init__(name="http-server", daemon=True)
        self.error: BaseException | None = None
        self._app, self._host, self._port = app, host, port
        self._listens = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None

    def start(self) -> None:
        """Start, and wait until connections are accepted."""
        super().start()
        self._listens.wait()

    def ask_to_stop(self) -> None:
        """Take no new connections and finish the requests in work. May be called from a signal handler."""
        if self._loop is not None and self._server is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._server.stop)

    def stop(self) -> None:
        """Stop and wait for the end."""
        self.ask_to_stop()
        self.join()

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as e:  # noqa: BLE001 - the starting thread raises it
            self.error = e
        finally:
            self._listens.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = Server(
            Gateway(self._app, getattr(self._app, "tracking", None)),
            address=self._host,
            port=self._port,
            interface=Interfaces.RSGI,
            backlog=BACKLOG,
            backpressure=BACKPRESSURE,
            websockets=False,
            log_enabled=False,
        )
        waiting = self._loop.create_task(self._wait_until_it_listens())
        async with self._app.lifespan():
            await self._server.serve()
        waiting.cancel()

    async def _wait_until_it_listens(self) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection(self._host, self._port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            self._listens.set()
            return
