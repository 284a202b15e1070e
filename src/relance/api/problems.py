"""Errors over HTTP: problems after RFC 9457, each with a stable `code` and with a `message`. Status codes appear here only.

`code` and `message` are there twice over for the clients of Segment: without both, three of them send a refused batch again
and again.
"""

from __future__ import annotations

import traceback
from dataclasses import asdict, is_dataclass
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from relance.errors import (
    Conflict,
    InternalError,
    InvalidInput,
    NotAllowed,
    NotFound,
    QuestionDropped,
    RelanceError,
    StoreUnavailable,
    UnsupportedByEngine,
    UserError,
    WarehouseUnavailable,
)
from relance.eventlog import LogBroken, LogOverloaded
from relance.ingest import BodyTooLarge, UnknownWriteKey
from relance.users.model import SignInFailed, TooManyAttempts

PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = 1  # a full queue is worked off in less; clients wait this long before they ask again

_log = structlog.get_logger()


class MissingKey(NotAllowed):
    """This needs an API key: send it as `Authorization: Bearer ak_...`."""

    code = "missing_key"


class UnknownKey(NotAllowed):
    """This API key is unknown or revoked."""

    code = "unknown_key"


class UnknownSession(NotAllowed):
    """Nobody is signed in, or the session has ended: sign in again."""

    code = "unknown_session"


class CrossSite(NotAllowed):
    """A request with a cookie must come from relance's own pages, and say so with the header `X-Relance`."""

    code = "cross_site"


# The first that fits counts.
STATUS: tuple[tuple[type[RelanceError], int], ...] = (
    (MissingKey, 401),
    (UnknownKey, 401),
    (UnknownSession, 401),
    (SignInFailed, 401),
    (TooManyAttempts, 429),
    (UnknownWriteKey, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (QuestionDropped, 409),
    (BodyTooLarge, 413),
    (UnsupportedByEngine, 422),
    (UserError, 400),
    (LogOverloaded, 429),
    (LogBroken, 503),
    (StoreUnavailable, 503),
    (WarehouseUnavailable, 503),
)
_HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    400: "invalid_request",
}


def status_of(error: RelanceError) -> int:
    """The HTTP status that tells of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def headers_of(status: int, retry_after_seconds: int = RETRY_AFTER_SECONDS) -> dict[str, str]:
    """What goes with a status: when to come again, how to sign in."""
    if status in {429, 503}:
        return {"retry-after": str(retry_after_seconds)}
    return {"www-authenticate": "Bearer"} if status == 401 else {}


def problem(status: int, code: str, message: str, **more: Any) -> Response[dict[str, Any]]:
    """An answer that tells of an error."""
    body = {
        "type": "about:blank",
        "title": message,
        "status": status,
        "code": code,
        "message": message,
        "detail": message,
        **more,
    }
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers_of(status))


def on_relance_error(request: Request[Any, Any, Any], error: RelanceError) -> Response[dict[str, Any]]:
    """One of our errors: what the caller can mend is told, what is our fault is logged."""
    status = status_of(error)
    if status == 500:
        return on_exception(request, error)
    more: dict[str, Any] = {}
    if isinstance(error, UserError) and error.path:
        more["pointer"] = error.path
    if isinstance(error, InvalidInput):
        more["errors"] = [_shown(p) for p in error.problems]
    told = problem(status, error.code, error.message, **more)
    if isinstance(error, TooManyAttempts):
        told.headers.update(headers_of(status, error.context.get("retry_after_seconds", RETRY_AFTER_SECONDS)))
    return told


def on_http_exception(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """What Litestar itself refuses: no such route, a parameter that is none."""
    status = error.status_code
    code = _HTTP_CODES.get(status, "internal_error" if status >= 500 else "invalid_request")
    extra = getattr(error, "extra", None)
    return problem(status, code, str(error.detail), **({"errors": extra} if isinstance(extra, list) and extra else {}))


def on_deep_nesting(request: Request[Any, Any, Any], error: RecursionError) -> Response[dict[str, Any]]:
    """Nothing of ours is nested without end: what was sent is. The log says where it was found, should we be wrong."""
    _log.warning("request refused", path=request.url.path, method=request.method, why=str(error), where=_place_of(error))
    return problem(400, "invalid_request", "what was sent is nested too deeply: send it with fewer levels")


def on_overflow(request: Request[Any, Any, Any], error: OverflowError) -> Response[dict[str, Any]]:
    """Our own numbers are far from it: one that was sent is not. The log says where it was found, should we be wrong."""
    _log.warning("request refused", path=request.url.path, method=request.method, why=str(error), where=_place_of(error))
    return problem(400, "invalid_request", "a number that was sent is too large: none here has more than 63 bits")


def _place_of(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def on_exception(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """A bug of ours: logged with all it brings, told without any of it."""
    _log.error("request failed", path=request.url.path, method=request.method, exc_info=error)
    return problem(500, InternalError.code, "something went wrong in relance; the server's log says what")


def _shown(found: Any) -> Any:
    if hasattr(found, "as_json"):
        return found.as_json()
    if is_dataclass(found) and not isinstance(found, type):
        return asdict(found)
    return found if isinstance(found, (dict, list, int, float, bool, type(None))) else str(found)
