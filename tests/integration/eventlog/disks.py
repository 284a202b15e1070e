"""Disks that fail as told: a VFS for SQLite that refuses to write, and one that forgets what was not synced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apsw

if TYPE_CHECKING:
    import random
    from pathlib import Path

SECTOR = 512


class FailingDisk(apsw.VFS):
    """A disk on which every write, or every sync, fails once `error` is set."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.on_write: Exception | None = None
        self.on_sync: Exception | None = None

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's name
        return _FailingFile(self, name, flags)


class _FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if self._disk.on_write is not None:
            raise self._disk.on_write
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if self._disk.on_sync is not None:
            raise self._disk.on_sync
        super().xSync(flags)


class ForgetfulDisk(apsw.VFS):
    """A disk with a cache: at a power cut, of what was not synced any part may be there, torn at sectors, in any order."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.durable: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple[int, bytes | None]]] = {}
        self.n_syncs = 0

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's name
        return _ForgetfulFile(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802, FBT001 - SQLite's name and shape
        self.durable.pop(filename, None)
        self.pending.pop(filename, None)
        super().xDelete(filename, syncdir)

    def sync(self, name: str) -> None:
        self.n_syncs += 1
        image = self.durable.setdefault(name, bytearray())
        for offset, data in self.pending.pop(name, []):
            _apply(image, offset, data)

    def cut(self, folder: Path, chance: random.Random) -> None:
        """Write to a folder what a machine would find after the power came back."""
        folder.mkdir()
        for name in self.durable.keys() | self.pending.keys():
            image = bytearray(self.durable.get(name, b""))
            pending = list(self.pending.get(name, []))
            if chance.random() < 0.3:
                chance.shuffle(pending)
            for offset, data in pending:
                if chance.random() < 0.4:
                    continue
                if data is not None and chance.random() < 0.3:
                    data = data[: SECTOR * chance.randrange(1 + len(data) // SECTOR)]  # noqa: PLW2901 - torn
                _apply(image, offset, data)
            (folder / name.rsplit("/", 1)[1]).write_bytes(image)


class _ForgetfulFile(apsw.VFSFile):
    def __init__(self, disk: ForgetfulDisk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = str(name.filename() if isinstance(name, apsw.URIFilename) else name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.pending.setdefault(self._name, []).append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.pending.setdefault(self._name, []).append((newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.sync(self._name)


def _apply(image: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del image[offset:]
        return
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data
