"""Settings of an installation: from the environment (`RELANCE_...`), else from a TOML file, else the defaults."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from relance.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "RELANCE_"
FILE_VARIABLE = "RELANCE_SETTINGS"
OF_CLIENTS = frozenset({"RELANCE_URL", "RELANCE_KEY"})  # which server the command line asks
DEFAULT_PORT = 8420


NotNegative = Annotated[int, msgspec.Meta(ge=0)]


class Smtp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The server that takes email."""

    host: str = ""  # none: email waits
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    from_address: str = ""
    from_name: str = ""
    reply_to: str = ""
    callback_secret: str = ""  # with which callbacks to /hooks/email are signed


class HttpProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider that takes messages as signed JSON over HTTP."""

    url: str = ""  # none: its messages wait
    secret: str = ""
    authorization: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that may be set."""

    data: Path = Path("relance-data")  # where embedded stores live
    store_url: str = ""  # default: SQLite in `data`
    log_url: str = ""  # default: SQLite in `data`, or the PostgreSQL of `store_url`
    warehouse_url: str = ""  # default: DuckDB in `data`
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    base_url: str = ""  # how the outside reaches us, for links in messages; default: host and port
    max_body_bytes: int = 4 * 1024 * 1024
    membership_days: NotNegative = 400  # how long it is remembered that somebody was in a segment; 0: for ever
    public_metrics: bool = False
    smtp: Smtp = Smtp()
    sms: HttpProvider = HttpProvider()
    push: HttpProvider = HttpProvider()
    webhook_hosts: tuple[str, ...] = ()  # private hosts that webhooks may reach all the same
    webhook_secret: str = ""

    @property
    def store(self) -> str:
        """The URL of the store."""
        return self.store_url or f"sqlite:///{self.data / 'store.db'}"

    @property
    def log(self) -> str:
        """The URL of the log."""
        if self.log_url:
            return self.log_url
        return self.store_url if self.store_url.startswith("postgres") else f"sqlite:///{self.data / 'log.db'}"

    @property
    def warehouse(self) -> str:
        """The URL of the warehouse."""
        return self.warehouse_url or f"duckdb:///{self.data / 'warehouse.duckdb'}"

    @property
    def public_url(self) -> str:
        """What links in messages begin with."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """`RELANCE_PORT=8000` sets `port`; `RELANCE_SMTP_HOST` sets `smtp.host`."""
    found: dict[str, Any] = {}
    groups = ("smtp", "sms", "push")
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in {FILE_VARIABLE, *OF_CLIENTS} or variable.startswith("RELANCE_TEST_"):
            continue
        name = variable.removeprefix(PREFIX).lower()
        group, _, rest = name.partition("_")
        if group in groups and rest:
            found.setdefault(group, {})[rest] = value
        else:
            found[name] = value.split(",") if name == "webhook_hosts" else value
    return found


def load_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read settings: `given` wins over the environment, which wins over the file named by `RELANCE_SETTINGS`.

    Raises:
        InvalidInput: a setting is unknown or of the wrong type.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    file = environment.get(FILE_VARIABLE)
    if file:
        try:
            values = tomllib.loads(Path(file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as e:
            msg = f"the settings file {file} can not be read: {e}"
            raise InvalidInput(msg, problems=[msg]) from e
    for name, value in _from_environment(environment).items():
        values[name] = {**values.get(name, {}), **value} if isinstance(value, dict) else value
    values.update({name: value for name, value in given.items() if value is not None})
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_read_path)
    except msgspec.ValidationError as e:
        msg = f"settings: {e}"
        raise InvalidInput(msg, problems=[msg]) from e


def _read_path(kind: type, value: Any) -> Any:
    return Path(value) if kind is Path else value
