"""`relance user`: who signs in to the web app, and what they may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Literal

from cyclopts import App

from relance.cli.place import IN_STORE, StorePlace

user = App(name="user", help="Who signs in to the web app, and what they may.", result_action="return_value")
Answer = dict[str, Any]
Role = Literal["viewer", "editor", "publisher", "admin"]


class _Users:
    """The users of a store on this machine."""

    def __init__(self, desk: Any) -> None:
        self._desk = desk

    def list(self) -> Answer:
        found: Answer = self._desk.list()
        return found

    def ask(self, verb: str, email: str, **more: Any) -> Answer:
        """`add`, `change`, `remove` or `link`."""
        found: Answer = getattr(self._desk, verb)(email, actor="cli", **more)
        return found


class _RemoteUsers:
    """The users of a running server."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def list(self) -> Answer:
        found: Answer = self._server.get("users")
        return found

    def ask(self, verb: str, email: str, **more: Any) -> Answer:
        """`add`, `change`, `remove` or `link`."""
        from relance.errors import NotFound

        if verb == "add":
            made: Answer = self._server.send("POST", "users", {"email": email, **more})
            return made
        number = next((u["id"] for u in self.list()["items"] if u["email"] == email.strip().lower()), None)
        if number is None:
            msg = f"there is no user {email}"
            raise NotFound(msg)
        method, path = {"change": ("PUT", ""), "remove": ("DELETE", ""), "link": ("POST", "/link")}[verb]
        done: Answer = self._server.send(method, f"users/{number}{path}", more or None)
        return done


@contextmanager
def _opened(place: StorePlace) -> Iterator[_Users | _RemoteUsers]:
    from relance.cli.asking import find_server
    from relance.cli.remote import Remote
    from relance.cli.stores import opened_store
    from relance.clock import SystemClock
    from relance.settings import load_settings
    from relance.users import UserDesk

    server = find_server(place.url, is_local=place.data is not None or place.store is not None)
    if server is not None:
        with closing(Remote(*server)) as remote:
            yield _RemoteUsers(remote)
        return
    with opened_store(place.data, place.store) as database:
        clock = SystemClock()
        yield _Users(UserDesk(database, clock, clock, load_settings().public_url))


def _answer(place: StorePlace, ask: Callable[[_Users | _RemoteUsers], tuple[Answer, str]], *, as_json: bool) -> int:
    from relance.cli.asking import answer
    from relance.cli.output import tell

    def shown(users: _Users | _RemoteUsers) -> int:
        found, words = ask(users)
        tell(found, words, as_json=as_json)
        return 0

    return answer(lambda: _opened(place), shown, as_json=as_json)


def _invited(found: Answer) -> str:
    return f"{found['email']} chooses a password here, within three days, once:\n{found['link']}"


@user.command
def add(email: str, /, *, role: Role = "viewer", name: str = "", place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Make a user, and print the link by which they choose a password.

    Exit: 0 done; 2 somebody has this address, or the store can not be written.

    Args:
        email: the address they sign in with.
        role: viewer looks; editor writes drafts, segments, content and lists; publisher also publishes and sends; admin may everything.
        name: what they are called.
        place: where the store is.
        json: print JSON.
    """

    def make(users: _Users | _RemoteUsers) -> tuple[Answer, str]:
        found = users.ask("add", email, role=role, name=name)
        return found, _invited(found)

    return _answer(place, make, as_json=json)


@user.command(name="list")
def list_(*, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Show all users with their roles, and when they last signed in.

    Exit: 0 done; 2 the store can not be read.

    Args:
        place: where the store is.
        json: print JSON.
    """

    def ask(users: _Users | _RemoteUsers) -> tuple[Answer, str]:
        found = users.list()
        lines = [f"{u['email']}  {u['role']}  {u['signed_in_at'] or 'never signed in'}" for u in found["items"]]
        return found, "\n".join(lines) or "nobody can sign in yet: relance user add EMAIL --role admin"

    return _answer(place, ask, as_json=json)


@user.command
def role(email: str, role: Role, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Give a user another role.

    Exit: 0 done; 2 there is no such user, or nobody would be left who is an admin.

    Args:
        email: whose.
        role: viewer, editor, publisher or admin.
        place: where the store is.
        json: print JSON.
    """

    def change(users: _Users | _RemoteUsers) -> tuple[Answer, str]:
        found = users.ask("change", email, role=role)
        return found, f"{found['email']} is {found['role']} now"

    return _answer(place, change, as_json=json)


@user.command
def remove(email: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Remove a user; their sessions end.

    Exit: 0 done; 2 there is no such user, or nobody would be left who is an admin.

    Args:
        email: whom.
        place: where the store is.
        json: print JSON.
    """

    def drop(users: _Users | _RemoteUsers) -> tuple[Answer, str]:
        found = users.ask("remove", email)
        return found, f"{found['email']} can sign in no more"

    return _answer(place, drop, as_json=json)


@user.command
def link(email: str, /, *, place: StorePlace = IN_STORE, json: bool = False) -> int:
    """Print a link by which a user chooses a new password; the ones before open nothing any more.

    Exit: 0 done; 2 there is no such user.

    Args:
        email: whose.
        place: where the store is.
        json: print JSON.
    """

    def make(users: _Users | _RemoteUsers) -> tuple[Answer, str]:
        found = users.ask("link", email)
        return found, _invited(found)

    return _answer(place, make, as_json=json)
