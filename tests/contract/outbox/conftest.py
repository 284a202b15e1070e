"""A store with people and messages that are ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.outbox.world import Outbox

if TYPE_CHECKING:
    from relance.store import Database


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)
