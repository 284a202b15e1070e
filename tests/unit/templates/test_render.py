"""What templates give, and that the short way and Liquid mean the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.clock import to_micros
from relance.errors import RenderError
from relance.templates import render
from relance.templates.plain import parse_plain, render_plain

CONTEXT = {
    "profile": {"first_name": "Ana <3", "address": {"city": "Paris"}, "tags": ["a", "b"], "vip": True, "n": 3.5, "empty": ""},
    "event": {"properties": {"cart_total": 75, "currency": "EUR", "items": [{"name": "Tea & co"}, {"name": "Mug"}]}},
    "predictions": {"buys-30d": {"score": 81.5, "category": "high"}},
    "unsubscribe_url": "https://shop.example/u/abc?x=1&y=2",
}


def email(body: str, **fields: object) -> dict[str, object]:
    """An email template."""
    return {"id": "t", "channel": "email", "body": body, **fields}


def sms(body: str) -> dict[str, object]:
    """An SMS template."""
    return {"id": "t", "channel": "sms", "body": body}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Your cart of {{ event.properties.cart_total }} {{ event.properties.currency }}", "Your cart of 75 EUR"),
        ("{{ predictions.buys-30d.score }} {{ predictions.buys-30d.category }}", "81.5 high"),
        ("{{ predictions.buys-30d.score | round }}", "82"),
        ("{{ predictions['buys-30d'].category | upcase }}", "HIGH"),
        ("{{ profile.address.city }}|{{ profile.address.street }}|{{ nobody.at.all }}", "Paris||"),
        ("{{ profile.empty | default: 'you' }} {{ profile.nothing | default: \"you\" }}", "you you"),
        ("{{ profile.nothing | default: 'you' | upcase }}", "YOU"),
        ("{% if profile.vip %}vip{% else %}no{% endif %}", "vip"),
        ("{% for item in event.properties.items %}{{ forloop.index }}:{{ item.name }} {% endfor %}", "1:Tea & co 2:Mug "),
        ("{{ profile.tags.size }}{{ profile.tags.first }}", "2a"),
        ("{{ profile.vip }} {{ profile.tags }}", "true ab"),
        ("{{ event.properties.items | json }}", '[{"name": "Tea & co"}, {"name": "Mug"}]'),
        ("{{ '2026-03-02T10:00:00Z' | date: '%d/%m/%Y %H:%M' }}", "02/03/2026 10:00"),
        ("{{ 'now' | date: '%Y-%m-%d' }}", "2026-03-02"),
        ("{{ 'never' | date: '%Y' }}", "never"),
    ],
)
def test_values(source: str, expected: str) -> None:
    """Lookups, filters and tags give what Liquid says."""
    assert expected == render(sms(source), CONTEXT, now=1_772_445_600_000_000).body


def test_html_is_escaped_and_texts_are_not() -> None:
    """A value is made safe inside HTML; a subject and a text carry it as it is."""
    rendered = render(
        email("<p title='{{ profile.first_name }}'>{{ profile.first_name }}</p>", subject="{{ profile.first_name }}"), CONTEXT
    )

    assert rendered.body == "<p title='Ana &lt;3'>Ana &lt;3</p>"
    assert rendered.subject == "Ana <3"
    assert rendered.html
    assert render(sms("{{ profile.first_name }}"), CONTEXT).body == "Ana <3"


def test_a_plain_email_is_text() -> None:
    """An email body without a tag is text: nothing is escaped."""
    rendered = render(email("Hello {{ profile.first_name }}"), CONTEXT)

    assert (rendered.body, rendered.html, rendered.text) == ("Hello Ana <3", False, "Hello Ana <3")


def test_a_subject_is_one_line() -> None:
    """A value can not begin a new header."""
    rendered = render(email("b", subject="Hi {{ profile.name }}"), {"profile": {"name": "x\r\nBcc: all@example.com"}})

    assert rendered.subject == "Hi x Bcc: all@example.com"


def test_mjml() -> None:
    """MJML becomes HTML; Liquid may stand between its elements."""
    source = (
        "<mjml><mj-body><mj-section><mj-column>{% for item in event.properties.items %}<mj-text>{{ item.name }}</mj-text>"
        "{% endfor %}<mj-button href='{{ unsubscribe_url }}'>Leave</mj-button></mj-column></mj-section></mj-body></mjml>"
    )
    rendered = render(email(source), CONTEXT)

    assert rendered.body is not None
    assert rendered.body[:15] == "<!doctype html>"
    assert "Tea &amp; co" in rendered.body
    assert "Tea & co\n" in rendered.text
    assert "Leave (https://shop.example/u/abc?x=1&y=2)" in rendered.text


def test_mjml_brings_no_font_that_was_not_named() -> None:
    """The reader of a message calls nobody but those whom its author named."""
    head = '<mj-head><mj-font name="Own" href="https://shop.example/own.css" /></mj-head>'
    text = '<mj-body><mj-section><mj-column><mj-text font-family="{font}">Hi</mj-text></mj-column></mj-section></mj-body>'

    plain = render(email(f"<mjml>{text.format(font='Ubuntu, Arial')}</mjml>"), CONTEXT).body
    named = render(email(f"<mjml>{head}{text.format(font='Own, Arial')}</mjml>"), CONTEXT).body

    assert plain is not None
    assert "fonts.google" not in plain
    assert named is not None
    assert "https://shop.example/own.css" in named


def test_push_and_webhook() -> None:
    """Each channel has its own fields."""
    push = render(
        {"channel": "push", "title": "Hi {{ profile.address.city }}", "body": "b", "link": "https://x/{{ profile.n }}"}, CONTEXT
    )
    hook = render(
        {
            "channel": "webhook",
            "method": "put",
            "url": "https://x.example/{{ profile.address.city | url_encode }}",
            "headers": {"X-City": "{{ profile.address.city }}"},
            "body": '{"total": {{ event.properties.cart_total | json }}}',
        },
        CONTEXT,
    )

    assert (push.title, push.body, push.link) == ("Hi Paris", "b", "https://x/3.5")
    assert (hook.method, hook.url, hook.headers, hook.body) == (
        "PUT",
        "https://x.example/Paris",
        {"X-City": "Paris"},
        '{"total": 75}',
    )


def test_a_webhook_that_begins_as_json_stays_json() -> None:
    """A quotation mark in a name is an error that is told, not a body that nobody can read."""
    hook = {"channel": "webhook", "url": "https://x.example", "body": '{"name": "{{ profile.n }}"}'}

    assert render(hook, {"profile": {"n": "Ana"}}).body == '{"name": "Ana"}'
    with pytest.raises(RenderError, match="no JSON any more"):
        render(hook, {"profile": {"n": 'An"a'}})
    assert render({**hook, "body": '{"name": {{ profile.n | json }}}'}, {"profile": {"n": 'An"a'}}).body == '{"name": "An\\"a"}'
    assert render({**hook, "headers": {"Content-Type": "text/plain"}}, {"profile": {"n": '"'}}).body == '{"name": """}'


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("{{ profile.first_name", "line 1"),
        ("{{ profile.first_name | nope }}", "nope"),
        ("{% include 'secret' %}", "include"),
        ("{% render 'secret' %}", "render"),
        ("{% if %}", "missing"),
        ("a\n{% for x in y %}", "endfor"),
        ("{{ 1 | divided_by: 0 }}", "divide"),
    ],
)
def test_errors_are_render_errors(source: str, word: str) -> None:
    """Whatever is wrong with a template is one error that names the field."""
    with pytest.raises(RenderError, match="body: ") as caught:
        render(sms(source), CONTEXT)
    assert word in caught.value.message or word == "line 1"
    assert caught.value.path == "/body"


