"""Answers about segments, ready to be shown: how many, who, how they overlap, and why somebody is in.

The HTTP routes and the command line ask here, so that both say the same. May be asked from any thread.
"""

from __future__ import annotations

import json
import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from itertools import combinations
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from relance.clock import DAY, format_instant, parse_instant
from relance.conditions import model
from relance.conditions.read import parse_condition
from relance.errors import InvalidInput, NotFound
from relance.profiles.read import full_name
from relance.segments.choice import choose
from relance.segments.estimate import Count, estimate, exactly, halvings_for
from relance.segments.export import columns_of, read_traits, write_members
from relance.segments.judge import make_compiler
from relance.segments.membership import explain_member
from relance.segments.past import sizes
from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Mapping, Sequence

    from relance.clock import Clock
    from relance.conditions.compiling.compiler import CompiledCondition, Compiler
    from relance.segments.export import Format
    from relance.warehouse.asking import Asking
    from relance.warehouse.base import ProfileRow, ReadableWarehouse
    from relance.workspace import Workspace

REACHED: tuple[model.Channel, ...] = ("email", "sms", "push")
MOST_OVERLAPPING = 8
MOST_SIZED = 50
SIZES_SHOWN = 30 * DAY
PAGES_KEPT = 4  # answers whose further pages are asked for
_CURSOR = re.compile(r"(-?[0-9]{1,19})\.([0-9]{1,19})\.(-?[0-9]{1,19})")

Answer = dict[str, Any]


class Moment(NamedTuple):
    """An instant, and what was known then: `seq` is None for all that is known."""

    at: int
    seq: int | None


@dataclass(frozen=True, slots=True)
class _Questions:
    """What was compiled for one workspace."""

    workspace: Workspace
    compiler: Compiler


