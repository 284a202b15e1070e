"""What both engines of the store must do alike."""

from __future__ import annotations

from contextlib import closing

import pytest

from relance.errors import StoreError
from relance.store import Database, open_database


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute("UPDATE engine_state SET position = 5")
        raise ZeroDivisionError

    with database.reading() as connection:
        assert connection.value("SELECT position FROM engine_state") == 0


def test_colons_and_percents_in_texts_are_no_placeholders(database: Database) -> None:
    with database.writing() as connection:
        found = connection.row("SELECT ':no' || '%', :yes", {"yes": "a:b%c"})

    assert found == (":no%", "a:b%c")


def test_bulk_insert_and_execute_many(database: Database) -> None:
    rows = [(f"a{i}", i, i) for i in range(1000)]
    with database.writing() as connection:
        connection.insert_rows("aliases", ["alias", "since_seq", "profile_id"], rows)
        connection.execute_many("UPDATE aliases SET profile_id = ? WHERE alias = ?", [(7, "a1"), (8, "a2")])

    with database.reading() as connection:
        assert connection.rows("SELECT profile_id FROM aliases WHERE alias IN ('a1', 'a2') ORDER BY 1") == [(7,), (8,)]
        assert connection.value("SELECT count(*) FROM aliases") == 1000


def test_columns_of_many_rows_are_set_at_once(database: Database) -> None:
    columns = ["profile_id", "user_id", "known", "created_at", "updated_at", "traits"]
    rows = [(i, f"user-{i}", 1, 0, 0, "{}") for i in range(1000)]
    with database.writing() as connection:
        connection.insert_rows("profiles", columns, rows)
        changes = [(3, "é'%s:x", 5), (7, None, None), (999, "", 1)]
        connection.change_rows("profiles", "profile_id", {"email": "TEXT", "merged_into": "BIGINT"}, changes)
        connection.change_rows("profiles", "profile_id", {"email": "TEXT"}, [])

    with database.reading() as connection:
        found = connection.rows(
            "SELECT profile_id, email, merged_into FROM profiles WHERE profile_id IN (3, 7, 8, 999) ORDER BY 1"
        )
    assert found == [(3, "é'%s:x", 5), (7, None, None), (8, None, None), (999, "", 1)]


def test_no_plan_is_kept_for_a_statement_without_parameters(postgres_url: str) -> None:
    """PostgreSQL would join tens of thousands of rows by a plan that it made for an empty table."""
    with closing(open_database(postgres_url)) as database, database.writing() as connection:
        for n in range(9):
            connection.rows("SELECT count(*) FROM aliases")
            connection.execute("DELETE FROM aliases")
            connection.rows("SELECT count(*) FROM aliases WHERE profile_id = :n", {"n": n})

        kept = connection.rows("SELECT statement, parameter_types = '{}' FROM pg_prepared_statements")
    assert [statement for statement, fixed in kept if fixed] == []
    assert len(kept) == 1


def test_a_migration_is_applied_once(database: Database) -> None:
    assert database.migrate() == []


def test_a_reader_sees_one_snapshot_and_cannot_write(database: Database) -> None:
    with database.reading() as reader:
        before = reader.value("SELECT position FROM engine_state")
        with database.writing() as writer:
            writer.execute("UPDATE engine_state SET position = 9")
        assert reader.value("SELECT position FROM engine_state") == before

    with pytest.raises(StoreError), database.reading() as reader:
        reader.execute("UPDATE engine_state SET position = 1")