_KEYS = st.sampled_from(["profile", "a", "b-c", "x_1", "size_", "Z"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab<>&'\" é", max_size=5),
    lambda inner: st.dictionaries(_KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)
_PIECES = st.lists(
    st.text("ab {}%<&|.'", max_size=4)
    | st.builds(
        "{{%s%s%s}}".__mod__,
        st.tuples(
            st.sampled_from(["", " "]),
            st.lists(_KEYS, min_size=1, max_size=3).map(".".join),
            st.sampled_from(["", " ", " | default: 'w&' ", '|default: "<"', " | default: ''"]),
        ),
    ),
    max_size=5,
)


@given(pieces=_PIECES, context=st.dictionaries(_KEYS, _VALUES, max_size=4), escape=st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_short_way_means_what_liquid_means(*, pieces: list[str], context: dict[str, object], escape: bool) -> None:
    """Wherever the short way takes a template, Liquid gives the same text."""
    from relance.templates.sandbox import parse_liquid, render_liquid

    source = "".join(pieces)
    parts = parse_plain(source)
    if parts is not None:
        assert render_liquid(parse_liquid(source, escape=escape), context) == render_plain(parts, context, escape=escape)


def test_starting_is_light() -> None:
    """Neither Liquid nor MJML is imported before a template needs it: `relance simulate` starts thousands of times."""
    code = (
        "import sys; from relance.templates import render; render({'channel': 'sms', 'body': 'Hi {{ profile.a }}'}, {});"
        "sys.exit(any(m in sys.modules for m in ('liquid', 'mjml', 'httpx', 'nh3')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_now_is_given_not_taken() -> None:
    """Without an instant a template can not read the machine's clock: a simulation gives the same bytes each time."""
    from datetime import UTC, datetime

    at = to_micros(datetime(2026, 3, 2, tzinfo=UTC))

    assert render(sms("{{ now }}{{ now | date: '%Y' }}"), {}).body == ""
    assert render(sms("{{ now | date: '%Y' }}"), {}, now=at).body == "2026"
