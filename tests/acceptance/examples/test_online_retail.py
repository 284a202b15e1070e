"""The example over real orders, on a handful of made rows in the layout of the data set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[3] / "examples" / "online-retail"
HEADER = "invoice,stock_code,description,quantity,invoice_date,price,customer_id,country\n"
ROWS = """489434,85048,GLASS BALL LIGHTS,12,2009-12-01 07:45:00,6.95,13085,United Kingdom
489434,POST,POSTAGE,1,2009-12-01 07:45:00,18.00,13085,United Kingdom
489434,M,Manual,1,2009-12-01 07:45:00,99.00,13085,United Kingdom
489435,22041,"RECORD FRAME 7"" SIZE",3,2009-12-01 07:46:00,2.55,,United Kingdom
489436,21755,LOVE BUILDING BLOCK WORD,18,2009-12-01 09:06:00,5.45,13078,France
C489449,22087,PAPER BUNTING,-12,2009-12-01 10:33:00,2.95,13078,France
489437,21754,FREE GIFT,1,2010-07-01 09:08:00,0,13078,France
489438,21754,HOME BUILDING BLOCK,400,2010-07-01 09:10:00,5.95,13078,France
"""


def relance(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from relance.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_invoices_become_orders_and_the_silent_get_a_letter(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(HEADER + ROWS, encoding="utf-8")
    events = tmp_path / "events.jsonl"
    done = relance("import", tmp_path / "orders.csv", "--mapping", EXAMPLE / "mapping.yaml", "--to-jsonl", events, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)["files"][0]
    assert (report["rows"], report["events"], report["rejected"]) == (8, 8, 0)
    assert sum(report["skipped"].values()) == 3

    tracks = [e for e in lines_of(events) if e["type"] == "track"]
    assert [(e["event"], e["timestamp"], e["properties"]["total"]) for e in tracks] == [
        ("Order Completed", "2009-12-01T07:45:00Z", 101.4),
        ("Order Completed", "2009-12-01T09:06:00Z", 98.1),
        ("Order Refunded", "2009-12-01T10:33:00Z", 35.4),
        ("Order Completed", "2010-07-01T08:10:00Z", 2380),
    ]
    assert (tracks[0]["properties"]["shipping"], tracks[0]["properties"]["n_products"]) == (18, 1)

    out = tmp_path / "out"
    definitions = EXAMPLE / "definitions.yaml"
    done = relance(
        "simulate", "--definitions", definitions, "--events", events, "--until", "2010-08-01T00:00:00Z", "--out", out
    )
    assert done.returncode == 0, done.stderr
    members = {(m["segment"], m["user_id"]) for m in lines_of(out / "memberships.jsonl")}
    assert members == {("bought-90d", "13078"), ("lapsed-90d", "13085"), ("vip", "13078"), ("uk", "13085")}
    letters = [(m["at"][:10], m["user_id"], m["step"], m["to"]) for m in lines_of(out / "messages.jsonl")]
    assert letters == [
        ("2010-03-01", "13085", "miss", "customer-13085@example.com"),
        ("2010-03-01", "13078", "miss", "customer-13078@example.com"),
        ("2010-03-08", "13085", "discount", "customer-13085@example.com"),
        ("2010-03-08", "13078", "discount", "customer-13078@example.com"),
    ]
    journey = json.loads((out / "summary.json").read_text())["journeys"]["win-back"]
    assert (journey["entered"], journey["inside"], journey["finished"]) == (3, 1, 2)
