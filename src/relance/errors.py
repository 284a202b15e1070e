"""The errors of relance, one tree.

::

    RelanceError                     docstring = default message; stable code; keyword-only context
    ├── UserError                    the caller can fix it: safe to show, has a path (JSON pointer)
    │   ├── InvalidInput             several problems found at once
    │   ├── InvalidEvent  InvalidCondition  InvalidDefinition  UnsupportedByEngine  RenderError
    │   └── NotFound  Conflict  NotAllowed  QuestionDropped
    ├── ChannelError
    │   ├── ChannelUnavailable       try again, after `retry_after_seconds`
    │   ├── OutcomeUnknown           the provider may or may not have taken it
    │   └── MessageRejected          never again; may suppress the address
    ├── StoreError  WarehouseError   driver errors, wrapped once per connector
    └── InternalError                a broken invariant: our bug
"""

from __future__ import annotations

from typing import Any, ClassVar


class RelanceError(Exception):
    """Something went wrong in relance."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str | None = None, **context: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.context = context

    @property
    def message(self) -> str:
        return str(self.args[0])


class UserError(RelanceError):
    """The input can not be accepted."""

    code = "invalid"

    def __init__(self, message: str | None = None, *, path: str = "", **context: Any) -> None:
        super().__init__(message, **context)
        self.path = path


class InvalidInput(UserError, ValueError):
    """The input has problems; each is listed in `problems`."""

    code = "invalid_input"

    def __init__(self, message: str | None = None, *, problems: list[Any], **context: Any) -> None:
        super().__init__(message, **context)
        self.problems = problems


class InvalidEvent(UserError, ValueError):
    """The event can not be accepted."""

    code = "invalid_event"


class InvalidCondition(UserError, ValueError):
    """The condition can not be understood."""

    code = "invalid_condition"


class InvalidDefinition(UserError, ValueError):
    """The definition can not be understood."""

    code = "invalid_definition"


class UnsupportedByEngine(UserError, NotImplementedError):
    """This warehouse engine can not give the exact answer, so it gives none."""

    code = "unsupported_by_engine"


class RenderError(UserError, ValueError):
    """The template can not be rendered."""

    code = "render_error"


class NotFound(UserError, LookupError):
    """There is no such thing."""

    code = "not_found"


class Conflict(UserError):
    """This contradicts what is there."""

    code = "conflict"


class NotAllowed(UserError, PermissionError):
    """This key may not do that."""

    code = "not_allowed"


class QuestionDropped(UserError):
    """The question was taken back before it was answered."""

    code = "question_dropped"


class ChannelError(RelanceError):
    """A channel did not take the message."""

    code = "channel_error"


class ChannelUnavailable(ChannelError, ConnectionError):
    """The provider can not take the message now; it is tried again."""

    code = "channel_unavailable"

    def __init__(self, message: str | None = None, *, retry_after_seconds: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknown(ChannelError, TimeoutError):
    """The provider was called and gave no answer: the message may or may not be on its way."""

    code = "unknown_outcome"


class MessageRejected(ChannelError):
    """The provider refuses this message for good."""

    code = "channel_rejected"

    def __init__(self, message: str | None = None, *, suppress: bool = False, **context: Any) -> None:
        super().__init__(message, **context)
        self.suppress = suppress


class StoreError(RelanceError):
    """The store did not answer as it must."""

    code = "store_error"


class StoreUnavailable(StoreError, ConnectionError):
    """The store can not be written now (disk full, locked or gone); nothing was changed."""

    code = "store_unavailable"


class WarehouseError(RelanceError):
    """The warehouse did not answer as it must."""

    code = "warehouse_error"


class WarehouseUnavailable(WarehouseError, ConnectionError):
    """The warehouse broke and is being opened again, or made again from the log; ask again in a moment."""

    code = "warehouse_unavailable"


class InternalError(RelanceError):
    """A broken invariant: this is a bug in relance, please report it."""

    code = "internal_error"
