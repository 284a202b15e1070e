"""`relance import` to a running server: files are sent, and the server imports them."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.cli.remote import Remote
    from relance.imports import ImportOptions

PAUSE_SECONDS = 0.2
REJECTS_AT_ONCE = 1_000
Answer = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """How far an import has come, as progress is shown."""

    n_rows: int = 0
    n_events: int = 0
    n_rejected: int = 0


def send_files(
    files: Sequence[Path],
    mapping: Any,
    server: tuple[str, str],
    options: ImportOptions,
    on_progress: Callable[[Path, int, int, Any], None],
    pause: Callable[[float], None] = time.sleep,
) -> list[Answer]:
    """Send files, one after another, each once the one before it was imported; answers a report each.

    Args:
        files: the files.
        mapping: what the mapping file holds, or None.
        server: its address, and the key.
        options: how they are imported.
        on_progress: is told the file, how much of it was sent and read, of how much, and the figures.
        pause: waits some seconds.

    Raises:
        InvalidInput: the mapping does not fit a file; what was imported before stays.
        RelanceError: the server refuses it, or can not be reached. An import that began goes on without us.
    """
    from relance.cli.remote import Remote

    with closing(Remote(*server)) as remote:
        return [_send(remote, path, mapping, options, on_progress, pause) for path in files]


def _send(
    remote: Remote, path: Path, mapping: Any, options: ImportOptions, on_progress: Callable[[Path, int, int, Any], None],
    pause: Callable[[float], None],
) -> Answer:  # fmt: skip
    from relance.errors import RelanceError

    began = time.monotonic()
    size = path.stat().st_size
    with path.open("rb") as file:
        sent = remote.upload("imports/files", file, lambda done: on_progress(path, done, 2 * size, Figures()), name=path.name)
    asked = {"file": sent["file"], "mapping": mapping, "source": options.source, "live": options.live, "again": options.again}
    found = remote.send("POST", "imports", asked)
    is_old = bool(found.get("already_done"))
    while found["state"] == "running":
        pause(PAUSE_SECONDS)
        found = remote.get(f"imports/{found['id']}")
        figures = Figures(found["rows"], found["events"], found["rejected"])
        on_progress(path, size + round(size * found["progress"]), 2 * size, figures)
    if found["state"] != "done":
        msg = f"{path.name}: {found['error'] or 'the import was stopped'}"
        raise RelanceError(msg)
    rejects = list(rejects_of(remote, found["id"])) if found["rejected"] else []
    return {
        "file": path.name, "import_id": found["id"], "rows": found["rows"], "events": found["events"],
        "already_there": found["already_there"], "rejected": found["rejected"], "rejects_kept": len(rejects),
        "skipped": found["skipped"], "resumed_at_row": None, "already_done": is_old,
        "seconds": round(time.monotonic() - began, 3), "rejects": rejects,
    }  # fmt: skip


def rejects_of(remote: Remote, import_id: int) -> Iterator[Answer]:
    """The faulty rows of an import that the server has kept."""
    after = 0
    while True:
        page = remote.get(f"imports/{import_id}/rejects", after=after, limit=REJECTS_AT_ONCE)["items"]
        yield from page
        after += len(page)
        if len(page) < REJECTS_AT_ONCE:
            return
