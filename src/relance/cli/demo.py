"""`relance demo`: the whole product on made shop traffic."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relance.cli.demo_run import Demo

DEFAULT_SPEED = 1800.0  # an hour passes in two seconds


def demo(
    *,
    port: int | None = None,
    speed: float = DEFAULT_SPEED,
    data: Path = Path("demo-data"),
    seed: int = 1,
    browser: bool = True,
    seconds: float | None = None,
) -> int:
    """Run the whole product on a made shop whose days pass in less than a minute, until Ctrl-C.

    One process, embedded stores, a mail sink: nothing leaves this machine. Four journeys and two campaigns are live; the
    web app shows them with everybody in them, each message as it was rendered, and why each decision was taken.

    Args:
        port: where to listen on 127.0.0.1 (default: 8420).
        speed: how much faster than the machine's clock time goes.
        data: the folder of the stores; it is emptied at each start.
        seed: which story is told; the same number tells the same one.
        browser: open the app in a browser.
        seconds: stop by itself after so many.
    """
    from relance.api.server import PortBusy, check_port
    from relance.cli.output import fail
    from relance.errors import InvalidInput, RelanceError
    from relance.settings import load_settings

    if not 1 <= speed <= 100_000:
        return fail(["--speed: write a number from 1 to 100000; 1800 makes an hour pass in two seconds"], as_json=False)
    try:
        settings = load_settings({}, data=data, port=port)
        check_port(settings.host, settings.port)
        from relance.cli.demo_run import Demo

        running = Demo(settings, speed=speed, seed=seed)
    except PortBusy as e:
        return fail([e.message], as_json=False, code=1)
    except InvalidInput as e:
        return fail([str(p) for p in e.problems] or [e.message], as_json=False)
    except (RelanceError, OSError) as e:
        return fail([f"the demo can not start: {e}"], as_json=False, code=1)
    try:
        _prepare(running)
        _serve(running, f"http://{settings.host}:{settings.port}", browser=browser, seconds=seconds)
    except PortBusy as e:
        return fail([e.message], as_json=False, code=1)
    except KeyboardInterrupt:
        pass
    finally:
        running.close()
    sys.stderr.write("the shop is closed\n")
    # Everything is closed. Taking the interpreter down as well would make DuckDB's binding (2.0) write a page of warnings
    # about references that an embedded server leaves behind.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _prepare(running: Demo) -> None:
    """Let the days before the start pass, and show how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from relance.cli.demo_run import HISTORY_EVENTS

    words = TextColumn("[progress.description]{task.description}")
    with Progress(words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        bar = bars.add_task("twelve days of the shop's past", total=HISTORY_EVENTS)

        def show(told: int, taken: int) -> None:
            bars.update(bar, total=max(HISTORY_EVENTS, told), completed=taken)

        n = running.live_through_history(show)
        bars.update(bar, total=n, completed=n)
    running.open_shop()


def _serve(running: Demo, url: str, *, browser: bool, seconds: float | None) -> None:
    from relance.api.server import serve

    def started() -> None:
        link = running.installation.users.entering_link(running.user_id)
        sys.stderr.write(_welcome(running, url, link))
        sys.stderr.flush()
        if browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()

    timer = None
    if seconds is not None:
        timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
        timer.daemon = True
        timer.start()
    try:
        serve(running.make_app(), host=running.installation.settings.host, port=running.installation.settings.port,
              on_started=started)  # fmt: skip
    finally:
        if timer is not None:
            timer.cancel()


def _has_screen() -> bool:
    """Whether a browser would open a window: where there is none, it could take the terminal instead."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _welcome(running: Demo, url: str, link: str) -> str:
    day = 86_400 / running.clock.speed
    return f"""
  Atelier Brume is open:  {link}

  The link signs you in, once; afterwards {url} has a button that does.
  A day passes in {day:.0f} seconds. In the app:
    · journeys: everybody stands at one step, the goal of the abandoned cart is that half of them buy
    · people: the timeline of each says what was decided, and why, with the messages as they were rendered

  Definitions: {running.definitions} (change one, then: relance apply {running.definitions} --data {running.installation.settings.data})
  Tell an event of your own:
    curl {url}/v1/track -u {running.write_key}: -d '{{"userId": "you", "event": "Cart Abandoned", "properties": {{"cart_total": 80}}}}'
  Ask the management interface with an API key that may do everything:
    curl {url}/api/v1/journeys -H 'Authorization: Bearer {running.api_key}'

  Ctrl-C closes the shop.

"""
