"""Why somebody is in a segment, or is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.evaluate import View
from relance.conditions.explain import Explanation, explain_with_change
from relance.conditions.model import Frozen, InSegment
from relance.conditions.tell import make_teller
from relance.errors import NotFound
from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from relance.conditions.compiling.compiler import CompiledCondition
    from relance.warehouse.base import ReadableWarehouse


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

    def as_json(self, language: str = "en", names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The whole answer, with sentences in a language, `en` or `fr`; `names` is how people call a definition, by `segment:vip`."""
        return {
            "segment": self.segment,
            "user_id": self.user_id,
            "at": format_instant(self.at),
            "member": self.member,
            **({} if self.archived_at is None else {"archived_at": format_instant(self.archived_at)}),
            "changes_at": format_instant(self.changes_at),
            "why": self.explanation.as_json(make_teller(language, self.at, self.zone, names)),
        }


def explain_member(
    warehouse: ReadableWarehouse,
    question: CompiledCondition,
    user_id: str,
    at: int,
    seq: int | None = None,
    *,
    profile_id: int | None = None,
) -> WhyMember:
    """Why somebody is in a segment, or is not.

    Args:
        warehouse: what is known of people.
        question: whether somebody is in the segment.
        user_id: whom it is about.
        at: the instant.
        seq: as far as known then.
        profile_id: who that is, where somebody knows it.

    Raises:
        NotFound: there is no such person.
    """
    found = warehouse.people(warehouse.find_profiles(user_id)[:1] if profile_id is None else [profile_id])
    if not found:
        msg = f"nobody has the user id {user_id!r}"
        raise NotFound(msg)
    assert isinstance(question.condition, InSegment)  # noqa: S101 - as the caller compiled it
    segment = question.condition.segment
    condition = question.segments[segment]
    view = View(found[0], at, FAR_SEQ if seq is None else seq, question.settings, question.segments)
    explanation, changes_at = explain_with_change(condition, view)
    archived_at = condition.at if isinstance(condition, Frozen) else None
    return WhyMember(segment, user_id, at, explanation, changes_at, view.zone(), archived_at)
