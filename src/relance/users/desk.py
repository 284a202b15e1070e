"""Signing in and out, and what is done with users: the acts, each with its transaction and its entry in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.clock import DAY, SECOND
from relance.ids import make_secret
from relance.ingest.keys import KeyLookup, hash_key
from relance.users import accounts, links
from relance.users.accounts import SQL
from relance.users.attempts import Attempts
from relance.users.model import SignedIn, SignInFailed, TooManyAttempts, parse_email, require_password
from relance.users.passwords import hash_password, matches

if TYPE_CHECKING:
    from relance.clock import Clock
    from relance.store import Connection, Database

SESSION_LASTS = 14 * DAY

Answer = dict[str, Any]


class UserDesk:
    """What is done with users.

    Args:
        database: the store.
        clock: the installation's, for the audit.
        wall: the machine's own, by which sessions and links expire: a demo's clock runs ahead.
        base_url: what links begin with.
    """

    def __init__(self, database: Database, clock: Clock, wall: Clock, base_url: str) -> None:
        self._database, self._clock, self._wall, self._base_url = database, clock, wall, base_url
        self._attempts = Attempts()
        self._sessions: KeyLookup[SignedIn] = KeyLookup(database, SQL["session"], lambda row: SignedIn(*row))

    # ------------------------------------------------------------------------------------------ sessions

    def recall(self, token: str) -> tuple[bool, SignedIn | None]:
        """Whether a session was asked for a moment ago, and whose it is. Never waits for the store."""
        is_known, found = self._sessions.recall(token)
        return is_known, self._unless_expired(found)

    def find(self, token: str) -> SignedIn | None:
        """Who has the session; None when there is none, or it has expired."""
        return self._unless_expired(self._sessions.find(token))

    def _unless_expired(self, found: SignedIn | None) -> SignedIn | None:
        return found if found is not None and found.expires_at > self._wall.now() else None

    def sign_in(self, email: str, password: str, address: str) -> str:
        """Begin a session and answer its token.

        Args:
            email: of the user.
            password: of the user.
            address: from where they come.

        Raises:
            SignInFailed: nobody has this address and this password; it is not told which of them is wrong.
            TooManyAttempts: it was tried too often; `retry_after_seconds` says when to come again.
        """
        now, told = self._wall.now(), email.strip().lower()
        wait = self._attempts.wait(told, address, now)
        if wait:
            raise TooManyAttempts(retry_after_seconds=wait // SECOND + 1)
        with self._database.reading() as connection:
            user_id, kept = connection.row(SQL["user_by_email"], {"email": told}) or (0, "")
        if not matches(password, kept):
            self._attempts.note_failure(told, address, now)
            raise SignInFailed
        self._attempts.note_success(told, address)
        with self._database.writing() as connection:
            return self._begin(connection, user_id, now)

    def enter(self, user_id: int) -> str:
        """Begin a session of a user without asking for anything, and answer its token: for the demo."""
        with self._database.writing() as connection:
            return self._begin(connection, user_id, self._wall.now())

    def _begin(self, connection: Connection, user_id: int, now: int) -> str:
        token = make_secret("se")
        connection.execute(SQL["prune_sessions"], {"now": now})
        values = {"token_hash": hash_key(token), "user_id": user_id, "now": now, "expires_at": now + SESSION_LASTS}
        connection.execute(SQL["add_session"], values)
        connection.execute(SQL["note_sign_in"], {"user_id": user_id, "now": now})
        user = accounts.read_user(connection, user_id)
        self._note(connection, f"user:{user_id}:{user['email']}", "sign_in", user)
        return token

    def sign_out(self, who: SignedIn, *, everywhere: bool = False) -> None:
        """End a session, or all of the user's."""
        with self._database.writing() as connection:
            if everywhere:
                connection.execute(SQL["end_sessions"], {"user_id": who.user_id, "kept": 0})
            else:
                connection.execute(SQL["end_session"], {"session_id": who.session_id})
        self._sessions.forget()

    def change_password(self, who: SignedIn, current: str, new: str) -> None:
        """Give the user another password, and end their other sessions.

        Raises:
            SignInFailed: the current one is wrong.
            TooManyAttempts: it was tried too often.
            InvalidInput: the new one can not be.
        """
        now, place = self._wall.now(), f"session {who.user_id}"
        wait = self._attempts.wait(who.email, place, now)
        if wait:
            raise TooManyAttempts(retry_after_seconds=wait // SECOND + 1)
        require_password(new, who.email)
        with self._database.reading() as connection:
            kept = connection.value(SQL["password"], {"user_id": who.user_id}) or ""
        if kept and not matches(current, kept):
            self._attempts.note_failure(who.email, place, now)
            msg = "the current password is wrong"
            raise SignInFailed(msg, path="/current")
        hashed = hash_password(new)
        with self._database.writing() as connection:
            connection.execute(SQL["set_password"], {"user_id": who.user_id, "password": hashed})
            connection.execute(SQL["end_sessions"], {"user_id": who.user_id, "kept": who.session_id})
            self._note(connection, who.actor, "set_password", {"email": who.email})
        self._sessions.forget()

    # ------------------------------------------------------------------------------------------ links

    def open_link(self, token: str) -> Answer:
        """What a link is for, before anything is done with it.

        Raises:
            UnknownLink: it was used, has expired, or never was.
        """
        with self._database.reading() as connection:
            link = links.read_link(connection, token, now=self._wall.now())
        return {"purpose": link.purpose, "email": link.email, "name": link.name}

    def use_link(self, token: str, *, email: str = "", name: str = "", password: str = "") -> str:
        """Do what a link is for, and begin a session; answers its token. The link opens nothing afterwards.

        Args:
            token: the link's.
            email: of the first admin, who chooses it.
            name: of the first admin.
            password: that is chosen; a link that only enters wants none.

        Raises:
            UnknownLink: it was used, has expired, or never was.
            InvalidInput: the address or the password can not be.
        """
        now = self._wall.now()
        with self._database.reading() as connection:
            link = links.read_link(connection, token, now=now)
        hashed = ""
        if link.purpose != "enter":
            hashed = hash_password(require_password(password, link.email or parse_email(email)))
        with self._database.writing() as connection:
            link = links.read_link(connection, token, now=now)
            user_id = link.user_id
            if link.purpose == "start":
                user_id = accounts.add_user(connection, email, name, "admin", now=now)
                self._note(connection, "link", "create", {"email": parse_email(email)}, role="admin")
            if hashed:
                connection.execute(SQL["set_password"], {"user_id": user_id, "password": hashed})
                connection.execute(SQL["end_sessions"], {"user_id": user_id, "kept": 0})
            links.spend_link(connection, link, now=now)
            begun = self._begin(connection, user_id, now)
        self._sessions.forget()
        return begun

    def first_link(self) -> str | None:
        """The address that makes the first admin; None when there is a user. The one told before opens nothing any more."""
        with self._database.writing() as connection:
            if accounts.has_users(connection):
                return None
            return links.address_of(links.make_link(connection, "start", links.NOBODY, now=self._wall.now()), self._base_url)

    def entering_link(self, user_id: int) -> str:
        """An address that signs a user in at once: for the demo."""
        with self._database.writing() as connection:
            return links.address_of(links.make_link(connection, "enter", user_id, now=self._wall.now()), self._base_url)

    # ------------------------------------------------------------------------------------------ users

    def has_users(self) -> bool:
        """Whether anybody can sign in."""
        with self._database.reading() as connection:
            return accounts.has_users(connection)

    def list(self) -> Answer:
        """All users."""
        with self._database.reading() as connection:
            return {"items": accounts.list_users(connection)}

    def add(self, email: str, *, name: str = "", role: str = "viewer", actor: str) -> Answer:
        """Make a user; answers them, and the `link` by which they choose a password."""
        now = self._wall.now()
        with self._database.writing() as connection:
            user_id = accounts.add_user(connection, email, name, role, now=now)
            user = accounts.read_user(connection, user_id)
            self._note(connection, actor, "create", user, role=role)
            return {**user, "link": links.address_of(links.make_link(connection, "password", user_id, now=now), self._base_url)}

    def change(self, user: int | str, *, name: str | None = None, role: str | None = None, actor: str) -> Answer:
        """Give a user, by number or address, another name or role."""
        with self._database.writing() as connection:
            changed = accounts.change_user(connection, _number(connection, user), name=name, role=role)
            self._note(connection, actor, "change", changed, role=changed["role"])
        self._sessions.forget()
        return changed

    def remove(self, user: int | str, *, actor: str) -> Answer:
        """Remove a user; their sessions end."""
        with self._database.writing() as connection:
            removed = accounts.remove_user(connection, _number(connection, user), now=self._wall.now())
            self._note(connection, actor, "remove", removed)
        self._sessions.forget()
        return removed

    def link(self, user: int | str, *, actor: str) -> Answer:
        """A new link by which a user chooses a password; the ones before open nothing any more."""
        with self._database.writing() as connection:
            found = accounts.read_user(connection, _number(connection, user))
            token = links.make_link(connection, "password", found["id"], now=self._wall.now())
            self._note(connection, actor, "link", found)
        return {**found, "link": links.address_of(token, self._base_url)}

    def sign_out_everywhere(self, user: int | str, *, actor: str) -> Answer:
        """End every session of a user."""
        with self._database.writing() as connection:
            found = accounts.read_user(connection, _number(connection, user))
            connection.execute(SQL["end_sessions"], {"user_id": found["id"], "kept": 0})
            self._note(connection, actor, "sign_out", found)
        self._sessions.forget()
        return found

    def _note(self, connection: Connection, actor: str, action: str, user: Answer, **detail: Any) -> None:
        record(connection, self._clock.now(), [Entry(actor, action, "user", user["email"], detail=detail)])


def _number(connection: Connection, user: int | str) -> int:
    return user if isinstance(user, int) else accounts.find_user(connection, user)
