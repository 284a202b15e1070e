"""The relations that compiled conditions read, as Ibis tables, and the functions that every engine defines for them.

Imported only when a statement is made: Ibis takes longer to import than most simulations to run.
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt

MOMENTS = ibis.table({"moment": "int64", "profile_id": "int64", "at": "int64", "seq": "int64"}, name="moments")
EVENTS = ibis.table(
    {"profile_id": "int64", "seq": "int64", "at": "int64", "name": "string", "properties": "string", "machine": "boolean"},
    name="events",
)
_PROFILE = {
    "profile_id": "int64",
    "seq": "int64",
    "until_seq": "int64",
    "traits": "string",
    "user_id": "string",
    "timezone": "string",
    "email": "string",
    "email_valid": "boolean",
    "phone": "string",
    "phone_valid": "boolean",
    "push_token": "string",
}
PROFILES = ibis.table(_PROFILE, name="profile_history")
# The rows of it that are in force now, which an engine may know by a shorter way.
PROFILES_NOW = ibis.table(_PROFILE, name="profile_now")
CONSENTS = ibis.table(
    {
        "profile_id": "int64",
        "seq": "int64",
        "until_seq": "int64",
        "channel": "string",
        "group_id": "string",
        "state": "string",
    },
    name="consent_history",
)
SUPPRESSIONS = ibis.table(
    {"channel": "string", "address": "string", "seq": "int64", "until_seq": "int64", "suppressed": "boolean"},
    name="suppression_history",
)

MESSAGES = ibis.table(
    {
        "profile_id": "int64",
        "seq": "int64",
        "at": "int64",
        "message_id": "string",
        "source": "string",
        "step": "string",
        "status": "string",
    },
    name="message_history",
)
JOURNEYS = ibis.table(
    {
        "profile_id": "int64",
        "seq": "int64",
        "at": "int64",
        "enrollment_id": "int64",
        "journey": "string",
        "step": "string",
        "previous": "string",
        "state": "string",
    },
    name="journey_history",
)
LISTS = ibis.table(
    {"profile_id": "int64", "seq": "int64", "at": "int64", "list_id": "string", "member": "boolean"}, name="list_history"
)
SCORES = ibis.table(
    {
        "profile_id": "int64",
        "seq": "int64",
        "at": "int64",
        "prediction": "string",
        "score": "float64",
        "category": "string",
        "place": "int64",
        "percentile": "float64",
        "value": "float64",
    },
    name="score_history",
)

_texts = dt.Array(dt.string)
_integer = dt.Decimal(38, 0)
_function = ibis.udf.scalar.builtin


@_function
def value_key(json: dt.string, key: dt.string) -> dt.string:
    """The JSON text at a key."""


@_function
def value_inside(json: dt.string, outer: dt.string, inner: dt.string) -> dt.string:
    """The JSON text at a key of the object at a key."""


@_function
def value_keys(json: dt.string, keys: _texts) -> _texts:  # type: ignore[valid-type]  # a data type, made above
    """The JSON texts at some keys; the document is read once."""


@_function
def value_items(json: dt.string) -> _texts:  # type: ignore[valid-type]  # a data type, made above
    """The JSON texts of a list."""


@_function
def value_text(json: dt.string) -> dt.string:
    """The text."""


@_function
def value_number(json: dt.string) -> dt.float64:
    """The number in floating point."""


@_function
def value_integer(json: dt.string) -> _integer:  # type: ignore[valid-type]
    """The integer, exactly."""


@_function
def value_millionths(json: dt.string) -> _integer:  # type: ignore[valid-type]
    """The number in millionths."""


@_function
def value_identity(json: dt.string) -> dt.string:
    """What two equal values share."""


@_function
def casefold(text: dt.string) -> dt.string:
    """The text without case."""


@_function
def bucket_of(salt: dt.string, user_id: dt.string) -> dt.int64:
    """The sticky bucket."""


@_function
def instant_of(text: dt.string, zone: dt.string) -> dt.int64:
    """The instant a text names."""


@_function
def anniversary_of(instant: dt.int64, at: dt.int64, zone: dt.string) -> dt.int64:
    """When the next anniversary begins."""


@_function
def near_anniversary(json: dt.string, at: dt.int64, length: dt.int64) -> dt.boolean:
    """Whether the next anniversary of a date may be at most a length away, whatever the zones."""


@_function
def near_dates(json: dt.string, low: dt.int64, high: dt.int64) -> dt.boolean:
    """Whether a date may lie between two instants, whatever the zones."""


@_function
def surely_before(json: dt.string, limit: dt.int64) -> dt.boolean:
    """Whether a text is a date without a time, and before an instant in every zone."""
