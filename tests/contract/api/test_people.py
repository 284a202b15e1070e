"""The list of people, in pages, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.management import ReadSide, management_router
from relance.api.problems import on_relance_error
from relance.clock import SystemClock
from relance.errors import RelanceError
from relance.eventlog import open_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Database

# Number, id, known, became part of another.
PEOPLE = [
    (1, "ana", 1, None),
    (2, "v-2", 0, None),
    (3, "ben", 1, None),
    (4, "v-4", 0, 3),
    (5, "v-5", 0, None),
    (6, "cleo", 1, None),
]


@pytest.fixture
def client(database: Database) -> Iterator[TestClient[Litestar]]:
    """The routes over a store of three people, and of two visitors whom nobody knows."""
    columns = ("profile_id", "user_id", "known", "created_at", "updated_at", "traits", "merged_into")
    rows = [[id_, name, known, 0, 0, '{"city": "Lyon"}', merged] for id_, name, known, merged in PEOPLE]
    with database.writing() as connection:
        connection.insert_rows("profiles", list(columns), rows)
    log = open_log("sqlite://")
    side = ReadSide(database, log, SystemClock())
    app = Litestar([management_router(side)], exception_handlers={RelanceError: on_relance_error})
    with TestClient(app) as opened:
        yield opened
    log.close()


def pages(client: TestClient[Litestar], **asked: Any) -> list[list[str]]:
    """The ids of all pages of two, one after the other."""
    found, after = [], None
    while True:
        answer = client.get("/api/v1/profiles", params={**asked, "limit": 2, **({} if after is None else {"after": after})})
        assert 200 == answer.status_code, answer.text
        page = answer.json()
        found.append([one["user_id"] for one in page["items"]])
        after = page["after"]
        if after is None:
            return [page for page in found if page]


@pytest.mark.parametrize("query", ["", "LYON"])
def test_people_come_in_pages_known_or_not(client: TestClient[Litestar], query: str) -> None:
    assert [["cleo", "v-5"], ["ben", "v-2"], ["ana"]] == pages(client, query=query)
    assert [["cleo", "ben"], ["ana"]] == pages(client, query=query, known=True)
    assert [["v-5", "v-2"]] == pages(client, query=query, known=False)


def test_whoever_is_named_is_found_among_those_asked_for(client: TestClient[Litestar]) -> None:
    assert [["v-5"]] == pages(client, query="v-5")
    assert [] == pages(client, query="v-5", known=True)
