"""Journeys of a running server, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relance.cli.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = dict[str, Any]


class RemoteJourneys(Remote):
    """What a server's management interface says of journeys, and does with them."""

    def list(self, kind: str, *, archived: bool) -> Answer:
        return self.get(f"states/{kind}s", archived=str(archived).lower())

    def show(self, source: str) -> Answer:
        return self.get(_path(source))

    def people(self, source: str, *, step: str, limit: int, after: str) -> Answer:
        return self.get(_path(source, "people"), step=step, limit=limit, after=after)

    def save(self, source: str, body: Mapping[str, Any]) -> Answer:
        return self.send("PUT", _path(source, "draft"), dict(body))

    def check(self, source: str) -> Answer:
        return self.send("POST", _path(source, "check"), {})

    def publish(self, source: str, *, at: str | None) -> Answer:
        return self.send("POST", _path(source, "publish"), {"at": at})

    def act(self, source: str, action: str, *, at: str | None, **detail: Any) -> Answer:
        return self.send("POST", _path(source, action), {"at": at, **detail})

    def cancel(self, source: str, act_id: int) -> Answer:
        return self.send("DELETE", _path(source, f"acts/{act_id}"))

    def archive(self, source: str) -> Answer:
        return self.send("POST", _path(source, "archive"), {})

    def restore(self, source: str) -> Answer:
        return self.send("POST", _path(source, "restore"), {})

    def migrate(self, source: str, mapping: Mapping[str, str], *, from_version: int | None, dry: bool) -> Answer:
        return self.send("POST", _path(source, "migrate"), {"map": dict(mapping), "from_version": from_version, "dry": dry})

    def audit(self, **asked: Any) -> Answer:
        return self.get("audit", id=asked.pop("definition_id"), **asked)


def _path(source: str, what: str = "") -> str:
    kind, _, name = source.partition(":")
    return f"{kind}s/{quote(name, safe='')}" + (f"/{what}" if what else "")
