"""What is wrong with definitions: all of it at once, each with its place and a way to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.campaigns.check import check_campaign
from relance.conditions.read import ConditionProblem, read_condition, read_where
from relance.conditions.read_fields import Fields
from relance.definitions.references import Known, check_named_steps, check_references, check_segment_cycles
from relance.definitions.shapes.core import Findings
from relance.definitions.shapes.kinds import KINDS, SEGMENT
from relance.definitions.shapes.sentences import did_you_mean
from relance.definitions.supported import check_supported
from relance.errors import InvalidInput
from relance.journeys.check import check_journey, check_message, find_messages
from relance.journeys.loops import check_loops
from relance.problems import Problem, has_errors, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.definitions.document import Document

# The codes of relance.conditions that have another name here.
_CODES = {"invalid_value": "bad_value", "invalid_pattern": "bad_pattern"}


@dataclass(slots=True)
class _Checked:
    """One document, and what its shape's check came by."""

    document: Document
    findings: Findings = field(default_factory=Findings)


def check_definitions(
    documents: Iterable[Document], *, published: Sequence[Document] = (), now: int | None = None
) -> list[Problem]:
    """Check definitions, each by itself and all together.

    Args:
        documents: what was read.
        published: what is in force and may be referred to; a document with the same kind and id takes its place.
        now: microseconds; when given, what is past already is warned of.
    """
    checked = [_Checked(document) for document in documents]
    known = Known([*(c.document for c in checked), *published])
    found: list[Problem] = []
    for one in checked:
        found += [one.document.problem(problem) for problem in _check_one(one, known, now)]
    found += _check_duplicates([c.document for c in checked])
    in_force = [_Checked(d) for d in published if d.kind == "segment"]
    for one in in_force:
        SEGMENT.check(one.document.body, "", one.findings)
    found += check_segment_cycles([(c.document, c.findings.references) for c in [*checked, *in_force]])
    found += _check_loops([c.document for c in checked], known)
    return sorted(_without_echoes(found), key=_by_place)


def require_valid(
    documents: Sequence[Document], *, published: Sequence[Document] = (), now: int | None = None
) -> list[Problem]:
    """Check definitions, and answer the warnings.

    Raises:
        InvalidInput: with every problem, when one is an error.
    """
    problems = check_definitions(documents, published=published, now=now)
    if has_errors(problems):
        msg = "the definitions have errors"
        raise InvalidInput(msg, problems=problems)
    return problems


def _by_place(problem: Problem) -> tuple[Any, ...]:
    return (problem.file or "", problem.line or 0, problem.column or 0, problem.kind or "", problem.id or "", problem.path)


def _without_echoes(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Each place and code once: two checks may see the same fault."""
    seen: set[tuple[Any, ...]] = set()
    for problem in problems:
        key = (problem.file, problem.line, problem.kind, problem.id, problem.path, problem.code)
        if key not in seen:
            seen.add(key)
            yield problem


def _check_one(one: _Checked, known: Known, now: int | None) -> Iterator[Problem]:
    body, findings = one.document.body, one.findings
    kind = body.get("kind")
    shape = KINDS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        yield _unknown_kind(body)
        return
    shape.check(body, "", findings)
    yield from findings.problems
    yield from check_supported(findings.records)
    yield from _check_conditions(findings)
    yield from check_references(findings.references, known)
    yield from check_named_steps(findings.conditions, known)
    if kind == "journey":
        yield from check_journey(body, now=now)
        for step, path in find_messages(body):
            yield from check_message(step, path, known.templates)
    elif kind == "campaign":
        if isinstance(body.get("message"), dict):
            yield from check_message(body["message"], "/message", known.templates)
        yield from check_campaign(body, known.templates)
    elif kind == "template":
        yield from _check_template(body)


def _unknown_kind(body: Mapping[str, Any]) -> Problem:
    if "kind" not in body:
        return Problem("unknown_kind", f"`kind` is missing: write one of {', '.join(KINDS)}", "")
    kind = str(body["kind"])[:60]
    return Problem("unknown_kind", f"there is no kind `{kind}`: {did_you_mean(kind, KINDS)}", "/kind")


def _check_conditions(findings: Findings) -> Iterator[Problem]:
    """The finer checks of conditions and filters, where their shape is right."""
    wrong = [p.path for p in findings.problems]

    def is_sound(path: str) -> bool:
        return not any(w == path or w.startswith(path + "/") for w in wrong)

    found: list[ConditionProblem] = []
    for condition, path in findings.conditions:
        if is_sound(path):
            read_condition(condition, path, found)
    inside = tuple(path + "/" for _, path in findings.conditions)
    for where, path in findings.filters:
        if is_sound(path) and not path.startswith(inside):
            around, _, name = path.rpartition("/")
            read_where(
                Fields({name: where}, around, lambda code, at, says: found.append(ConditionProblem(code, at, says))), name
            )
    for problem in found:
        yield Problem(_CODES.get(problem.code, problem.code), problem.message, problem.path)


def _check_template(body: Mapping[str, Any]) -> Iterator[Problem]:
    from relance.templates.check import check_template

    for path, says in check_template(body):
        yield Problem("bad_template", says, path)


def _check_loops(documents: Iterable[Document], known: Known) -> Iterator[Problem]:
    """Journeys that start each other; those already published are told of only where a new one closes the circle."""
    new = {document.id: document for document in documents if document.kind == "journey"}
    bodies = known.bodies.get("journey", {})
    for name, problem in check_loops({k: bodies[k] for k in sorted(bodies, key=lambda k: k not in new)}):
        if name in new:
            yield new[name].problem(problem)


def _check_duplicates(documents: Iterable[Document]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Document] = {}
    for document in documents:
        kind, name = document.kind, "" if document.kind == "settings" else document.id
        if kind not in KINDS or name is None:
            continue
        before = first.setdefault((kind, name), document)
        if before is document:
            continue
        line, _ = before.place() or (None, None)
        where = f" ({before.file or ''}{f':{line}' if line else ''})" if before.file or line else ""
        says = (
            f"the {kind} `{name}` is defined before{where}: give it another id"
            if name
            else (f"the settings are defined before{where}: write them in one place")
        )
        yield document.problem(Problem("duplicate_id", says, pointer("id") if name else ""))
