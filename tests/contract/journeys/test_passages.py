"""The people behind a report's figures: the lists are as long as the figures, in pages and in files, on both stores."""

from __future__ import annotations

import csv
import io
from random import Random
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from relance.errors import InvalidInput, NotFound
from relance.journeys.figures import list_reports
from relance.journeys.passages import COLUMNS, Chosen, list_passages, write_passages
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import Run, make_definitions, make_events

if TYPE_CHECKING:
    from relance.store import Connection, Database


def people(connection: Connection, *chosen: Any, page: int = 4, **more: Any) -> list[dict[str, Any]]:
    """All pages together."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = list_passages(connection, Chosen(*chosen, **more), limit=page, after=after)
        found += answer["items"]
        if answer["next"] is None:
            return found
        assert len(answer["items"]) == page
        after = answer["next"]


def test_lists_are_as_long_as_the_figures_say(store: Database) -> None:
    r = Random(21)
    definitions, events = make_definitions(r), make_events(r, 60)
    run = Run(store, open_warehouse("memory://"), definitions)
    run.feed(events, until=events[-1].received_at)

    counted = 0
    with store.reading() as connection:
        for source in ("journey:cart", "journey:gifts", "campaign:news"):
            report = list_reports(connection, source=source)[0]
            for state in ("finished", "failed", "suppressed"):
                assert report[state] == len(people(connection, source, state=state))
            assert report["inside"] == len(people(connection, source, state="active"))
            for reason, n in (*report["exited"].items(), *report["suppressed_by"].items()):
                assert n == len(people(connection, source, reason=reason, version=1))
            for step, figures in report["steps"].items():
                everybody = people(connection, source, step)
                assert figures["entered"] == len(everybody) == len({(p["enrollment_id"], p["step_at"]) for p in everybody})
                assert figures["inside"] == len(people(connection, source, step, "inside"))
                assert sum(figures["left"].values()) == len(people(connection, source, step, "left", page=100))
                for way, n in figures["left"].items():
                    left = people(connection, source, step, way=way)
                    assert (n, {way}) == (len(left), {p["left_to"] for p in left})
                    counted += n
    assert counted > 30


def test_a_file_holds_the_same_people(store: Database) -> None:
    r = Random(22)
    run = Run(store, open_warehouse("memory://"), make_definitions(r))
    events = make_events(r, 40)
    run.feed(events, until=events[-1].received_at)
    sheet, table = io.BytesIO(), io.BytesIO()

    rows = write_passages(store, Chosen("journey:cart", "mail"), sheet, form="csv", bom=True)
    write_passages(store, Chosen("journey:cart", "mail"), table, form="parquet")

    with store.reading() as connection:
        expected = people(connection, "journey:cart", "mail")
    written = list(csv.DictReader(io.StringIO(sheet.getvalue().decode("utf-8-sig"))))
    assert rows == len(expected) == len(written) > 0
    assert [(p["user_id"], p["step_at"], p["left_to"] or "") for p in expected] == [
        (row["user_id"], row["step_at"], row["left_to"]) for row in written
    ]
    assert list(COLUMNS) == list(written[0])
    assert [p["user_id"] for p in expected] == pq.read_table(io.BytesIO(table.getvalue()))["user_id"].to_pylist()


def test_what_does_not_go_together_is_refused(store: Database) -> None:
    Run(store, open_warehouse("memory://"), make_definitions(Random(1)))
    with store.reading() as connection:
        for chosen, n in (
            (Chosen("journey:cart", "mail", "finished"), 1),
            (Chosen("journey:cart", "", "inside", way="end"), 3),
            (Chosen("journey:cart", "mail", "inside", way="end", reason="x"), 2),
        ):
            with pytest.raises(InvalidInput) as raised:
                list_passages(connection, chosen, limit=1)
            assert n == len(raised.value.problems)
        for chosen in (Chosen("journey:none"), Chosen("journey:cart", "none"), Chosen("journey:cart", version=9)):
            with pytest.raises(NotFound):
                list_passages(connection, chosen, limit=1)
        with pytest.raises(InvalidInput, match="`after` is not"):
            list_passages(connection, Chosen("journey:cart"), limit=1, after="1")
