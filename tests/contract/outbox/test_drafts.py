"""Templates that are being written: looked at as a person, and sent to an address."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from relance.audit import list_entries
from relance.channels import RecordingChannel
from relance.errors import ChannelUnavailable, Conflict, InvalidInput, MessageRejected, NotFound
from relance.outbox.drafts import Draft, DraftDesk
from tests.contract.outbox.test_drain import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.channels import Channel
    from tests.contract.outbox.world import Outbox

EMAIL: dict[str, Any] = {
    "channel": "email",
    "subject": "Hi {{ profile.first_name }}",
    "body": "<p>{{ event.properties.cart_total }} for {{ profile.first_name }} ({{ predictions.buys.score }})</p>",
}


def add_person(outbox: Outbox) -> None:
    outbox.add(status="sent")
    outbox.execute("INSERT INTO aliases (alias, profile_id, since_seq) VALUES ('user1', 1, 0)")


@contextmanager
def desk_of(outbox: Outbox, channel: Channel) -> Iterator[DraftDesk]:
    """A desk beside a drain that runs."""
    drain = outbox.drain({"email": channel})
    thread = threading.Thread(target=lambda: asyncio.run(drain.run(poll_seconds=0.01)))
    thread.start()
    try:
        while not drain.is_running:
            thread.join(0.005)
        yield DraftDesk(
            outbox.database, outbox.clock, drain, public_url="https://t.example", scores=lambda _: {"buys": {"score": 61}}
        )
    finally:
        drain.stop()
        thread.join(10)


def test_a_draft_is_rendered_for_a_person(outbox: Outbox) -> None:
    add_person(outbox)
    with desk_of(outbox, RecordingChannel("sink")) as desk:
        told = desk.preview(Draft(EMAIL, "user1", "Cart Abandoned", {"cart_total": 80}))
        nobody = desk.preview(Draft(EMAIL))

        assert [] == told["problems"]
        assert ("Hi N1", "<p>80 for N1 (61)</p>") == (told["rendered"]["subject"], told["rendered"]["body"])
        assert "Hi" == nobody["rendered"]["subject"].strip()
        with pytest.raises(NotFound):
            desk.preview(Draft(EMAIL, "stranger"))


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("<p>\n\n{% nonsense %}</p>", 3, "nonsense"),
        ("<p>\n\n{{ 1 | divided_by: 0 }}</p>", 3, "divide by 0"),
        ("{% for a in (1..900000) %}x{% endfor %}", 1, "a range of more"),
    ],
)
def test_what_keeps_it_from_being_rendered_is_told_with_its_place(
    outbox: Outbox, body: str, line: int | None, says: str
) -> None:
    with desk_of(outbox, RecordingChannel("sink")) as desk:
        told = desk.preview(Draft({**EMAIL, "body": body}))

    (problem,) = told["problems"]
    assert told["rendered"] is None
    assert ("/body", line) == (problem["pointer"], problem["line"])
    assert says in problem["message"]


def test_a_test_goes_to_the_address_and_stands_in_the_audit(outbox: Outbox) -> None:
    add_person(outbox)
    sink = RecordingChannel("sink")
    with desk_of(outbox, sink) as desk:
        before = outbox.states()
        told = desk.send(Draft(EMAIL, "user1"), " me@example.com ", template_id="mail", by="key:ana")

        (message,) = sink.messages
        assert (True, "me@example.com") == (told["sent"], message.to)
        assert ("Hi N1", False) == (message.subject, message.marketing)
        assert before == outbox.states()
        with outbox.database.reading() as connection:
            (entry,) = list_entries(connection, limit=5)
        assert ("key:ana", "send_test", "mail") == (entry["actor"], entry["action"], entry["id"])
        with pytest.raises(InvalidInput, match="address"):
            desk.send(Draft(EMAIL), "nobody", template_id="mail", by="key:ana")
        with pytest.raises(InvalidInput, match="preview"):
            desk.send(Draft({"channel": "webhook", "url": "https://x.example"}), "x", template_id="mail", by="key:ana")
        with pytest.raises(Conflict, match="no provider of sms"):
            desk.send(Draft({"channel": "sms", "body": "x"}), "+33639980000", template_id="mail", by="key:ana")


def test_a_channel_is_tried_with_a_message_of_our_own(outbox: Outbox) -> None:
    sink = RecordingChannel("sink")
    with desk_of(outbox, sink) as desk:
        told = desk.try_channel("email", " me@example.com ", language="fr", by="user:1:ana")

        (message,) = sink.messages
        assert (True, "email") == (told["sent"], told["channel"])
        assert ("me@example.com", "Un test de relance", False) == (message.to, message.subject, message.marketing)
        with outbox.database.reading() as connection:
            (entry,) = list_entries(connection, limit=5)
        assert ("user:1:ana", "send_test", "channel", "email") == tuple(entry[k] for k in ("actor", "action", "kind", "id"))
        for channel, to, says in (
            ("email", "nobody", "address"),
            ("webhook", "here", "URL"),
            ("in_app", "x", "nothing to set up"),
        ):
            with pytest.raises(InvalidInput, match=says):
                desk.try_channel(channel, to, language="en", by="user:1:ana")
        with pytest.raises(Conflict, match="no provider of sms"):
            desk.try_channel("sms", "+33639980000", language="en", by="user:1:ana")


def test_what_the_provider_says_against_a_trial_is_told(outbox: Outbox) -> None:
    with desk_of(outbox, Scripted(MessageRejected("the mail server says 550 5.1.1 no such user"))) as desk:
        told = desk.try_channel("email", "me@example.com", language="en", by="user:1:ana")

    assert (False, "the mail server says 550 5.1.1 no such user") == (told["sent"], told["message"])


def test_a_provider_that_fails_is_told(outbox: Outbox) -> None:
    with desk_of(outbox, Scripted(ChannelUnavailable("the server is full"))) as desk:
        told = desk.send(Draft(EMAIL), "me@example.com", template_id="mail", by="key:ana")

    assert (False, "channel_unavailable", "the server is full") == (told["sent"], told["code"], told["message"])
