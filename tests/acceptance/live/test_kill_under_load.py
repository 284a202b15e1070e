"""Killed under load: nothing that was acknowledged is lost, nothing is done twice. `benchmarks/bench_kills.py` is the long version."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from relance.testing.provider_lab import ProviderLab
from tests.acceptance.live.conftest import LiveServer, free_port
from tests.acceptance.live.kill_world import check_books, kill_under_load

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 3


@pytest.mark.timeout(600)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_kills_under_load_lose_and_double_nothing(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with ProviderLab() as lab:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
        environment |= {"RELANCE_PUSH_URL": lab.url, "RELANCE_SMS_URL": lab.url}
        if dialect == "postgresql":
            environment["RELANCE_STORE_URL"] = request.getfixturevalue("postgres_url")
        live = LiveServer(tmp_path, environment, free_port())
        live.start()
        try:
            books = kill_under_load(live, kills=KILLS, clients=4, rate=200, seed=20_260_304)
            figures = check_books(live, books, lab, kills=KILLS)
        finally:
            live.kill(signal.SIGKILL)

    assert figures["acknowledged"] > 200
    assert figures["messages"] > 100
