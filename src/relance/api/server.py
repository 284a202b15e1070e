"""Serving the application from this very process: threads that read the log are its neighbours, not its children."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

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


def serve(app: Any, *, host: str, port: int, on_started: Callable[[], None] | None = None) -> None:
    """Serve an ASGI application until SIGINT or SIGTERM; requests in work are finished.

    Raises:
        PortBusy: somebody listens there.
    """
    check_port(host, port)
    # What was built by now stays: the collector need not look at it again and again, nor after each few hundred objects.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    asyncio.run(_serve(app, host, port, on_started))


async def _serve(app: Any, host: str, port: int, on_started: Callable[[], None] | None) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, server.stop)
    if on_started is not None:
        loop.call_later(0.05, on_started)
    await server.serve()
