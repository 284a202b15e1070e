"""How many messages a second one core renders, and signs the links of.

    python benchmarks/bench_render.py [--seconds 1.0] [--json]

Each figure is for a whole message: subject and body. `plain` looks values up, `liquid` has a filter and a condition, `mjml` is a
small newsletter, `links` puts our links and the picture into it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from relance.templates import render
from relance.templates.links import LinkSigner
from relance.templates.tracking import add_open_picture, rewrite_html

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS = {"plain": 20_000, "liquid": 3_000, "mjml": 1_000, "links": 2_000}
CONTEXT = {
    "profile": {"first_name": "Ana", "address": {"city": "Paris"}, "vip": True},
    "event": {"properties": {"cart_total": 75.5, "currency": "EUR", "items": [{"name": "Tea"}, {"name": "Mug"}]}},
    "unsubscribe_url": "https://shop.example/u/abc",
}
SUBJECT = "{{ profile.first_name | default: 'Hello' }}, your cart is waiting"
PLAIN = "<p>Your cart of {{ event.properties.cart_total }} {{ event.properties.currency }} is waiting in {{ profile.address.city }}.</p>"
LIQUID = "<p>Your cart of {{ event.properties.cart_total | round }} EUR{% if profile.vip %}, dear {{ profile.first_name }}{% endif %}</p>"
MJML = (
    "<mjml><mj-body><mj-section><mj-column>{% for item in event.properties.items %}<mj-text>{{ item.name }}</mj-text>{% endfor %}"
    "<mj-button href='https://shop.example/cart'>To the cart</mj-button><mj-text><a href='{{ unsubscribe_url }}'>Leave</a></mj-text>"
    "</mj-column></mj-section></mj-body></mjml>"
)


def measure(work: Callable[[], object], seconds: float) -> float:
    work()
    n, begun = 0, time.perf_counter()
    while (took := time.perf_counter() - begun) < seconds:
        for _ in range(20):
            work()
        n += 20
    return n / took


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    links = LinkSigner("https://shop.example", ["a-secret-of-this-benchmark"])
    letter = render({"channel": "email", "body": MJML}, CONTEXT).body or ""

    def with_links() -> str:
        return add_open_picture(rewrite_html(letter, lambda target: links.click_url(7, target)), links.open_url(7))

    work: dict[str, Callable[[], object]] = {
        name: lambda body=body: render({"channel": "email", "subject": SUBJECT, "body": body}, CONTEXT)  # type: ignore[misc]
        for name, body in (("plain", PLAIN), ("liquid", LIQUID), ("mjml", MJML))
    }
    work["links"] = with_links
    figures = {name: round(measure(one, given.seconds)) for name, one in work.items()}
    if given.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:7} {figure:>9,} messages/s   (budget {TARGETS[name]:,})")
    return int(any(figures[name] < target for name, target in TARGETS.items()))


if __name__ == "__main__":
    sys.exit(main())
