"""The signed links over HTTP: what counts, what does not, and what people see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.machines import is_machine
from relance.api.pages import pick_language
from relance.api.public_links import LinkDesk, link_routes
from relance.clock import SECOND
from relance.errors import StoreUnavailable
from relance.outbox.compose import TargetNumbers
from relance.templates.links import Leaving, LinkSigner
from tests.contract.outbox.world import LINKS, NOW, Outbox, make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PERSON = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def client(outbox: Outbox) -> Iterator[TestClient[Litestar]]:
    desk = LinkDesk(outbox.database, LINKS, outbox.sink, outbox.clock, lambda: outbox.workspace)
    with TestClient(Litestar(route_handlers=link_routes(desk), logging_config=None)) as client:
        client.follow_redirects = False
        yield client


def path(url: str) -> str:
    return url.removeprefix("https://t.example")


def told(outbox: Outbox) -> list[tuple[Any, ...]]:
    return [
        (e["event"], e.get("userId"), {k: v for k, v in e["properties"].items() if k not in ("journey", "step", "template")})
        for e in outbox.sink.events
    ]


def test_an_opening_counts(outbox: Outbox, client: TestClient[Litestar]) -> None:
    message_id = outbox.add()
    answer = client.get(path(LINKS.open_url(message_id)), headers=PERSON)

    assert (answer.status_code, answer.headers["content-type"], answer.content[:6]) == (200, "image/gif", b"GIF89a")
    assert "no-store" in answer.headers["cache-control"]
    assert outbox.sink.events[0]["properties"] == {
        "message_id": "m1", "journey": "cart", "step": "remind", "channel": "email", "template": "t-email",
    }  # fmt: skip
    assert outbox.sink.events[0]["timestamp"] == "2026-03-02T10:00:00Z"


def test_what_does_not_count(outbox: Outbox, client: TestClient[Litestar]) -> None:
    message_id = outbox.add()
    click = path(LINKS.click_url(message_id, "https://shop.example/a"))

    assert client.head(path(LINKS.open_url(message_id))).status_code == 200
    assert client.head(click).status_code == 302
    assert client.get("/o/nonsense").status_code == 200
    assert client.get(path(LINKS.open_url(999))).status_code == 200
    assert client.get("/c/nonsense").status_code == 404
    leave = path(LINKS.unsubscribe_url(Leaving(1, message_id, "email", None)))
    assert client.get(leave).status_code == client.head(leave).status_code == 200
    assert outbox.sink.events == []


def test_a_machine_says_so(outbox: Outbox, client: TestClient[Litestar]) -> None:
    message_id = outbox.add()
    client.get(path(LINKS.open_url(message_id)), headers={"user-agent": "Mozilla/5.0"})
    click = path(LINKS.click_url(message_id, "https://shop.example/a"))
    client.get(click, headers=PERSON)  # at the very instant of the hand-off
    outbox.clock.at += 60 * SECOND
    client.get(click, headers={"user-agent": "Barracuda Sentinel (EE)"})
    client.get(click, headers=PERSON)

    assert [p.get("machine") for _, _, p in told(outbox)] == [True, True, True, None]
    assert is_machine("")
    assert not is_machine("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)")


def test_a_click_leads_on(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    sms = outbox.add(channel="sms", template="t-sms")
    outbox.clock.at += 60 * SECOND
    long = client.get(path(LINKS.click_url(1, "https://shop.example/café?a=1")), headers=PERSON)
    number = TargetNumbers(outbox.database).number_of("https://shop.example/b")
    short = client.get(path(LINKS.short_click_url(sms, number)), headers=PERSON)

    assert (long.status_code, long.headers["location"]) == (302, "https://shop.example/caf%C3%A9?a=1")
    assert (short.status_code, short.headers["location"]) == (302, "https://shop.example/b")
    assert told(outbox) == [
        ("Email Link Clicked", "user1", {"message_id": "m1", "channel": "email", "link": "https://shop.example/caf%C3%A9?a=1"}),
        ("SMS Link Clicked", "user2", {"message_id": "m2", "channel": "sms", "link": "https://shop.example/b"}),
    ]


def test_a_click_leads_nowhere_else(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    stranger = LinkSigner("https://t.example", ["the-secret-of-somebody-else"])

    assert client.get(path(stranger.click_url(1, "https://evil.example")), headers=PERSON).status_code == 404
    for target in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "https://x\r\nSet-Cookie: a=b", ""):
        assert client.get(path(LINKS.click_url(1, target)), headers=PERSON).status_code == 404
    assert outbox.sink.events == []


def test_one_click_leaves(outbox: Outbox, client: TestClient[Litestar]) -> None:
    """RFC 8058: a POST without cookie or login, an empty 200."""
    outbox.add()
    url = path(LINKS.unsubscribe_url(Leaving(1, 1, "email", None)))
    answer = client.post(url, data={"List-Unsubscribe": "One-Click"})
    client.post(url, files={"List-Unsubscribe": (None, "One-Click")})

    assert (answer.status_code, answer.content) == (200, b"")
    assert (
        told(outbox)
        == [("Unsubscribed", "user1", {"message_id": "m1", "channel": "email", "state": "unsubscribed", "source": "one_click"})]
        * 2
    )


@pytest.mark.parametrize(
    ("leaving", "choice", "name", "group"),
    [
        (Leaving(1, 1, "email", None), "this", "Unsubscribed", None),
        (Leaving(1, 1, "email", "news"), "this", "Subscription Changed", "news"),
        (Leaving(1, 1, "email", "news"), "channel", "Unsubscribed", None),
        (Leaving(1, None, "sms", None), "this", "Subscription Changed", None),
    ],
)
def test_leaving_by_hand(
    outbox: Outbox, client: TestClient[Litestar], leaving: Leaving, choice: str, name: str, group: str | None
) -> None:
    outbox.add()
    page = client.get(path(LINKS.unsubscribe_url(leaving)), headers={"accept-language": "fr-FR,fr;q=0.9,en;q=0.5"})
    done = client.post(path(LINKS.unsubscribe_url(leaving)), data={"choice": choice}, headers={"accept-language": "fr"})
    event, _, properties = told(outbox)[0]

    assert '<html lang="fr">' in page.text
    assert "Se désabonner" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Désabonnement enregistré" in done.text
    assert (event, properties["channel"], properties["state"], properties.get("group")) == (
        name,
        leaving.channel,
        "unsubscribed",
        group,
    )


def test_a_page_shows_names_safely(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    page = client.get(path(LINKS.unsubscribe_url(Leaving(1, 1, "email", "<script>alert(1)</script>"))))

    assert "<script" not in page.text


def test_preferences(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.workspace = make_workspace(group="news")
    outbox.add()
    url = path(LINKS.preferences_url(1))
    page = client.get(url)
    saved = client.post(url, data={"email": "on", "email:news": "on", "unknown": "on"})

    assert page.text.count("checked") == 3
    assert 'name="sms:news"' in page.text
    assert "Saved" in saved.text
    assert told(outbox) == [
        ("Subscription Changed", "user1", {"channel": "sms", "state": "unsubscribed", "source": "preferences_page"}),
        ("Subscription Changed", "user1", {"channel": "push", "state": "unsubscribed", "source": "preferences_page"}),
        (
            "Subscription Changed",
            "user1",
            {"channel": "email", "state": "subscribed", "source": "preferences_page", "group": "news"},
        ),
    ]
    assert client.get("/p/nonsense").status_code == client.post("/p/nonsense").status_code == 404


def test_a_merged_person_is_the_one_it_became(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    outbox.add()
    outbox.execute("UPDATE profiles SET merged_into = 2 WHERE profile_id = 1")
    client.post(path(LINKS.unsubscribe_url(Leaving(1, 1, "email", None))))
    client.get(path(LINKS.open_url(1)), headers=PERSON)

    assert [user for _, user, _ in told(outbox)] == ["user2", "user2"]


def test_an_anonymous_person_keeps_its_kind_of_id(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    outbox.execute("UPDATE profiles SET known = 0")
    client.get(path(LINKS.open_url(1)), headers=PERSON)

    assert outbox.sink.events[0]["anonymousId"] == "user1"
    assert "userId" not in outbox.sink.events[0]


def test_when_the_log_is_full(outbox: Outbox, client: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch) -> None:
    """A click still leads on; who leaves is told that it did not work."""

    def fail(events: Sequence[Mapping[str, Any]]) -> None:
        raise StoreUnavailable

    outbox.add()
    monkeypatch.setattr(outbox.sink, "append_events", fail)
    left = client.post(path(LINKS.unsubscribe_url(Leaving(1, 1, "email", None))))

    assert client.get(path(LINKS.click_url(1, "https://shop.example")), headers=PERSON).status_code == 302
    assert client.get(path(LINKS.open_url(1)), headers=PERSON).status_code == 200
    assert (left.status_code, left.headers["retry-after"]) == (503, "5")


def test_a_huge_form_is_not_read(outbox: Outbox, client: TestClient[Litestar]) -> None:
    outbox.add()
    answer = client.post(
        path(LINKS.preferences_url(1)),
        content=b"a=" + b"x" * 1_000_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 200  # read as a form in which nothing is ticked


def test_languages() -> None:
    given = ["", "fr", "de,fr;q=0.5,en;q=0.4", "en-GB,fr", "fr;q=0", "fr;q=x,en", "x" * 10_000]

    assert [pick_language(g) for g in given] == ["en", "fr", "fr", "en", "en", "en", "en"]
    assert NOW
