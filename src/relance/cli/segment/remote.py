"""A running server, asked over HTTP."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from relance.errors import Conflict, InvalidInput, NotAllowed, NotFound, RelanceError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.segments.export import Format

SECONDS = 120.0
EXPORT_SECONDS = 1800.0  # the file is made before its first byte comes
_KINDS: Mapping[int, type[UserError]] = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: Conflict}

Answer = dict[str, Any]


class RemoteSegments:
    """The management interface of a server.

    Raises, whatever is asked:
        UserError: the server refuses it; with the server's message.
        RelanceError: the server can not be reached, or failed.
    """

    def __init__(self, url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        """`key` is an API key that may read."""
        if not key:
            msg = "an API key is needed to ask a server: set RELANCE_KEY"
            raise NotAllowed(msg)
        if not url.startswith(("http://", "https://")):
            msg = f"{url!r} is no address of a server: write http://127.0.0.1:8420"
            raise InvalidInput(msg, problems=[msg])
        self._url = url
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            headers={"authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(SECONDS, connect=10),
            transport=transport,
        )

    def close(self) -> None:
        self._client.close()

    def count(self, segment: str, at: str | None) -> Answer:
        return self._get(segment, "count", at=at)

    def sizes(self, segment: str, *, since: str | None, until: str | None, every: str) -> Answer:
        return self._get(segment, "sizes", since=since, until=until, every=every)

    def members(self, segment: str, *, at: str | None, limit: int, after: str) -> Answer:
        return self._get(segment, "members", at=at, limit=limit, after=after)

    def sample(self, segment: str, n: int, at: str | None) -> Answer:
        return self._get(segment, "sample", n=n, at=at)

    def preview(self, where: Mapping[str, Any] | str, *, at: str | None, exact: bool, sample: int) -> Answer:
        body: Answer = {"at": at, "exact": exact, "sample": sample}
        if isinstance(where, str):
            return self._post(f"segments/{quote(where, safe='')}/preview", body)
        return self._post("segments/preview", {**body, "where": where})

    def overlap(self, segments: Sequence[str], at: str | None) -> Answer:
        return self._post("segments/overlap", {"segments": list(segments), "at": at})

    def explain(self, segment: str, user_id: str, *, at: str | None, language: str) -> Answer:
        return self._get(segment, "explain", user_id=user_id, at=at, language=language)

    def dependencies(self, segment: str) -> Answer:
        return self._get(segment, "dependencies")

    def export(self, segment: str, out: IO[bytes], *, form: Format, traits: str, at: str | None, bom: bool) -> Answer:
        asked = _given(format=form, traits=traits, at=at, bom=str(bom).lower())
        path = f"segments/{quote(segment, safe='')}/export"
        try:
            with self._client.stream("GET", path, params=asked, timeout=EXPORT_SECONDS) as answer:
                if answer.is_error:
                    answer.read()
                    raise self._error(answer)
                for piece in answer.iter_bytes():
                    out.write(piece)
        except httpx.TransportError as e:
            raise self._unreachable(e) from e
        return {"segment": segment, "at": answer.headers["x-relance-at"], "members": int(answer.headers["x-relance-members"])}

    def archive(self, segment: str) -> Answer:
        return self._post(f"segments/{quote(segment, safe='')}/archive", {})

    def restore(self, segment: str) -> Answer:
        return self._post(f"segments/{quote(segment, safe='')}/restore", {})

    def _get(self, segment: str, what: str, **asked: Any) -> Answer:
        return self._read(
            self._client.build_request("GET", f"segments/{quote(segment, safe='')}/{what}", params=_given(**asked))
        )

    def _post(self, path: str, body: Answer) -> Answer:
        return self._read(self._client.build_request("POST", path, json=body))

    def _read(self, request: httpx.Request) -> Answer:
        try:
            answer = self._client.send(request)
        except httpx.TransportError as e:
            raise self._unreachable(e) from e
        if answer.is_error:
            raise self._error(answer)
        found: Answer = answer.json()
        return found

    def _unreachable(self, error: httpx.TransportError) -> RelanceError:
        return RelanceError(f"the server at {self._url} does not answer: {error}")

    def _error(self, answer: httpx.Response) -> RelanceError:
        try:
            told: Answer = answer.json()
        except ValueError:
            told = {}
        message = str(told.get("message") or f"the server at {self._url} answered {answer.status_code}")
        if answer.status_code >= 500:
            return RelanceError(message)
        problems = told.get("errors")
        if isinstance(problems, list) and problems:
            return InvalidInput(message, problems=[p.get("message", p) if isinstance(p, dict) else p for p in problems])
        return _KINDS.get(answer.status_code, UserError)(message)


def _given(**asked: Any) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value not in (None, "")}
