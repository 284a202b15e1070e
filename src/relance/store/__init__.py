"""The operational store: definitions, profiles, consent, enrollments, timers, outbox.

Owns the connection, the migrations and every difference between SQLite and PostgreSQL. Called by all that keep rows;
reads and writes nothing of its own but the table `migrations`.

SQL is written once, in the subset that both engines share, with `:name` placeholders, in `.sql` files beside the code
that uses them (`load_queries`). Instants are BIGINT microseconds, JSON is TEXT, truth is 0 or 1.
"""

from relance.store.connection import Connection, Database
from relance.store.opening import open_database
from relance.store.queries import load_queries

__all__ = ["Connection", "Database", "load_queries", "open_database"]
