"""The wiring, as far as it tells of itself."""

from __future__ import annotations

from relance.app import told_providers
from relance.settings import HttpProvider, Settings


def test_what_is_told_of_providers_holds_no_secrets() -> None:
    gateway = HttpProvider(url="https://ana:s3cret@gate.example/send?key=s3cret", secret="s3cret", authorization="s3cret")
    settings = Settings(sms=gateway)

    told = told_providers(settings, {})

    assert {"url": "https://gate.example/send"} == next(one["place"] for one in told if one["channel"] == "sms")
    assert "s3cret" not in str(told)
