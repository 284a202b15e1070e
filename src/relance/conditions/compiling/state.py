"""Consent and suppression, compiled: relations that hold the key of every moment they are true for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from relance.conditions.compiling.relations import CONSENTS, MOMENTS, SUPPRESSIONS

if TYPE_CHECKING:
    from relance.conditions.compiling.moments import Moments


class Hits(NamedTuple):
    """A relation that has a row for what is true, to be joined to the moments."""

    name: str  # of its column `{name}_yes`
    table: Any
    left: str  # the column of the moments, and that of the relation, which must be equal
    right: str
    lasting: bool  # whether its rows are in force from `{name}_seq` to before `{name}_until` only

    def predicates(self, moments: Any) -> list[Any]:
        """How it joins the moments; at most one row of it to each."""
        equal = moments[self.left] == self.table[self.right]
        if not self.lasting:
            return [equal]
        return [equal, self.table[f"{self.name}_seq"] <= moments.seq, moments.seq < self.table[f"{self.name}_until"]]


def state_columns(channel: str) -> tuple[str, str | None]:
    """The columns of a channel's address and of its being well formed."""
    if channel == "email":
        return "email", "email_valid"
    if channel == "sms":
        return "phone", "phone_valid"
    return ("push_token", None) if channel == "push" else ("user_id", None)


def _name(*parts: str | None) -> str:
    words = "_".join(part or "any" for part in parts)
    return "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" if c != "_" else c for c in words)


def consent_hits(moments: Moments, channel: str | None, group: str, state: str) -> Hits:
    """Who has a state of consent for a channel (any channel, when None) and group."""
    name = _name("consent", channel, group or "itself", state)
    rows = CONSENTS.filter([CONSENTS.group_id == group, CONSENTS.state == state])
    if channel is not None:
        rows = rows.filter(rows.channel == channel)
        return _hits(moments, name, rows, "profile_id", "profile_id")
    if moments.given:  # several channels may say so: once is enough
        rows = MOMENTS.join(rows, MOMENTS.profile_id == rows.profile_id)
        rows = rows.filter((rows.seq_right <= rows.seq) & (rows.seq < rows.until_seq))
    else:
        rows = rows.filter(moments.in_force(rows))
    found = rows.select(**{f"{name}_key": rows[moments.key]}).distinct()
    return Hits(name, found.mutate(**{f"{name}_yes": ibis.literal(True)}), moments.key, f"{name}_key", lasting=False)


def suppression_hits(moments: Moments, channel: str, address: str) -> Hits:
    """Whose address gets nothing any more."""
    rows = SUPPRESSIONS.filter([SUPPRESSIONS.channel == channel, SUPPRESSIONS.suppressed])
    return _hits(moments, _name("suppressed", channel), rows, address, "address")


def _hits(moments: Moments, name: str, rows: Any, left: str, right: str) -> Hits:
    columns = {f"{name}_key": rows[right], f"{name}_yes": ibis.literal(True)}
    if moments.given:
        columns |= {f"{name}_seq": rows.seq, f"{name}_until": rows.until_seq}
    else:
        rows = rows.filter(moments.in_force(rows))
    return Hits(name, rows.select(**columns), left, f"{name}_key", lasting=moments.given)
