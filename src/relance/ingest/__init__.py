"""The one door in: who sends, what is in it, and into the log with it.

Owns the tables `sources`, `write_keys`, `api_keys` and `rejected_events`. Called by `api` for what comes over HTTP, and by the
engine, which files the items it could not read.
"""

from relance.ingest.accept import BodyTooLarge, Door, TooManyItems, UnknownWriteKey, UnreadableBody, inflate
from relance.ingest.keys import ApiKey, Source, create_api_key, create_write_key, ensure_admin_key, ensure_source, make_lookup
from relance.ingest.rejected import count_rejected, list_rejected, record_rejected

__all__ = [
    "ApiKey",
    "BodyTooLarge",
    "Door",
    "Source",
    "TooManyItems",
    "UnknownWriteKey",
    "UnreadableBody",
    "count_rejected",
    "create_api_key",
    "create_write_key",
    "ensure_admin_key",
    "ensure_source",
    "inflate",
    "list_rejected",
    "make_lookup",
    "record_rejected",
]
