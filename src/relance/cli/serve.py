"""`relance serve`: the whole installation in one process."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def serve(*, data: Path | None = None, host: str | None = None, port: int | None = None) -> int:
    """Take events, move journeys, send messages and answer the management interface, until it is stopped.

    Everything else is set by environment variables (RELANCE_...) or the file named by RELANCE_SETTINGS.

    Parameters
    ----------
    data
        The folder of the embedded stores (default: relance-data).
    host
        The address to listen on (default: 127.0.0.1).
    port
        The port to listen on (default: 8420).
    """
    from relance.api.server import PortBusy, check_port
    from relance.api.server import serve as serve_http
    from relance.app import Installation
    from relance.cli.output import fail
    from relance.errors import InvalidInput, RelanceError
    from relance.runtime.telling import set_up_telling
    from relance.settings import load_settings

    set_up_telling()
    try:
        settings = load_settings(data=data, host=host, port=port)
        check_port(settings.host, settings.port)
        installation = Installation(settings, on_broken=_give_up)
    except PortBusy as e:
        return fail([e.message], as_json=False, code=1)
    except InvalidInput as e:
        return fail([str(p) for p in e.problems] or [e.message], as_json=False)
    except RelanceError as e:
        return fail([f"relance can not start: {e.message}"], as_json=False, code=1)
    if installation.rebuilt:
        sys.stderr.write("the warehouse was behind the log and has been made again from it\n")
    if installation.admin_key is not None:
        sys.stderr.write(f"first start: your API key is {installation.admin_key}\nit is shown this once: keep it\n")
    installation.start()

    def tell_started() -> None:
        sys.stderr.write(f"relance listens on http://{settings.host}:{settings.port}\n")
        link = installation.users.first_link()
        if link is not None:
            sys.stderr.write(f"nobody can sign in yet: make yourself the first admin at {link}\n")
        sys.stderr.flush()

    try:
        serve_http(
            installation.make_api(),
            host=settings.host,
            port=settings.port,
            on_started=tell_started,
        )
    except PortBusy as e:
        return fail([e.message], as_json=False, code=1)
    finally:
        installation.stop()
    sys.stderr.flush()
    os._exit(0)  # all is closed; DuckDB's binding would list every type it "leaked" as the interpreter ends


def _give_up(error: Exception) -> None:
    """The disk of the log failed: nothing can be promised any more, so the process ends at once and recovers on its next start."""
    sys.stderr.write(f"relance stops: {error}\n")
    sys.stderr.flush()
    os._exit(74)  # EX_IOERR
