"""Who is in a segment at an instant, how many, and why somebody is or is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.evaluate import View
from relance.conditions.explain import Explanation, explain_with_change
from relance.conditions.model import InSegment
from relance.conditions.tell import make_teller
from relance.errors import NotFound
from relance.segments.judge import make_compiler
from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from relance.conditions.compiler import CompiledCondition
    from relance.warehouse.base import Person, ReadableWarehouse
    from relance.workspace import Workspace


@dataclass(frozen=True, slots=True)
class WhyMember:
    """Why somebody is in a segment, or is not."""

    segment: str
    user_id: str
    at: int
    explanation: Explanation
    changes_at: int | None  # by the passing of time alone, if nothing more happens
    zone: ZoneInfo  # the person's
    archived_at: int | None = None  # the segment was; from then on its members are those of that instant

    @property
    def member(self) -> bool:
        return self.explanation.holds

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """The whole answer, with sentences in a language: `en` or `fr`."""
        return {
            "segment": self.segment,
            "user_id": self.user_id,
            "at": format_instant(self.at),
            "member": self.member,
            **({} if self.archived_at is None else {"archived_at": format_instant(self.archived_at)}),
            "changes_at": format_instant(self.changes_at),
            "why": self.explanation.as_json(make_teller(language, self.at, self.zone)),
        }


def _question(workspace: Workspace, segment: str) -> CompiledCondition:
    if segment not in workspace.segments:
        msg = f"there is no segment {segment!r}"
        raise NotFound(msg)
    return make_compiler(workspace).segment(segment)


def known_at(warehouse: ReadableWarehouse, at: int, now: int) -> int | None:
    """What was known at an instant: its place in the order of events; None for now, when everything counts."""
    return None if at >= now else warehouse.seq_known_at(at)


def count_members(warehouse: ReadableWarehouse, workspace: Workspace, segment: str, at: int, seq: int | None = None) -> int:
    """How many are in a segment."""
    return warehouse.count(_question(workspace, segment), at, seq)


def list_members(
    warehouse: ReadableWarehouse, workspace: Workspace, segment: str, at: int, seq: int | None = None
) -> list[int]:
    """The profiles that are in a segment, in order."""
    return warehouse.members(_question(workspace, segment), at, seq)


def name_people(warehouse: ReadableWarehouse, profile_ids: list[int], seq: int | None = None) -> list[str]:
    """The user ids that profiles carried, in the order of the profiles."""
    limit = FAR_SEQ if seq is None else seq
    names = {person.profile_id: _user_id(person, limit) for person in warehouse.people(profile_ids)}
    return [names.get(profile_id, "") for profile_id in profile_ids]


def _user_id(person: Person, seq: int) -> str:
    return next((row.user_id for row in reversed(person.states) if row.seq <= seq), "")


def explain_member(
    warehouse: ReadableWarehouse,
    workspace: Workspace,
    segment: str,
    user_id: str,
    at: int,
    seq: int | None = None,
    *,
    profile_id: int | None = None,
) -> WhyMember:
    """Why somebody is in a segment, or is not. `profile_id` says who that is, where somebody knows it.

    Raises:
        NotFound: there is no such segment, or no such person.
    """
    question = _question(workspace, segment)
    found = warehouse.people(warehouse.find_profiles(user_id)[:1] if profile_id is None else [profile_id])
    if not found:
        msg = f"nobody has the user id {user_id!r}"
        raise NotFound(msg)
    view = View(found[0], at, FAR_SEQ if seq is None else seq, question.settings, question.segments)
    assert isinstance(question.condition, InSegment)  # noqa: S101 - as `_question` asked
    explanation, changes_at = explain_with_change(question.segments[segment], view)
    return WhyMember(segment, user_id, at, explanation, changes_at, view.zone(), workspace.archived.get(segment))
