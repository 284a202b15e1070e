"""What the HTTP side needs from the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from relance.clock import Clock, SystemClock
from relance.eventlog import GroupCommitter
from relance.ingest import Door
from relance.ingest.keys import ApiKey, KeyLookup, make_lookup
from relance.store import Database
from relance.users import UserDesk

MAX_BODY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class ApiSettings:
    """What may be set about the HTTP side."""

    max_body_bytes: int = MAX_BODY_BYTES
    public_metrics: bool = False  # whether /metrics answers without a key
    public_url: str = ""  # how the outside reaches us
    session_cookie: str = "relance-session"  # its name: two installations may stand on one host


@dataclass(frozen=True)
class Services:
    """The parts that handlers use. `make_services` builds them from what `app` opened."""

    door: Door
    database: Database
    api_keys: KeyLookup[ApiKey]
    clock: Clock
    users: UserDesk | None = None  # without it nobody signs in: keys alone open
    settings: ApiSettings = field(default_factory=ApiSettings)
    # Each says why the process is not ready, or None: for /readyz.
    checks: Sequence[tuple[str, Callable[[], str | None]]] = ()
    # Gauges for /metrics: name, help, and what reads it.
    gauges: Sequence[tuple[str, str, Callable[[], float]]] = ()


def make_services(
    committer: GroupCommitter,
    database: Database,
    *,
    clock: Clock | None = None,
    users: UserDesk | None = None,
    settings: ApiSettings | None = None,
    checks: Sequence[tuple[str, Callable[[], str | None]]] = (),
    gauges: Sequence[tuple[str, str, Callable[[], float]]] = (),
) -> Services:
    """The parts that handlers use, from a log's writer and a store."""
    settings = settings or ApiSettings()
    write_keys, api_keys = make_lookup(database)
    return Services(
        door=Door(committer, write_keys, max_body_bytes=settings.max_body_bytes),
        database=database,
        api_keys=api_keys,
        clock=clock or SystemClock(),
        users=users,
        settings=settings,
        checks=checks,
        gauges=gauges,
    )
