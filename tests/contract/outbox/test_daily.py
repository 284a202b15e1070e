"""Messages counted by day, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Litestar
from litestar.testing import TestClient

from relance.api.overview import overview_router
from relance.clock import DAY, HOUR
from relance.outbox.daily import count_days

if TYPE_CHECKING:
    from tests.contract.outbox.world import Outbox

NOON = 20_000 * DAY + 12 * HOUR  # 2024-10-04


def decide(outbox: Outbox, status: str, at: int | None, channel: str = "email") -> None:
    number = outbox.add(channel=channel)
    values = {"id": number, "status": status, "at": at}
    outbox.execute("UPDATE messages SET status = :status, decided_at = :at WHERE message_id = :id", values)


def test_messages_are_counted_by_day_channel_and_outcome(outbox: Outbox) -> None:
    for at in (NOON, NOON - 13 * HOUR, NOON - 2 * DAY, NOON - 30 * DAY, NOON + HOUR):
        decide(outbox, "sent", at)
    decide(outbox, "blocked", NOON, "sms")
    decide(outbox, "ready", NOON)
    decide(outbox, "queued", None)
    with outbox.database.reading() as connection:
        found = count_days(connection, NOON, 3)

    assert found == [
        {"on": "2024-10-02", "channel": "email", "status": "sent", "messages": 1},
        {"on": "2024-10-03", "channel": "email", "status": "sent", "messages": 1},
        {"on": "2024-10-04", "channel": "email", "status": "sent", "messages": 1},
        {"on": "2024-10-04", "channel": "sms", "status": "blocked", "messages": 1},
    ]


def test_the_routes_tell_days_and_providers(outbox: Outbox) -> None:
    class Noon:
        def now(self) -> int:
            return NOON

    decide(outbox, "sent", NOON)
    providers: list[dict[str, Any]] = [{"channel": "sms", "provider": "http", "configured": False}]
    with TestClient(Litestar([overview_router(outbox.database, Noon(), providers)])) as client:
        first = client.get("/api/v1/messages/days?days=7").json()
        decide(outbox, "sent", NOON)

        assert first["items"] == [{"on": "2024-10-04", "channel": "email", "status": "sent", "messages": 1}]
        assert first["now"].startswith("2024-10-04T12:00")
        assert client.get("/api/v1/messages/days?days=7").json() == first  # remembered
        assert client.get("/api/v1/messages/days?days=8").json()["items"][0]["messages"] == 2
        assert client.get("/api/v1/messages/days?days=0").status_code == 400
        assert client.get("/api/v1/providers").json() == {"items": providers}