class SegmentDesk:
    """Answers about the segments of a workspace. Every answer is a JSON object.

    Raises, whatever is asked:
        NotFound: there is no such segment, or nobody of that id.
        InvalidInput: what was given can not be read.
        UnsupportedByEngine: this warehouse can not answer it exactly.
    """

    def __init__(self, warehouse: ReadableWarehouse, workspace: Callable[[], Workspace], clock: Clock) -> None:
        """`workspace` gives the definitions in force."""
        self._warehouse = warehouse
        self._workspace = workspace
        self._clock = clock
        self._lock = threading.Lock()
        self._compiled: _Questions | None = None
        self._pages: OrderedDict[tuple[Any, ...], array[int]] = OrderedDict()

    # ------------------------------------------------------------------ what is asked

    def moment(self, at: str | None) -> Moment:
        """The moment that a text names, now for none."""
        now = self._clock.now()
        when = now if at is None else parse_instant(at)
        if when is None:
            msg = f"{at!r} is no instant: write it as 2026-03-01T09:00:00Z"
            raise InvalidInput(msg, problems=[msg])
        return Moment(when, None if when >= now else self._warehouse.seq_known_at(when))

    def _questions(self) -> _Questions:
        workspace = self._workspace()
        with self._lock:
            if self._compiled is None or self._compiled.workspace is not workspace:
                self._compiled = _Questions(workspace, make_compiler(workspace))
                self._pages.clear()
            return self._compiled

    def question(self, segment: str) -> CompiledCondition:
        """The question whether somebody is in a segment."""
        questions = self._questions()
        if segment not in questions.workspace.segments:
            msg = f"there is no segment {segment!r}"
            raise NotFound(msg)
        return questions.compiler.segment(segment)

    def _head(self, segment: str, at: int) -> Answer:
        """What every answer about a segment begins with; an archived one says so."""
        return {"segment": segment, "at": format_instant(at), **self._told_archived(segment)}

    def _told_archived(self, segment: str) -> Answer:
        archived_at = self._questions().workspace.archived.get(segment)
        return {} if archived_at is None else {"archived_at": format_instant(archived_at)}

    # ------------------------------------------------------------------ how many

    def count(self, segment: str, at: str | None = None) -> Answer:
        """How many are in a segment."""
        question, moment = self.question(segment), self.moment(at)
        return {**self._head(segment, moment.at), "members": self._warehouse.count(question, *moment)}

    def preview(
        self,
        where: Mapping[str, Any] | str,
        *,
        at: str | None = None,
        exact: bool = False,
        sample: int = 0,
        asking: Asking | None = None,
    ) -> Answer:
        """How many a condition holds for, and whom of them each channel reaches: an estimate at once, or the exact figures.

        Args:
            where: a checked condition, or the id of a segment.
            at: the instant.
            exact: count everybody; where there are few people that is done anyway.
            sample: how many members to show, when the figures are exact.
            asking: what may take the question back.
        """
        compiler = self._questions().compiler
        question = self.question(where) if isinstance(where, str) else compiler.compile(parse_condition(where, "/where"))
        channels = [compiler.compile(model.CanReceive(channel)) for channel in REACHED]
        everyone = compiler.compile(model.EVERYONE)
        moment = self.moment(at)
        people = self._warehouse.count(everyone, *moment)
        halvings = 0 if exact else halvings_for(people)
        questions = [question, *channels, *([everyone] if halvings else [])]
        regions = self._warehouse.regions(questions, *moment, halvings=halvings, asking=asking)
        asked = sum(n for bits, n in regions.items() if bits >> len(REACHED) + 1) if halvings else people

        def figure(*bits: int) -> Count:
            hits = _sum_of(regions, bits)
            return estimate(hits, asked, people) if halvings else exactly(hits)

        members = figure(0)
        answer = {
            **(self._head(where, moment.at) if isinstance(where, str) else {"at": format_instant(moment.at)}),
            "people": people,
            "exact": not halvings,
            **members.as_json(),
            "reach": {channel: figure(0, i).as_json() for i, channel in enumerate(REACHED, 1)},
        }
        if sample and not halvings:
            chosen = choose(self._warehouse.member_ids(question, *moment, asking=asking), sample) if members.n else []
            answer["sample"] = self._show(chosen, moment.seq)
        return answer

    def overlap(self, segments: Sequence[str], at: str | None = None) -> Answer:
        """How two or more segments overlap: each alone, each two, all, and any of them."""
        names = list(dict.fromkeys(segments))
        if not 2 <= len(names) <= MOST_OVERLAPPING:
            msg = f"name between 2 and {MOST_OVERLAPPING} segments"
            raise InvalidInput(msg, problems=[msg])
        questions, moment = [self.question(name) for name in names], self.moment(at)
        regions = self._warehouse.regions(questions, *moment)
        sizes = [_sum_of(regions, [i]) for i in range(len(names))]
        either, both = sum(regions.values()), _sum_of(regions, range(len(names)))
        return {
            "at": format_instant(moment.at),
            "segments": [
                {**self._told_archived(name), "id": name, "members": sizes[i], "alone": regions.get(1 << i, 0)}
                for i, name in enumerate(names)
            ],
            "both": both,
            "either": either,
            "share": _share(both, either),
            "pairs": [
                {
                    "segments": [names[i], names[k]],
                    "both": (n := _sum_of(regions, [i, k])),
                    "either": sizes[i] + sizes[k] - n,
                    "share": _share(n, sizes[i] + sizes[k] - n),
                    "share_of_first": _share(n, sizes[i]),
                    "share_of_second": _share(n, sizes[k]),
                }
                for i, k in combinations(range(len(names)), 2)
            ],
        }

    def freeze(self, segment: str) -> tuple[int, array[int]]:
        """This instant, and who is in a segment at it: what archiving keeps."""
        question, moment = self.question(segment), self.moment(None)
        return moment.at, self._warehouse.member_ids(question, *moment)

    def sizes(self, segment: str, *, since: str | None = None, until: str | None = None, every: str = "day") -> Answer:
        """How large a segment was over time, and who came and went; the last 30 days if nothing else is said."""
        self.question(segment)
        high = self.moment(until).at
        low = high - SIZES_SHOWN if since is None else self.moment(since).at
        if low >= high:
            msg = "`since` must be before `until`"
            raise InvalidInput(msg, problems=[msg])
        points = sizes(self._warehouse, segment, low, high, every)
        return {**self._head(segment, high), "every": every, "points": points}

    def sizes_of_many(self, segments: Sequence[str], *, since: str | None = None, every: str = "day") -> Answer:
        """The same of some segments, for a list of them: the last 30 days if nothing else is said."""
        names = list(dict.fromkeys(segments))
        if not 1 <= len(names) <= MOST_SIZED:
            msg = f"name between 1 and {MOST_SIZED} segments"
            raise InvalidInput(msg, problems=[msg])
        told = [self.sizes(name, since=since, every=every) for name in names]
        return {"every": every, "items": [{"id": one["segment"], "at": one["at"], "points": one["points"]} for one in told]}

    # ------------------------------------------------------------------ who

    def members(self, segment: str, *, at: str | None = None, limit: int = 100, after: str = "") -> Answer:
        """Who is in a segment: a page of them, and `next`, which asks for the page after it at the same moment.

        The first page decides on the moment; the others answer for the same, whatever happens meanwhile.
        """
        question = self.question(segment)
        if after:
            moment, last = _read_cursor(after)
        else:
            moment, last = self.moment(at), None
            if moment.seq is None:
                moment = Moment(moment.at, self._warehouse.seq_known_at(moment.at))
        ids = self._member_ids(segment, question, moment, limit)
        first = 0 if last is None else bisect_right(ids, last)
        page = ids[first : first + limit]
        more = first + limit < len(ids)
        return {
            **self._head(segment, moment.at),
            "members": len(ids),
            "items": self._show(page.tolist(), moment.seq, self._warehouse.kept_since(segment, page.tolist())),
            "next": f"{moment.at}.{moment.seq}.{page[-1]}" if more else None,
        }

    def sample(self, segment: str, n: int, at: str | None = None) -> Answer:
        """Some members: always the same ones as long as they are members."""
        question, moment = self.question(segment), self.moment(at)
        ids = self._warehouse.member_ids(question, *moment)
        items = self._show(choose(ids, n), moment.seq)
        return {**self._head(segment, moment.at), "members": len(ids), "items": items}

    def export(
        self,
        segment: str,
        out: IO[bytes],
        *,
        form: Format,
        traits: str = "",
        at: str | None = None,
        bom: bool = False,
        asking: Asking | None = None,
    ) -> Answer:
        """Write all members to a file, with some of their traits, and say how many they were.

        Args:
            segment: the id of the segment.
            out: the file.
            form: `csv` or `parquet`.
            traits: the paths of the traits, with commas between them.
            at: the instant.
            bom: begin a CSV file with the mark by which Excel knows UTF-8.
            asking: what may take it back.
        """
        question, paths, moment = self.question(segment), read_traits(traits), self.moment(at)
        ids = self._warehouse.member_ids(question, *moment, asking=asking)
        write_members(self._warehouse, ids, moment.seq, out, form=form, traits=paths, bom=bom, asking=asking)
        return {**self._head(segment, moment.at), "members": len(ids), "columns": columns_of(paths)}

    def explain(
        self, segment: str, user_id: str, *, at: str | None = None, profile_id: int | None = None, language: str = "en"
    ) -> Answer:
        """Why somebody is in a segment, or is not, and when time alone changes that.

        Args:
            segment: the id of the segment.
            user_id: whom it is about.
            at: the instant.
            profile_id: the same, where somebody has looked it up by all ids of a person.
            language: of the sentences: `en` or `fr`.
        """
        question, moment = self.question(segment), self.moment(at)
        told = explain_member(self._warehouse, question, user_id, *moment, profile_id=profile_id)
        return told.as_json(language, self._workspace().names)

    def _member_ids(self, segment: str, question: CompiledCondition, moment: Moment, limit: int) -> array[int]:
        """The members at a moment, kept for the pages that follow, if some do: they are evaluated once."""
        key = (segment, moment)
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        found = self._warehouse.member_ids(question, *moment)
        if len(found) <= limit:
            return found
        with self._lock:
            self._pages[key] = found
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return found

    def _show(self, profile_ids: Sequence[int], seq: int | None, since: Mapping[int, int] | None = None) -> list[Answer]:
        """People in the order of their ids as given; members with the instant of their last entry, as far as it is known."""
        rows = {row.profile_id: row for row in self._warehouse.states(profile_ids, seq)}
        return [
            _person(rows[profile_id]) | ({} if since is None else {"since": format_instant(since.get(profile_id))})
            for profile_id in profile_ids
            if profile_id in rows
        ]


def _person(row: ProfileRow) -> Answer:
    traits = json.loads(row.traits) if isinstance(row.traits, str) else row.traits
    return {"user_id": row.user_id, "name": full_name(traits), "email": row.email, "phone": row.phone}


def _sum_of(regions: Mapping[int, int], bits: Sequence[int]) -> int:
    """How many have all of some bits."""
    wanted = sum(1 << bit for bit in bits)
    return sum(n for found, n in regions.items() if found & wanted == wanted)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def _read_cursor(text: str) -> tuple[Moment, int]:
    found = _CURSOR.fullmatch(text)
    numbers = [int(number) for number in found.groups()] if found else []
    if not numbers or any(abs(number) > FAR_SEQ for number in numbers):
        msg = "`after` is not the `next` of a page of members"
        raise InvalidInput(msg, problems=[msg])
    at, seq, last = numbers
    return Moment(at, seq), last
