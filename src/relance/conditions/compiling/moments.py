"""The relation a condition is asked of: given moments, or every profile at one instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions.compiling.relations import MOMENTS, PROFILES, PROFILES_NOW
from relance.warehouse.base import FAR_SEQ
from relance.warehouse.dialects import AT_MARK, FIRST_AT_MARK, LAST_AT_MARK, SEQ_MARK

if TYPE_CHECKING:
    from relance.warehouse.base import Shape

    Table = Any  # an Ibis table

_STATE = ("traits", "user_id", "email", "email_valid", "phone", "phone_valid", "push_token")


class Moments:
    """What is asked: its rows, their key, and what is known at each.

    Every row of `profile_history` is in force from its `seq` to before its `until_seq`; so at one moment one row is.
    """

    def __init__(self, shape: Shape, timezone: str) -> None:
        self.given = shape == "moments"
        self.key = "moment" if self.given else "profile_id"
        self.bounded = shape != "members"  # by `seq`
        self.timezone = timezone
        self._with_state = False

    def need_state(self) -> None:
        """Let `table` have the columns of the profile."""
        self._with_state = True

    @property
    def are_plain_members(self) -> bool:
        """Whether everybody who is there now is asked about, and nothing of the profiles is needed."""
        return not self.given and not self.bounded and not self._with_state

    @property
    def table(self) -> Table:
        """One row a moment, with the profile's columns if they are needed."""
        if not self.given:
            rows = self._people
            return (
                rows.select("profile_id", *_STATE, zone=self._zone(rows.timezone))
                if self._with_state
                else rows.select("profile_id")
            )
        return self._stateful() if self._with_state else MOMENTS

    @property
    def _people(self) -> Table:
        """The row of each profile that is in force at the one instant that all are asked about."""
        return PROFILES.filter(self.in_force(PROFILES)) if self.bounded else PROFILES_NOW

    @property
    def zoned(self) -> Table:
        """One row a moment, with its key, profile, instant and zone."""
        if not self.given:
            rows = self._people
            return rows.select("profile_id", zone=self._zone(rows.timezone))
        return self._stateful().select("moment", "profile_id", "at", "seq", "zone")

    def _stateful(self) -> Table:
        states = PROFILES.select(
            *_STATE,
            "timezone",
            state_profile_id=PROFILES.profile_id,
            state_seq=PROFILES.seq,
            state_until_seq=PROFILES.until_seq,
        )
        joined = MOMENTS.left_join(
            states,
            [
                MOMENTS.profile_id == states.state_profile_id,
                states.state_seq <= MOMENTS.seq,
                MOMENTS.seq < states.state_until_seq,
            ],
        )
        return joined.select("moment", "profile_id", "at", "seq", *_STATE, zone=self._zone(joined.timezone))

    def _zone(self, timezone: Any) -> Any:
        return timezone.fill_null(self.timezone)

    def at(self, table: Table) -> Any:
        """The instant asked about."""
        return table["at"] if self.given else ibis.literal(AT_MARK, "int64")

    def in_force(self, rows: Table) -> Any:
        """Whether a row of a history is in force at the one instant that all profiles are asked about."""
        if not self.bounded:  # not `==`: with it DuckDB expects one row and joins the wrong way round (324 against 190 ms)
            return rows.until_seq >= FAR_SEQ
        seq = ibis.literal(SEQ_MARK, "int64")
        return (rows.seq <= seq) & (seq < rows.until_seq)

    def earliest(self) -> Any:
        """The earliest instant asked about, and `latest` the latest: constants, so that a scan can be pruned."""
        return ibis.literal(FIRST_AT_MARK if self.given else AT_MARK, "int64")

    def latest(self) -> Any:
        return ibis.literal(LAST_AT_MARK if self.given else AT_MARK, "int64")

    def known(self, rows: Table) -> list[Any]:
        """That a row of all profiles was known at the one instant asked about."""
        return [rows.seq <= ibis.literal(SEQ_MARK, "int64")] if self.bounded else []
