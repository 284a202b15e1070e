"""Signing in over HTTP: the cookie, whose requests it counts for, and what each role may."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from relance.api.sessions import session_router
from relance.api.template_drafts import template_draft_router
from relance.api.users import user_router
from relance.clock import SystemClock
from relance.users import UserDesk
from tests.integration.api.conftest import Running
from tests.integration.api.test_management_keys import bearer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.outbox.drafts import DraftDesk

PASSWORD = "four words in a row"
OWN = {"x-relance": "1"}


class Sending:
    """Says that everything was sent."""

    def send(self, *_: object, **__: object) -> dict[str, Any]:
        return {"sent": True}

    try_channel = send


class Desk(Running):
    """A server that people sign in to."""

    def make_routes(self) -> list[Any]:
        clock = SystemClock()
        self.users = UserDesk(self.database, clock, clock, "http://shop.example")
        self.services.__dict__["users"] = self.users
        drafts = template_draft_router(cast("DraftDesk", Sending()))
        return [session_router(self.services, self.users), user_router(self.users), drafts]

    @contextmanager
    def sign_in(self, role: str) -> Iterator[httpx.Client]:
        """A browser in which somebody with this role is signed in."""
        email = f"{role}@shop.example"
        link = self.users.add(email, role=role, actor="test")["link"]
        self.users.use_link(link.partition("#")[2], password=PASSWORD)
        with httpx.Client(base_url=self.url, timeout=10, headers=OWN) as browser:
            browser.post("/api/v1/session", json={"email": email, "password": PASSWORD}).raise_for_status()
            yield browser


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_the_cookie_is_closed_to_scripts_and_other_sites(desk: Desk) -> None:
    with desk.sign_in("editor"):
        pass
    body = {"email": "editor@shop.example", "password": PASSWORD}
    answer = desk.client.post("/api/v1/session", json=body, headers={**OWN, "x-forwarded-proto": "https"})
    attributes = {part.strip().partition("=")[0].lower() for part in answer.headers["set-cookie"].split(";")}

    assert {"httponly", "secure", "samesite", "path", "max-age"} <= attributes
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert "secure" not in desk.client.post("/api/v1/session", json=body, headers=OWN).headers["set-cookie"].lower()


def test_an_editor_sends_a_test_of_a_template_and_a_publisher_tries_a_channel(desk: Desk) -> None:
    asked = [
        ("/api/v1/templates/test", {"template": {"channel": "sms", "body": "x"}, "to": "+33639980000"}),
        ("/api/v1/channels/sms/test", {"to": "+33639980000", "language": "fr"}),
    ]
    found = {}
    for role in ("viewer", "editor", "publisher"):
        with desk.sign_in(role) as browser:
            found[role] = [browser.post(path, json=body).status_code for path, body in asked]

    assert {"viewer": [403, 403], "editor": [200, 403], "publisher": [200, 200]} == found


def test_a_session_opens_what_the_role_may(desk: Desk) -> None:
    asked = [("GET", "/api/v1/sources", None), ("POST", "/api/v1/sources", {"id": "till"}), ("GET", "/api/v1/users", None)]
    found = {}
    for role in ("viewer", "editor", "publisher", "admin"):
        with desk.sign_in(role) as browser:
            found[role] = [browser.request(method, path, json=body).status_code for method, path, body in asked]

    assert found == {
        "viewer": [200, 403, 403],
        "editor": [200, 403, 403],
        "publisher": [200, 403, 403],
        "admin": [200, 201, 200],
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**OWN, "origin": "https://evil.example"},
        {**OWN, "origin": "null"},
        {**OWN, "sec-fetch-site": "cross-site"},
        {**OWN, "sec-fetch-site": "same-site"},
    ],
)
def test_what_comes_from_elsewhere_changes_nothing(desk: Desk, headers: dict[str, str]) -> None:
    with desk.sign_in("admin") as browser:
        del browser.headers["x-relance"]
        for method, path, body in (
            ("POST", "/api/v1/sources", {"id": "evil"}),
            ("DELETE", "/api/v1/session", None),
            ("POST", "/api/v1/session/password", {"current": PASSWORD, "new": "something else"}),
            ("POST", "/api/v1/session", {"email": "admin@shop.example", "password": PASSWORD}),
        ):
            answer = browser.request(method, path, json=body, headers=headers)
            assert (403, "cross_site") == (answer.status_code, answer.json()["code"]), path
        assert browser.get("/api/v1/session").json()["user"]["email"] == "admin@shop.example"
        own = {**OWN, "origin": desk.url, "sec-fetch-site": "same-origin"}
        assert browser.post("/api/v1/sources", json={"id": "ours"}, headers=own).status_code == 201


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(desk: Desk) -> None:
    with desk.sign_in("admin") as browser:
        kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        assert browser.delete("/api/v1/session").json() == {"user": None}
        assert not dict(browser.cookies)
    answer = desk.client.get("/api/v1/sources", headers={"cookie": kept})

    assert (401, "unknown_session") == (answer.status_code, answer.json()["code"])


def test_failures_are_told_alike_and_counted(desk: Desk) -> None:
    with desk.sign_in("admin"):
        pass
    answers = [
        desk.client.post("/api/v1/session", json={"email": email, "password": "wrong"}, headers=OWN)
        for email in ("admin@shop.example", "nobody@shop.example")
    ]

    assert [(401, "sign_in_failed")] * 2 == [(a.status_code, a.json()["code"]) for a in answers]
    assert answers[0].json()["message"] == answers[1].json()["message"]
    for _ in range(7):
        desk.client.post("/api/v1/session", json={"email": "admin@shop.example", "password": "wrong"}, headers=OWN)
    last = desk.client.post("/api/v1/session", json={"email": "admin@shop.example", "password": PASSWORD}, headers=OWN)
    assert (429, "too_many_attempts") == (last.status_code, last.json()["code"])
    assert int(last.headers["retry-after"]) > 600


def test_users_are_kept_by_admins_and_the_audit_names_them(desk: Desk) -> None:
    with desk.sign_in("admin") as browser:
        made = browser.post("/api/v1/users", json={"email": "bo@shop.example", "name": "Bo", "role": "editor"}).json()
        assert made["link"].startswith("http://shop.example/welcome#in_")
        assert browser.put(f"/api/v1/users/{made['id']}", json={"role": "publisher"}).json()["role"] == "publisher"
        token = browser.post(f"/api/v1/users/{made['id']}/link").json()["link"].partition("#")[2]
        assert desk.client.post("/api/v1/session/link", json={"token": token}, headers=OWN).json()["email"] == "bo@shop.example"
        with httpx.Client(base_url=desk.url, headers=OWN) as new:
            entered = new.put("/api/v1/session/link", json={"token": token, "password": PASSWORD})
            assert entered.json()["user"]["role"] == "publisher"
            assert browser.delete(f"/api/v1/users/{made['id']}/sessions").status_code == 200
            assert new.get("/api/v1/sources").status_code == 401
        assert browser.delete(f"/api/v1/users/{made['id']}").status_code == 200
        own = next(u for u in browser.get("/api/v1/users").json()["items"] if u["role"] == "admin")
        assert browser.delete(f"/api/v1/users/{own['id']}").status_code == 409
    with desk.database.reading() as connection:
        actors = {row[0] for row in connection.rows("SELECT actor FROM audit_entries WHERE id = 'bo@shop.example'")}

    assert actors == {f"user:{own['id']}:admin@shop.example", f"user:{made['id']}:bo@shop.example"}


def test_a_key_is_no_session_and_there_is_no_demo_here(desk: Desk) -> None:
    shown = desk.client.get("/api/v1/session", headers=bearer(desk.admin)).json()

    assert (shown["user"], shown["demo"], shown["first"]) == (None, False, True)
    assert desk.client.post("/api/v1/session/demo", headers=OWN).status_code == 404
    answer = desk.client.post(
        "/api/v1/session/password", json={"current": "", "new": PASSWORD}, headers={**bearer(desk.admin), **OWN}
    )
    assert (401, "unknown_session") == (answer.status_code, answer.json()["code"])
