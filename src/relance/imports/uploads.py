"""Files that were sent to a running server, until they are imported."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec

from relance.clock import DAY, SECOND
from relance.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 7 * DAY  # what nobody imports
_ID = re.compile(r"[0-9a-f]{16}")
_SUFFIX = re.compile(r"\.(csv|jsonl|ndjson|parquet)(\.(gz|zst))?$", re.IGNORECASE)


class Order(msgspec.Struct, frozen=True):
    """What is to be done with a file, so that a server that starts again goes on with it."""

    import_id: int
    mapping: Any = None
    source: str | None = None
    live: bool = False
    again: bool = False


@dataclass(frozen=True)
class Upload:
    """One file: `path` is named as it was where it came from, in a folder of its own."""

    id: str
    path: Path

    @property
    def order(self) -> Order | None:
        """What was asked for; None so far."""
        file = self._order_file
        return msgspec.json.decode(file.read_bytes(), type=Order) if file.exists() else None

    def keep_order(self, order: Order) -> None:
        part = self._order_file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(order))
        part.replace(self._order_file)

    @property
    def _order_file(self) -> Path:
        return self.path.parent.with_suffix(".json")


class Arriving:
    """A file that is being received; nothing is kept of one that breaks off."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._part = upload.path.with_name(upload.path.name + ".part")
        upload.path.parent.mkdir(parents=True, mode=0o700)
        self._file = self._part.open("wb")
        self.n_bytes = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self.n_bytes += len(piece)

    def finish(self) -> Upload:
        """Raises: InvalidInput: nothing came."""
        self._file.close()
        if not self.n_bytes:
            msg = "the file is empty: send its bytes as the body of the request"
            raise InvalidInput(msg, problems=[msg])
        self._part.replace(self._upload.path)
        return self._upload

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if not self._upload.path.exists():
            self._part.unlink(missing_ok=True)
            self._upload.path.parent.rmdir()


class Uploads:
    """The files in a folder: `ID/name.csv`, and `ID.json` for what is to be done with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receive(self, name: str) -> Arriving:
        """Begin to receive a file.

        Raises:
            InvalidInput: its name does not tell what it is.
        """
        last = re.split(r"[/\\]", name)[-1]
        plain = re.sub(r"[^\w.() -]", "_", last).lstrip(". ")[-120:]
        if not _SUFFIX.search(plain):
            msg = f"{last!r} does not tell what it is: its name must end in .csv, .jsonl or .parquet (the first two also with .gz or .zst)"
            raise InvalidInput(msg, problems=[msg])
        upload_id = secrets.token_hex(8)
        return Arriving(Upload(upload_id, self._folder / upload_id / plain))

    def find(self, upload_id: str) -> Upload:
        """Raises: NotFound: there is no such file, or it was imported."""
        folder = self._folder / upload_id
        files = list(folder.iterdir()) if _ID.fullmatch(upload_id) and folder.is_dir() else []
        if len(files) != 1 or files[0].suffix == ".part":
            msg = f"there is no file {upload_id!r}: send it again"
            raise NotFound(msg)
        return Upload(upload_id, files[0])

    def drop(self, upload: Upload) -> None:
        """Effects: the file is gone."""
        upload.path.unlink(missing_ok=True)
        if upload.path.parent.is_dir():
            upload.path.parent.rmdir()
        upload.path.parent.with_suffix(".json").unlink(missing_ok=True)

    def ordered(self) -> list[Upload]:
        """The files that are to be imported, in the order in which they were asked for."""
        found = []
        for file in sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime):
            try:
                found.append(self.find(file.stem))
            except NotFound:
                file.unlink(missing_ok=True)
        return found

    def tidy(self, now: int) -> None:
        """Drop what came long ago and was never imported, and what broke off."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.is_dir() and _ID.fullmatch(folder.name) and not folder.with_suffix(".json").exists():
                files = list(folder.iterdir())
                if all(file.stat().st_mtime * SECOND < now - KEPT for file in files):
                    for file in files:
                        file.unlink(missing_ok=True)
                    folder.rmdir()
