"""Segments of a running server, asked over HTTP."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from relance.cli.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.segments.export import Format

EXPORT_SECONDS = 1800.0  # the file is made before its first byte comes

Answer = dict[str, Any]


class RemoteSegments(Remote):
    """What a server's management interface says of segments."""

    def count(self, segment: str, at: str | None) -> Answer:
        return self.get(_path(segment, "count"), at=at)

    def sizes(self, segment: str, *, since: str | None, until: str | None, every: str) -> Answer:
        return self.get(_path(segment, "sizes"), since=since, until=until, every=every)

    def members(self, segment: str, *, at: str | None, limit: int, after: str) -> Answer:
        return self.get(_path(segment, "members"), at=at, limit=limit, after=after)

    def sample(self, segment: str, n: int, at: str | None) -> Answer:
        return self.get(_path(segment, "sample"), n=n, at=at)

    def preview(self, where: Mapping[str, Any] | str, *, at: str | None, exact: bool, sample: int) -> Answer:
        body: Answer = {"at": at, "exact": exact, "sample": sample}
        if isinstance(where, str):
            return self.send("POST", _path(where, "preview"), body)
        return self.send("POST", "segments/preview", {**body, "where": where})

    def overlap(self, segments: Sequence[str], at: str | None) -> Answer:
        return self.send("POST", "segments/overlap", {"segments": list(segments), "at": at})

    def explain(self, segment: str, user_id: str, *, at: str | None, language: str) -> Answer:
        return self.get(_path(segment, "explain"), user_id=user_id, at=at, language=language)

    def dependencies(self, segment: str) -> Answer:
        return self.get(_path(segment, "dependencies"))

    def export(self, segment: str, out: IO[bytes], *, form: Format, traits: str, at: str | None, bom: bool) -> Answer:
        asked = {"format": form, "traits": traits, "at": at, "bom": str(bom).lower()}
        headers = self.download(_path(segment, "export"), out, EXPORT_SECONDS, **asked)
        return {"segment": segment, "at": headers["x-relance-at"], "members": int(headers["x-relance-members"])}

    def archive(self, segment: str) -> Answer:
        return self.send("POST", _path(segment, "archive"), {})

    def restore(self, segment: str) -> Answer:
        return self.send("POST", _path(segment, "restore"), {})


def _path(segment: str, what: str) -> str:
    return f"segments/{quote(segment, safe='')}/{what}"
