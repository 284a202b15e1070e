"""Passwords as they are kept."""

from __future__ import annotations

from relance.users import passwords


def test_the_known_answer_of_the_rfc() -> None:
    """Source: RFC 7914, section 12, the vector of N=16384, r=8, p=1, cut to the length we keep."""
    derived = passwords._derive("pleaseletmein", b"SodiumChloride", 16384, 8, 1)

    assert derived.hex() == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"


def test_a_password_opens_what_was_made_of_it_alone() -> None:
    one, two = passwords.hash_password("four words in a row"), passwords.hash_password("four words in a row")

    assert one != two
    assert "four" not in one
    assert [passwords.matches(p, one) for p in ("four words in a row", "four words in a roW", "", "\ud800")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_nothing_opens_where_none_is_kept() -> None:
    assert not passwords.matches("", "")
    assert not passwords.matches("four words in a row", "")
