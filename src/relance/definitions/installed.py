"""What definitions rest on that only a running installation knows: events that were seen, addresses that people have, lists, archives.

Warnings alone: what is not there today may be there tomorrow, and a definition is often written first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from relance.clock import format_instant
from relance.definitions.lists import lists_in
from relance.definitions.shapes.core import Findings
from relance.definitions.shapes.kinds import KINDS
from relance.definitions.shapes.sentences import suggest
from relance.events.names import OWN_NAMES, REACTIONS, REQUESTS
from relance.journeys.check import find_messages
from relance.problems import Problem
from relance.registry.seen import MOST_NAMES
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from relance.definitions.document import Document
    from relance.store import Connection

_sql = load_queries("relance.definitions", "installed.sql")
_TOLD_BY_US = OWN_NAMES | REACTIONS | REQUESTS
_RUN = frozenset({"journey", "campaign"})
# The addresses of channels that a person may lack, in words.
_ADDRESSES = {"email": "an email address", "sms": "a phone number", "push": "a device"}


class Installed(Protocol):
    """What an installation knows."""

    def unseen_events(self, names: Sequence[str]) -> Mapping[str, str | None]:
        """Those that were never received, each with the name of one that was and is close; nothing while there were no events at all."""
        ...

    def unreachable_channels(self) -> frozenset[str]:
        """Channels to which nobody has an address; none while there are no people."""
        ...

    def empty_lists(self, names: Sequence[str]) -> frozenset[str]:
        """Lists that are there, and hold nobody."""
        ...

    def archived(self) -> Mapping[str, int]:
        """Journeys and campaigns (`journey:ID`) that are archived, and since when."""
        ...

    def segment_size(self, name: str) -> int | None:
        """How many are in a segment; None when nobody has counted them."""
        ...

    def has_made_people(self) -> bool:
        """Whether the made people of the demo shop are here."""
        ...


class StoreFacts:
    """What the store knows; sizes of segments by whoever keeps them."""

    def __init__(self, connection: Connection, sizes: Callable[[], Mapping[str, int]] | None = None) -> None:
        self._connection = connection
        self._sizes = sizes

    def unseen_events(self, names: Sequence[str]) -> Mapping[str, str | None]:
        seen = {name for (name,) in self._connection.rows(_sql["seen"])}
        if not seen or len(seen) >= MOST_NAMES:  # of more names than that nothing is kept
            return {}
        return {name: suggest(name, seen, closeness=0.8) for name in names if name not in seen}

    def unreachable_channels(self) -> frozenset[str]:
        row = self._connection.row(_sql["addresses"])
        if row is None or not row[0]:
            return frozenset()
        return frozenset(channel for channel, any_one in zip(_ADDRESSES, row[1:], strict=True) if not any_one)

    def empty_lists(self, names: Sequence[str]) -> frozenset[str]:
        return frozenset(name for (name,) in self._connection.rows_in(_sql["empty_lists"], list(names)))

    def archived(self) -> Mapping[str, int]:
        return dict(self._connection.rows(_sql["archived"]))

    def segment_size(self, name: str) -> int | None:
        return self._sizes().get(name) if self._sizes is not None else None

    def has_made_people(self) -> bool:
        return self._connection.row(_sql["made_people"]) is not None


def knows_facts(connection: Connection) -> bool:
    """Whether the store is of a release that keeps what is asked; one that is only looked at may be older."""
    return connection.value(_sql["knows_facts"]) is not None


def check_installed(documents: Iterable[Document], facts: Installed) -> Iterator[Problem]:
    """Warnings about definitions that can not do much on this installation as it is now."""
    archived, silent, made = facts.archived(), facts.unreachable_channels(), facts.has_made_people()
    for document in documents:
        for problem in (
            *(_check_made_people(document.body) if made else ()),
            *_check_events(document.body, facts),
            *_check_people(document.body, facts),
            *(_check_addresses(document.body, silent) if silent else ()),
            *_check_archived(document.body, archived),
        ):
            yield document.problem(problem)


def _findings(body: Mapping[str, Any]) -> Findings:
    findings, shape = Findings(), KINDS.get(str(body.get("kind")))
    if shape is not None:
        shape.check(body, "", findings)
    return findings


def _check_events(body: Mapping[str, Any], facts: Installed) -> Iterator[Problem]:
    """Only what journeys and campaigns wait for: a segment asks about history, where nothing is an answer too."""
    if body.get("kind") not in _RUN:
        return
    inside = tuple(f"{path}/" for _, path in _findings(body).conditions)
    named = [r for r in _findings(body).references if r.kind == "event" and not f"{r.path}/".startswith(inside or ("\0",))]
    wanted = sorted({r.name for r in named} - _TOLD_BY_US - _tracked(body))
    unseen = facts.unseen_events(wanted) if wanted else {}
    for reference in named:
        if reference.name in unseen:
            close = unseen[reference.name]
            hint = f"did you mean `{close}`?" if close else "send one to try it"
            yield Problem("event_never_seen", f"no `{reference.name}` was ever received: {hint}", reference.path, "warning")


def _check_made_people(body: Mapping[str, Any]) -> Iterator[Problem]:
    if body.get("kind") in _RUN:
        says = "people of the demo shop are in this workspace: remove the demo data before anything is sent, or it goes to them too"
        yield Problem("made_people", says, "", "warning")


def _tracked(body: Mapping[str, Any]) -> set[str]:
    steps = body.get("steps")
    found = steps.values() if isinstance(steps, dict) else ()
    return {str(s.get("event")) for s in found if isinstance(s, dict) and s.get("type") == "track"}


def _check_people(body: Mapping[str, Any], facts: Installed) -> Iterator[Problem]:
    lists = list(lists_in(body, ""))
    empty = facts.empty_lists([name for name, _ in lists]) if lists else frozenset()
    for name, path in lists:
        if name in empty:
            yield Problem(
                "empty_list", f"nobody is on the list `{name}`: `relance list add {name}` puts people on it", path, "warning"
            )
    for segment, path in _let_in(body):
        if facts.segment_size(segment) == 0:
            says = f"nobody is in the segment `{segment}` now: `relance segment explain {segment}` says of a person why"
            yield Problem("empty_segment", says, path, "warning")


def _let_in(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Segments whose members come in. One that is waited for to be entered may well be empty before."""
    entry, audience = body.get("entry"), body.get("audience")
    if isinstance(entry, dict) and entry.get("type") == "segment" and isinstance(entry.get("segment"), str):
        yield entry["segment"], "/entry/segment"
    if isinstance(audience, dict) and audience.get("type") == "in_segment" and isinstance(audience.get("segment"), str):
        yield audience["segment"], "/audience/segment"


