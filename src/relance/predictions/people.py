"""Whose an event is, as far as was known at each instant: the rules of `profiles.resolve`, with the instants of the merges kept.

A prediction looks at people as they were known at a past cut-off: an anonymous visitor who was identified by a purchase was
still an anonymous visitor the day before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.events.model import Event


class Merge(NamedTuple):
    """One subject became part of another."""

    merged: int
    kept: int
    known_at: int  # when it was received


class People:
    """Ids to subjects, in the order of arrival. A subject is a profile as it stood at its events."""

    def __init__(self) -> None:
        self.user_ids: list[str] = []  # by subject
        self.first_known_at: list[int] = []  # by subject
        self.merges: list[Merge] = []
        self._known: list[bool] = []
        self._by_alias: dict[str, int] = {}
        self._into: dict[int, int] = {}

    def find(self, event: Event) -> int | None:
        """The subject an event belongs to, made when it is new; None for an event that belongs to nobody."""
        if event.user_id is None:
            return None if event.anonymous_id is None else self._find_or_make(event.anonymous_id, event.received_at)
        subject = self._find_or_make(event.user_id, event.received_at)
        self._known[subject] = True
        if event.type == "identify" and event.anonymous_id is not None:
            self._join(event.anonymous_id, subject, event.received_at, known_too=False)
        elif event.type == "alias" and (event.previous_id or event.anonymous_id) is not None:
            self._join(str(event.previous_id or event.anonymous_id), subject, event.received_at, known_too=True)
        return subject

    def _root(self, alias: str) -> int | None:
        subject = self._by_alias.get(alias)
        while subject in self._into:
            subject = self._into[subject]
        return subject

    def _find_or_make(self, alias: str, at: int) -> int:
        subject = self._root(alias)
        if subject is None:
            subject = len(self.user_ids)
            self.user_ids.append(alias)
            self.first_known_at.append(at)
            self._known.append(False)
            self._by_alias[alias] = subject
        return subject

    def _join(self, alias: str, subject: int, at: int, *, known_too: bool) -> None:
        other = self._root(alias)
        if other == subject:
            return
        if other is None or not self._known[other] or known_too:
            if other is not None:
                self._into[other] = subject
                self.merges.append(Merge(other, subject, at))
            self._by_alias[alias] = subject
        elif alias != self.user_ids[other]:  # a device moves on; the id of a known person stays its own
            self._by_alias[alias] = subject


def persons_at(n_subjects: int, merges: Iterable[Merge], known_before: int) -> list[int] | None:
    """For each subject the one that stood for it just before an instant; None when each stood for itself."""
    into = {m.merged: m.kept for m in merges if m.known_at < known_before}
    if not into:
        return None
    found = list(range(n_subjects))
    for subject in into:
        at = subject
        while at in into:
            at = into[at]
        found[subject] = at
    return found
