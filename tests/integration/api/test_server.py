"""How the server starts, stops and shares a port."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from relance.api.server import PortBusy, check_port, serve

if TYPE_CHECKING:
    from tests.integration.api.conftest import Running


def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortBusy, match=f"port {port} of 127.0.0.1 is taken"):
            serve(None, host="127.0.0.1", port=port)
    check_port("127.0.0.1", port)

    with pytest.raises(PortBusy, match=r"can not listen on 192\.0\.2\.1"):
        check_port("192.0.2.1", 8000)


def test_what_was_acknowledged_while_it_stopped_is_in_the_log(running: Running) -> None:
    acknowledged: list[str] = []

    def send(number: int) -> None:
        with httpx.Client(base_url=running.url, timeout=5, auth=(running.key, "")) as client:
            for turn in range(100_000):
                message_id = f"{number}-{turn}"
                try:
                    answer = client.post("/v1/track", json={"event": "A", "userId": "u", "messageId": message_id})
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    acknowledged.append(message_id)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 40:
        time.sleep(0.01)
    running._server.stop()
    for thread in threads:
        thread.join()

    assert set(acknowledged) <= {event.message_id for event in running.events()}


def test_a_client_that_goes_away_in_the_middle_harms_nobody(running: Running) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", running.port)) as half:
            half.sendall(b"POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{")
        with socket.create_connection(("127.0.0.1", running.port)) as half:
            half.sendall(b"POST /v1/batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")
    time.sleep(0.1)

    assert running.client.get("/healthz").status_code == 200
    assert running.client.post("/v1/track", json={"event": "A", "userId": "u"}, auth=(running.key, "")).status_code == 200
