"""Message steps: what they put into the outbox, and how the outcome moves the person on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.journeys.rules import STANDS, WOKE
from relance.journeys.values import value_at
from relance.journeys.wave import SQL
from relance.outbox.handoff import hash_share
from relance.profiles.addresses import normalise_address

if TYPE_CHECKING:
    from relance.journeys.wave import Wave
    from relance.store.connection import ColumnType

_DEFAULT_TO = {
    "email": ("profile.email", "profile.traits.email"),
    "sms": ("profile.phone", "profile.traits.phone"),
}
_TRIED = """SELECT t.message_id, t.channel, t.version_id, t.step, p.traits, e.properties FROM w_try t JOIN profiles p ON p.profile_id = t.profile_id
    LEFT JOIN journey_events e ON e.profile_id = t.profile_id AND e.seq = t.event_seq"""
_VARIED = "SELECT t.message_id, t.version_id, p.user_id FROM w_try t JOIN profiles p ON p.profile_id = t.profile_id"


def enter_messages(wave: Wave) -> None:
    """Those who entered a message step try its channels, one after another. Effects: writes `messages`."""
    any_decided = False
    for rank in range(wave.rules.most_channels):
        wave.clear("w_try")
        if wave.run("try_entered", base=wave.next_id("messages", "message_id"), rank=rank):
            any_decided |= _decide(wave, first_time=True)
    if wave.rules.has_first_reachable:
        wave.clear("w_try")
        if wave.run("try_reachable", base=wave.next_id("messages", "message_id")):
            _read_custom_addresses(wave)
            if wave.rules.excluding:
                wave.run("refuse_left")
            wave.hand_off.check_reach(wave.connection)
            wave.run("drop_unchosen")
            any_decided |= _decide(wave, first_time=True)
    if any_decided:
        wave.enter("leave_messages", state=STANDS)
    else:
        wave.run("rest_at_messages")


def retry_messages(wave: Wave) -> None:
    """Those whose hold is over try again; those whose messages the drain decided go on."""
    while wave.connection.row(SQL["any_held"], {"until": wave.until}) is not None:
        wave.clear("w_try")
        if not wave.run("try_held"):
            break
        _decide(wave, first_time=False)
    wave.enter("leave_messages", state=WOKE)


def _decide(wave: Wave, *, first_time: bool) -> bool:
    _read_custom_addresses(wave)
    if first_time and wave.rules.has_variants:
        _choose_variants(wave)
    if wave.rules.excluding:
        wave.run("refuse_left")
    decided = wave.hand_off.decide(wave.connection, first_time=first_time)
    if decided:
        wave.run("emit_decided", prefix=wave.prefix)
        wave.run("keep_handed")
    return decided


def take_outcomes(wave: Wave) -> bool:
    """Take what the drain decided since the last tick. Answers whether there was any. Effects: empties `message_outcomes`."""
    if not wave.run("find_outcomes", until=wave.until):
        return False
    wave.run("take_outcomes")
    wave.run("add_decided_members")
    return True


def tell_outcomes(wave: Wave) -> None:
    """Tell what the drain decided since the last tick."""
    wave.run("emit_decided_by_drain", prefix=wave.prefix)
    wave.run("keep_handed_by_drain")


def _read_custom_addresses(wave: Wave) -> None:
    """`to` can name any trait, or a property of the event that moved the person."""
    if not wave.rules.custom_to:
        return
    found = {}
    for message_id, channel, version_id, step, traits, properties in wave.connection.rows(_TRIED):
        to = wave.rules.versions[version_id].steps[step].to
        if to is not None and to not in _DEFAULT_TO.get(channel, ()):
            address, key, valid = normalise_address(channel, value_at(to, traits, properties))
            found[message_id] = (message_id, address, key, int(valid))
    columns: dict[str, ColumnType] = {"address": "TEXT", "address_key": "TEXT", "valid": "BIGINT"}
    wave.connection.change_rows("w_try", "message_id", columns, list(found.values()))


def _choose_variants(wave: Wave) -> None:
    chosen = []
    for message_id, version_id, user_id in wave.connection.rows(_VARIED):
        version = wave.rules.versions[version_id]
        place = hash_share(f"variant:{version.source}", user_id)
        for variant in version.variants:
            place -= round(variant["percent"] * 100)
            if place < 0 or variant is version.variants[-1]:
                chosen.append((message_id, str(variant["id"]), variant["template"]))
                break
    wave.connection.change_rows("w_try", "message_id", {"variant": "TEXT", "template": "TEXT"}, chosen)
