"""A process that drains a store until it is killed: `python drain_process.py STORE_URL PROVIDER_URL`."""

from __future__ import annotations

import asyncio
import sys

from relance.channels.http import HttpChannel, HttpSettings
from relance.clock import SystemClock
from relance.outbox.compose import Composer, TargetNumbers
from relance.outbox.drain import Drain
from relance.store import open_database
from relance.templates.links import LinkSigner
from relance.workspace import Settings, TemplateDefinition, Workspace


def main() -> None:
    store_url, provider_url = sys.argv[1:]
    database = open_database(store_url)
    template = TemplateDefinition(
        "t-push", "push", "ready", None, {"channel": "push", "title": "T", "body": "Hi {{ profile.first_name }}"}
    )
    workspace = Workspace(settings=Settings(), templates={"t-push": template})
    links = LinkSigner("https://t.example", ["a-secret-of-this-workspace"])
    channels = {"push": HttpChannel(HttpSettings(provider_url, concurrency=8), provider="lab")}
    composer = Composer(lambda: workspace, links, TargetNumbers(database))
    drain = Drain(database, SystemClock(), channels, composer, lambda: workspace)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(drain.run(poll_seconds=0.01, alone=True))


if __name__ == "__main__":
    main()
