"""Steps and definitions in the sentences that explain journeys."""

from __future__ import annotations

from relance.journeys.explain.words import Speaker
from relance.journeys.model import Step
from relance.localtime import UTC_ZONE

NAMES = {"template:cart-email": "Your cart", "template:cart-sms": "Still yours", "segment:vip": "Best customers"}


def step(**body: object) -> Step:
    return Step(0, "remind", "message", body=body)


def test_a_message_is_called_by_its_templates_and_another_step_by_its_id() -> None:
    both = {"email": "cart-email", "sms": "cart-sms"}

    english = Speaker("en", UTC_ZONE, 0, NAMES)

    assert "“Your cart”" == english.step(step(channel="email", template="cart-email"))
    assert "“Your cart”, “Still yours”" == english.step(step(channels=both))
    assert "remind" == english.step(step(channel="email", template="not-named"))
    assert "remind" == Speaker("en", UTC_ZONE, 0).step(step(channel="email", template="cart-email"))


def test_a_definition_without_a_name_is_called_by_its_id() -> None:
    speaker = Speaker("en", UTC_ZONE, 0, NAMES)

    assert ("“Best customers”", "other") == (speaker.called("segment", "vip"), speaker.called("segment", "other"))
    assert "journey:welcome" == speaker.source("journey:welcome")
