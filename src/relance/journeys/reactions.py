"""What events tell of messages: a delivery, an open, a bounce, somebody who leaves by a message's link.

Kept in the transaction of the tick, so that a report is exact at once: in `message_reactions` once a message and kind, where an
event names its message by id; in `named_reactions` where it names source and step, and the report finds the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.conditions.answers import REACTIONS
from relance.events import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.journeys.wave import Wave

_CHANNELS = (("Email", "email"), ("SMS", "sms"), ("Push", "push"), ("In-App", "in_app"), ("Unsubscribed", "email"))
# Beside what a `message` condition asks for.
_MORE = {
    "complained": (names.EMAIL_MARKED_AS_SPAM,),
    "unsubscribed": (names.UNSUBSCRIBED, names.SUBSCRIPTION_CHANGED),
}
# As reports list them.
KINDS = ("delivered", "opened", "clicked", "replied", "bounced", "complained", "unsubscribed")


def _channel_of(name: str) -> str:
    return next((channel for word, channel in _CHANNELS if name.startswith(word)), "email")


# By the name of an event: the kind of what it tells, and the channel of the message where it names source and step alone.
TOLD_OF_MESSAGES: Mapping[str, tuple[str, str]] = {
    name: (kind, _channel_of(name)) for kind, events in {**REACTIONS, **_MORE}.items() for name in events
}
_COLUMNS = ("profile_id", "seq", "at", "kind", "machine", "channel", "message_ref", "message_source", "message_step")


def keep_reactions(wave: Wave, reactions: Iterable[tuple[object, ...]]) -> None:
    """Effects: writes `message_reactions` and `named_reactions`, once the messages of the tick are there."""
    wave.connection.insert_rows("w_reaction", _COLUMNS, reactions)
    wave.run("keep_reactions")
    wave.run("keep_named_reactions")
