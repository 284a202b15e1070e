"""Opens and clicks that no person made: mail privacy proxies and link scanners, as far as they show themselves."""

from __future__ import annotations

import re

from relance.clock import SECOND

# A click sooner than this after the hand-off was made by what stands between us and the person.
TOO_SOON = 2 * SECOND

# Apple's mail privacy preloads every picture, and says "Mozilla/5.0" and nothing else. Gmail's and Yahoo's picture
# proxies load when a person opens the message, so they are no machines in this sense.
_PRELOADER = re.compile(r"\s*Mozilla/5\.0\s*")
_SCANNER = re.compile(
    r"bot\b|crawl|spider|scan|preview|proofpoint|barracuda|mimecast|messagelabs|symantec|forcepoint|fireeye|trendmicro|sophos|"
    r"safelinks|urldefense|cloudmark|ironport|headless|phantomjs|puppeteer|playwright|curl/|wget/|python-|aiohttp|go-http-client|"
    r"java/|okhttp|libwww|httpclient|node-fetch|axios|validator|monitor",
    re.IGNORECASE,
)


def is_machine(user_agent: str) -> bool:
    """Whether a request calls itself what no mail program or browser does."""
    agent = user_agent[:1_000]
    return not agent.strip() or _PRELOADER.fullmatch(agent) is not None or _SCANNER.search(agent) is not None


def is_machine_click(user_agent: str, handed_over_at: int | None, now: int) -> bool:
    """Whether a link was followed by a scanner: it says so, or nobody reads that fast."""
    return is_machine(user_agent) or (handed_over_at is not None and 0 <= now - handed_over_at < TOO_SOON)
