"""Where a command finds what it asks about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class StorePlace:
    """Where the store is.

    Attributes:
        data: the folder of the embedded stores. Default: relance-data.
        store: the URL of the store, instead of the embedded one.
        url: the address of a running server, which is asked instead: http://127.0.0.1:8420. Its key is read from
            RELANCE_KEY. Default: RELANCE_URL, unless a store is named.
    """

    data: Path | None = None
    store: str | None = None
    url: str | None = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Place(StorePlace):
    """Where the store and the warehouse are.

    Attributes:
        data: the folder of the embedded stores. Default: relance-data.
        store: the URL of the store, instead of the embedded one.
        warehouse: the URL of the warehouse, instead of the embedded one.
        url: the address of a running server, which is asked instead: http://127.0.0.1:8420. Its key is read from
            RELANCE_KEY. Default: RELANCE_URL, unless a store is named.
    """

    warehouse: str | None = None


IN_STORE = StorePlace()
HERE = Place()
