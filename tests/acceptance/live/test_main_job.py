"""The main job, from an event to the right message and back, against a real server and a real SMTP server."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.acceptance.live.conftest import wait_for

if TYPE_CHECKING:
    from tests.acceptance.live.conftest import LiveServer, Mailbox

pytestmark = pytest.mark.timeout(600)  # a server starts up to three times, on a machine that may be busy

# A person's browser; what looks like a scanner or a proxy is marked as a machine, and moves nobody.
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
DEFINITIONS = """
{kind: settings, timezone: Europe/Paris}
---
{kind: event, id: cart-abandoned, name: Cart Abandoned, status: published}
---
{kind: event, id: order-completed, name: Order Completed, status: published}
---
kind: template
id: cart
channel: email
status: ready
subject: "{{ profile.first_name }}, your cart of {{ event.properties.total }}"
body: "<p>Hello {{ profile.first_name }}, <a href='https://shop.example/cart'>your cart</a>. <a href='{{ unsubscribe_url }}'>No more</a></p>"
---
{kind: template, id: thanks, channel: email, status: ready, subject: Thanks for looking, body: "<p>Thanks</p>"}
---
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned, where: [{path: total, op: gt, value: 50}]}
exit_on: [{event: Order Completed}]
start: remind
steps:
  remind: {type: message, channel: email, template: cart, next: opened}
  opened: {type: listen, for: [{event: Email Link Clicked, message: remind, next: pro}], timeout: 1d, on_timeout: end}
  pro: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: pro}, next: thanks}], otherwise: end}
  thanks: {type: message, channel: email, template: thanks, next: end}
"""


def sign_up(user: str, **traits: Any) -> list[dict[str, Any]]:
    return [
        {"type": "identify", "userId": user, "traits": {"email": f"{user}@example.com", "first_name": user.title(), **traits}},
        {
            "type": "track",
            "userId": user,
            "event": "Subscription Changed",
            "properties": {"channel": "email", "state": "subscribed"},
        },
    ]


def cart(user: str, total: object) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": "Cart Abandoned", "properties": {"total": total}}


def test_from_an_event_to_the_message_and_back(live: LiveServer, mailbox: tuple[Mailbox, int]) -> None:
    """A cart becomes an email, a click moves the person on, an unsubscribe stops the next, and the log tells it all."""
    box, _ = mailbox
    live.apply(DEFINITIONS)
    server_key = live.write_key("backend", trusted=True)
    live.send(server_key, *sign_up("ana", plan="pro"), *sign_up("bo"), cart("ana", 80), cart("bo", "80"))

    wait_for(lambda: len(box.messages) == 1)
    mail = box.messages[0]
    assert mail["To"] == "ana@example.com"
    assert mail["Subject"] == "Ana, your cart of 80"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content()
    click = re.search(r"href=['\"]([^'\"]*/c/[^'\"]+)", html)
    pixel = re.search(r"src=['\"]([^'\"]*/o/[^'\"]+)", html)
    assert click is not None
    assert pixel is not None

    assert httpx.get(pixel[1], headers=PERSON).headers["content-type"] == "image/gif"
    time.sleep(2.5)  # nobody reads as fast as a scanner
    followed = httpx.get(click[1], headers=PERSON, follow_redirects=False)
    assert (followed.status_code, followed.headers["location"]) == (302, "https://shop.example/cart")
    wait_for(lambda: len(box.messages) == 2)
    assert box.messages[1]["Subject"] == "Thanks for looking"

    leave = str(mail["List-Unsubscribe"]).strip("<>").split(">")[0]
    assert httpx.get(leave).status_code == 200
    assert httpx.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    live.send(server_key, cart("ana", 99))
    report = wait_for(lambda: (r := live.get("journeys/cart/report"))["finished"] == 1 and r["entered"] == 2 and r)
    wait_for(
        lambda: any(m["status"] == "blocked" and m["reason"] == "unsubscribed" for m in live.get("messages?limit=10")["items"])
    )
    assert report["entered"] == report["inside"] + report["finished"] + sum(report["exited"].values()) + report["failed"]

    names = {event["name"] for event in live.get("events?limit=50")["items"]}
    assert {"Cart Abandoned", "Journey Entered", "Email Sent", "Email Opened", "Email Link Clicked", "Journey Ended"} <= names
    assert len(box.messages) == 2


def test_a_public_key_can_neither_grant_consent_nor_take_over_a_known_person(
    live: LiveServer, mailbox: tuple[Mailbox, int]
) -> None:
    """A write key of a browser adds events, and nothing else."""
    box, _ = mailbox
    live.apply(DEFINITIONS)
    backend = live.write_key("backend", trusted=True)
    browser = live.write_key("browser", trusted=False)
    live.send(backend, *sign_up("eve")[:1])
    live.send(browser, *sign_up("eve")[1:], cart("eve", 90))

    blocked = wait_for(lambda: live.get("messages?limit=10")["items"])
    assert [(m["status"], m["reason"]) for m in blocked] == [("blocked", "no_consent")]
    assert box.messages == []


def test_after_a_kill_everything_goes_on(live: LiveServer, mailbox: tuple[Mailbox, int]) -> None:
    """Killed between two events: nothing is lost, nobody gets a second copy, and the journey ends as it must."""
    box, _ = mailbox
    live.apply(DEFINITIONS)
    key = live.write_key("backend", trusted=True)
    live.send(key, *sign_up("ana"), cart("ana", 80))
    wait_for(lambda: len(box.messages) == 1)

    live.kill()
    live.start()
    live.send(key, {"type": "track", "userId": "ana", "event": "Order Completed", "properties": {"total": 80}})

    report = wait_for(lambda: (r := live.get("journeys/cart/report"))["exited"] and r)
    assert report["exited"] == {"Order Completed": 1}
    assert len(box.messages) == 1
