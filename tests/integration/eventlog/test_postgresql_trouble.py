"""A PostgreSQL that goes away for a moment: refused in words, then on as before."""

from __future__ import annotations

import psycopg
import pytest

from relance.eventlog import GroupCommitter, LogUnavailable, NewChunk, open_log


def chunk(message_id: str) -> NewChunk:
    return NewChunk(source="s", body=b"{}", call="track", message_ids=[message_id])


def _end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_broke_are_replaced(postgres_url: str) -> None:
    log = open_log(postgres_url)
    committer = GroupCommitter(log)
    assert committer.commit_now(chunk("a")) == 1
    assert log.read_after(0, 10).last_position == 1
    _end_connections(postgres_url)
    with pytest.raises(LogUnavailable):
        committer.commit_now(chunk("b"))
    with pytest.raises(LogUnavailable):
        log.read_after(0, 10)

    assert committer.commit_now(chunk("b")) == 1
    assert committer.commit_now(chunk("a")) == 0
    assert log.read_after(0, 10).last_position == 2
    committer.close()
    log.close()


def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(LogUnavailable, match="PostgreSQL can not be used now"):
        open_log("postgresql://relance@127.0.0.1:1/nothing")
