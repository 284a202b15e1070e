"""The statements conditions become, for every engine, as a reviewer reads them: tests/sql/<case>/<dialect>.<shape>.sql.

`make golden` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from relance.conditions.compiling.compiler import Compiler
from relance.conditions.read import parse_condition

FOLDER = Path(__file__).parents[2] / "sql"

CASES = {
    "espresso-email": {
        "type": "all",
        "of": [
            {"type": "can_receive", "channel": "email", "because": "subscribed"},
            {
                "type": "any",
                "of": [
                    {"type": "did", "event": "Email Opened", "times": {"gte": 1}, "within": "72h"},
                    {"type": "did", "event": "Email Link Clicked", "times": {"gte": 1}, "within": "72h"},
                ],
            },
            {"type": "did", "event": "Order Completed", "times": {"eq": 0}, "within": "72h"},
        ],
    },
    "trait-in-a-list": {"type": "trait", "path": "address.city", "op": "in", "value": ["Atlanta", "Orléans", 3]},
    "trait-date": {"type": "trait", "path": "renewal", "op": "within_next", "value": "7d"},
    "did-where": {
        "type": "did",
        "event": "Order Completed",
        "where": [{"path": "total", "op": "gt", "value": 50}],
        "since": "2026-03-01T00:00:00Z",
    },
    "sum-of-items": {
        "type": "did",
        "event": "Order Completed",
        "aggregate": {"fn": "sum", "path": "products.price", "gte": 100},
        "within": "30d",
    },
    "last-value": {"type": "did", "event": "Order Completed", "aggregate": {"fn": "last", "path": "currency", "eq": "EUR"}},
    "sequence": {"type": "sequence", "steps": [{"event": "A"}, {"event": "B", "within": "1d"}], "within": "30d"},
    "subscribed-to-a-group": {"type": "subscribed", "group": "newsletter"},
    "bucket": {"type": "not", "of": {"type": "bucket", "salt": "test-1", "from": 0, "to": 1000}},
    "on-a-list": {"type": "in_list", "list": "beta-testers"},
    "likely-to-buy": {"type": "predicted", "prediction": "buys-30d", "score": {"gte": 60, "lte": 100}},
    "best-thousand": {"type": "predicted", "prediction": "buys-30d", "top": 1000, "within": "7d"},
    "upper-tenth": {"type": "predicted", "prediction": "buys-30d", "percentile": {"gte": 90}},
    "spends-enough": {"type": "predicted", "prediction": "spend-90d", "value": {"gte": 50}},
    "message-opened": {
        "type": "message",
        "source": "journey:abandoned-cart",
        "step": "remind",
        "status": ["sent", "opened"],
        "within": "7d",
    },
    "inside-a-journey": {"type": "journey", "journey": "abandoned-cart", "step": "remind"},
    "never-in-a-journey": {"type": "journey", "journey": "abandoned-cart", "state": "never"},
    "everyone": {"type": "all", "of": []},
}


@pytest.mark.parametrize("case", CASES)
def test_golden_statements(case: str) -> None:
    question = Compiler().compile(parse_condition(CASES[case]))
    for dialect in ("duckdb", "clickhouse") if case != "trait-date" else ("duckdb",):
        for shape in ("members", "moments"):
            path = FOLDER / case / f"{dialect}.{shape}.sql"
            sql = question.sql(dialect, shape) + "\n"
            if "RELANCE_WRITE_GOLDEN" in os.environ:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(sql, encoding="utf-8")
            assert path.read_text(encoding="utf-8") == sql


def test_a_statement_is_made_once() -> None:
    compiler = Compiler()
    question = compiler.compile(parse_condition(CASES["espresso-email"]))

    assert question is compiler.compile(parse_condition(CASES["espresso-email"]))
    assert question.sql("duckdb", "members") is question.sql("duckdb", "members")


def test_true_is_not_one() -> None:
    compiler = Compiler()
    one, true = (compiler.compile(parse_condition({"type": "trait", "path": "x", "op": "eq", "value": v})) for v in (1, True))

    assert one.sql("duckdb", "members") != true.sql("duckdb", "members")