def _check_addresses(body: Mapping[str, Any], silent: frozenset[str]) -> Iterator[Problem]:
    messages = list(find_messages(body))
    if body.get("kind") == "campaign" and isinstance(body.get("message"), dict):
        messages.append((body["message"], "/message"))
    for step, path in messages:
        several = step.get("channels")
        channels = list(several) if isinstance(several, dict) else [step.get("channel")]
        if "to" in step:
            continue  # an address of the event's, or another trait
        mute = [c for c in channels if c in silent]
        if mute and len(mute) == len(channels):
            what = " or ".join(_ADDRESSES[c] for c in mute)
            at = f"{path}/{'channels' if several else 'channel'}"
            yield Problem("address_nobody_has", f"nobody has {what} yet, so all of these would be blocked", at, "warning")


def _check_archived(body: Mapping[str, Any], archived: Mapping[str, int]) -> Iterator[Problem]:
    own = f"{body.get('kind')}:{body.get('id')}"
    if own in archived:
        says = f"it is archived since {format_instant(archived[own])}: nobody enters before it is restored and resumed"
        yield Problem("archived_journey", says, "", "warning")
    for reference in _findings(body).references if archived else ():
        source = reference.name if reference.kind == "source" else f"{reference.kind}:{reference.name}"
        if source in archived:
            says = f"`{source}` is archived since {format_instant(archived[source])}: nobody enters it any more"
            yield Problem("archived_journey", says, reference.path, "warning")
