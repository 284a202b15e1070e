"""Users, sessions and links, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relance.audit import list_entries
from relance.clock import DAY, MINUTE
from relance.errors import Conflict, InvalidInput, NotFound
from relance.users import UserDesk
from relance.users.attempts import OF_ONE_AT_ONE_ADDRESS
from relance.users.desk import SESSION_LASTS
from relance.users.model import SignInFailed, TooManyAttempts, UnknownLink

if TYPE_CHECKING:
    from relance.store import Database

PASSWORD = "four words in a row"
BASE = "https://relance.shop.example"


class FrozenClock:
    """A clock that the test moves."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def advance(self, by: int) -> None:
        self._now += by


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(1_000 * DAY)


@pytest.fixture
def desk(database: Database, clock: FrozenClock) -> UserDesk:
    return UserDesk(database, clock, clock, BASE)


def token_of(link: str) -> str:
    address, _, token = link.partition("#")

    assert address == f"{BASE}/welcome"
    return token


def make_admin(desk: UserDesk) -> str:
    """The first admin, by the link that the first start prints; answers their session."""
    return desk.use_link(token_of(desk.first_link() or ""), email=" Ana@Shop.example ", name="Ana", password=PASSWORD)


def test_the_first_link_makes_an_admin_once(desk: UserDesk) -> None:
    first, second = desk.first_link() or "", desk.first_link() or ""
    with pytest.raises(UnknownLink):
        desk.open_link(token_of(first))

    assert {"purpose": "start", "email": "", "name": ""} == desk.open_link(token_of(second))
    with pytest.raises(InvalidInput):
        desk.use_link(token_of(second), email="ana@shop.example", password="short")
    session = desk.find(desk.use_link(token_of(second), email="ana@shop.example", name="Ana", password=PASSWORD))

    assert session is not None
    assert ("ana@shop.example", "admin", True) == (session.email, session.role, session.may("admin"))
    assert desk.first_link() is None
    with pytest.raises(UnknownLink):
        desk.use_link(token_of(second), email="eve@shop.example", password=PASSWORD)


def test_who_is_invited_chooses_a_password_and_signs_in(desk: UserDesk) -> None:
    make_admin(desk)
    made = desk.add("bo@shop.example", name="Bo", role="editor", actor="user:1:ana@shop.example")
    with pytest.raises(SignInFailed):  # no password is none, not an empty one
        desk.sign_in("bo@shop.example", "", "1.2.3.4")
    desk.use_link(token_of(made["link"]), password="another row of words")
    session = desk.find(desk.sign_in("BO@shop.example", "another row of words", "1.2.3.4"))

    assert session is not None
    assert [True, True, False, False] == [
        session.may(s) for s in ("definitions:draft", "lists:write", "definitions:write", "admin")
    ]
    with pytest.raises(Conflict):
        desk.add("Bo@shop.example", actor="cli")


@pytest.mark.parametrize(("email", "role"), [("nobody", "editor"), ("a b@c.example", "editor"), ("a@b.example", "owner")])
def test_a_bad_user_is_refused(desk: UserDesk, email: str, role: str) -> None:
    with pytest.raises(InvalidInput):
        desk.add(email, role=role, actor="cli")


def test_nothing_that_opens_is_kept(desk: UserDesk, database: Database) -> None:
    session = make_admin(desk)
    link = token_of(desk.link("ana@shop.example", actor="cli")["link"])
    with database.reading() as connection:
        kept = str([connection.rows(f"SELECT * FROM {t}") for t in ("users", "sessions", "sign_in_links", "audit_entries")])

    assert "ana@shop.example" in kept
    assert [secret for secret in (session, link, PASSWORD) if secret in kept] == []


def test_wrong_passwords_close_the_way_in_for_a_while(desk: UserDesk, clock: FrozenClock) -> None:
    make_admin(desk)
    for _ in range(OF_ONE_AT_ONE_ADDRESS):
        with pytest.raises(SignInFailed):
            desk.sign_in("ana@shop.example", "wrong", "6.6.6.6")
        clock.advance(MINUTE)
    with pytest.raises(TooManyAttempts) as caught:
        desk.sign_in("ana@shop.example", PASSWORD, "6.6.6.6")

    assert caught.value.context["retry_after_seconds"] == 7 * 60 + 1
    assert desk.find(desk.sign_in("ana@shop.example", PASSWORD, "1.2.3.4"))  # she herself, from elsewhere
    clock.advance(8 * MINUTE)
    assert desk.find(desk.sign_in("ana@shop.example", PASSWORD, "6.6.6.6"))


def test_sessions_end(desk: UserDesk, clock: FrozenClock) -> None:
    make_admin(desk)
    one, two, three = (desk.sign_in("ana@shop.example", PASSWORD, "") for _ in range(3))
    first, second = desk.find(one), desk.find(two)
    assert first is not None
    assert second is not None
    desk.sign_out(first)

    assert [desk.find(t) is not None for t in (one, two, three)] == [False, True, True]
    desk.change_password(second, PASSWORD, "quite another password")
    assert [desk.find(t) is not None for t in (two, three)] == [True, False]
    with pytest.raises(SignInFailed):
        desk.change_password(second, PASSWORD, "and another password")
    clock.advance(SESSION_LASTS)
    assert desk.recall(two) == (True, None)
    assert desk.find(two) is None


def test_a_changed_role_counts_at_once_and_somebody_stays_admin(desk: UserDesk) -> None:
    make_admin(desk)
    bo = desk.use_link(token_of(desk.add("bo@shop.example", role="viewer", actor="cli")["link"]), password=PASSWORD)
    for act in (lambda: desk.change(1, role="viewer", actor="cli"), lambda: desk.remove("ana@shop.example", actor="cli")):
        with pytest.raises(Conflict):
            act()
    desk.change("bo@shop.example", role="admin", actor="cli")

    found = desk.find(bo)
    assert found is not None
    assert found.role == "admin"
    desk.remove("ana@shop.example", actor="cli")
    assert ["bo@shop.example"] == [u["email"] for u in desk.list()["items"]]
    desk.sign_out_everywhere("bo@shop.example", actor="cli")
    assert desk.find(bo) is None
    with pytest.raises(NotFound):
        desk.remove("ana@shop.example", actor="cli")


def test_a_link_expires_and_goes_with_its_user(desk: UserDesk, clock: FrozenClock) -> None:
    make_admin(desk)
    gone = token_of(desk.add("bo@shop.example", actor="cli")["link"])
    late = token_of(desk.add("cy@shop.example", actor="cli")["link"])
    desk.remove("bo@shop.example", actor="cli")
    with pytest.raises(UnknownLink):
        desk.open_link(gone)
    clock.advance(3 * DAY)
    with pytest.raises(UnknownLink):
        desk.open_link(late)


def test_the_audit_names_who_did_it(desk: UserDesk, database: Database) -> None:
    found = desk.find(make_admin(desk))
    assert found is not None
    desk.add("bo@shop.example", role="editor", actor=found.actor)
    with database.reading() as connection:
        entries = [(e["actor"], e["action"], e["id"]) for e in list_entries(connection, limit=10, kind="user")]

    assert entries == [
        ("user:1:ana@shop.example", "create", "bo@shop.example"),
        ("user:1:ana@shop.example", "sign_in", "ana@shop.example"),
        ("link", "create", "ana@shop.example"),
    ]
