"""Users and what their roles may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relance.errors import InvalidInput, NotAllowed, NotFound
from relance.ingest.scopes import (
    ADMIN,
    DEFINITIONS_DRAFT,
    DEFINITIONS_WRITE,
    LISTS_WRITE,
    PROFILES_WRITE,
    READ,
    allows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# What each role may, from the least to the most.
ROLES: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({READ}),
    "editor": frozenset({READ, DEFINITIONS_DRAFT, LISTS_WRITE}),
    "publisher": frozenset({READ, DEFINITIONS_WRITE, PROFILES_WRITE}),
    "admin": frozenset({ADMIN}),
}
LEAST_PASSWORD = 10
MOST_PASSWORD = 1024
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class SignInFailed(NotAllowed):
    """The email address or the password is wrong."""

    code = "sign_in_failed"


class TooManyAttempts(NotAllowed):
    """Too many attempts to sign in; wait a few minutes."""

    code = "too_many_attempts"


class UnknownLink(NotFound):
    """This link was used already, has expired, or was replaced by a newer one: ask for another."""

    code = "unknown_link"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user with a session, as a route meets them."""

    session_id: int
    user_id: int
    email: str
    name: str
    role: str
    expires_at: int

    def may(self, scope: str) -> bool:
        return allows(ROLES.get(self.role, frozenset()), scope)

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return f"user:{self.user_id}:{self.email}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was opened, and what it is for."""

    purpose: str  # start, password, enter
    user_id: int
    email: str
    name: str


def parse_email(text: str) -> str:
    """An address in the form by which users are found.

    Raises:
        InvalidInput: it can not be one.
    """
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        msg = f"{text!r} is no email address: write ana@shop.example"
        raise InvalidInput(msg, problems=[msg], path="/email")
    return email


def parse_role(text: str) -> str:
    """One of the roles.

    Raises:
        InvalidInput: there is no such role.
    """
    if text not in ROLES:
        msg = f"there is no role {text!r}; there are {', '.join(ROLES)}"
        raise InvalidInput(msg, problems=[msg], path="/role")
    return text


def require_password(text: str, email: str) -> str:
    """A password as it may be chosen.

    Raises:
        InvalidInput: it is too short, too long, or the address itself.
    """
    msg = ""
    if len(text) < LEAST_PASSWORD:
        msg = f"a password has {LEAST_PASSWORD} characters at least: some words in a row are easy to remember"
    elif len(text) > MOST_PASSWORD:
        msg = f"a password has {MOST_PASSWORD} characters at most"
    elif text.lower() == email:
        msg = "choose a password that is not the email address"
    if msg:
        raise InvalidInput(msg, problems=[msg], path="/password")
    return text
