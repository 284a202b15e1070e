"""When passages that stood still are due again, in SQL: as `journeys/wave.py` has it of walkers."""

from __future__ import annotations

# `{e}` is a passage at a step `s` of a version `v`; `:at` now, `:since` from when on something may have been heard.
_LIFE_AT = "({e}.entered_at + v.lifetime)"
_LIVES = f"{{e}}.deadline IS NOT NULL AND {{e}}.deadline <= {_LIFE_AT} AND {{e}}.step_at <= {_LIFE_AT}"
_LATER = "CASE WHEN {e}.deadline{late} < {e}.step_at THEN {e}.step_at ELSE {e}.deadline{late} END"
_DUE = f"CASE WHEN {_LIVES} THEN {_LATER} ELSE {_LIFE_AT}{{late}} END"
# Who is asked at once, unless its lifetime is over: whoever stands at a message, and whoever may have heard something meanwhile.
_HEARD = """EXISTS (SELECT 1 FROM w_rule r JOIN journey_signals g ON g.profile_id = {e}.profile_id AND g.rule_id = r.rule_id
    WHERE r.version_id = {e}.version_id AND r.step = {e}.step AND g.received_at >= :since)"""
_WAKES = f"{_LIFE_AT} > :at AND (s.kind = 'message' OR (s.kind = 'listen' AND {_HEARD}))"


def _not_before(instant: str) -> str:
    return f"CASE WHEN {_WAKES} THEN :at WHEN {instant} < :at THEN :at ELSE {instant} END"


def with_timing(sql: str) -> str:
    """A statement with its `{due}`, of the passages `enrollments`, or its `{stamp}` and `{life}`, of `e`, filled in."""
    late, stamped = _DUE.replace("{late}", " + :lateness"), _DUE.replace("{late}", "")
    life = f"CASE WHEN {_WAKES} THEN 0 WHEN {_LIVES} THEN 0 ELSE 1 END"
    return (
        sql.replace("{due}", _not_before(late).format(e="enrollments"))
        .replace("{stamp}", _not_before(stamped).format(e="e"))
        .replace("{life}", life.format(e="e"))
    )
