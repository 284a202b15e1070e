"""Hostile templates: each ends soon, with an error or a bounded result, and takes nothing with it."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc

import pytest

from relance.errors import RenderError
from relance.templates import check_template, render, sandbox

assert sandbox  # imported before memory is measured

CONTEXT: dict[str, dict[str, object]] = {
    "profile": {"name": "Ana", "list": list(range(500)), "text": "x" * 10_000},
    "event": {"properties": {}},
}

HOSTILE = {
    "loops one after the other": "{% for i in (1..10000) %}{% endfor %}" * 200,
    "loops inside each other": "{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}",
    "table rows": "{% tablerow i in (1..9000) cols: 3 %}{% tablerow j in (1..9000) %}x{% endtablerow %}{% endtablerow %}",
    "a long range joined": "{{ (1..900000000) | join: 'xxxx' }}",
    "a long range skipped": "{% for i in (1..99999999999) limit:1 offset:99999999990 %}{{ i }}{% endfor %}",
    "a long range reversed": "{% for i in (1..999999999) reversed limit:1 %}{{ i }}{% endfor %}",
    "a number squared": "{% assign x = 99999999 %}{% for i in (1..60) %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
    "a text doubled": "{% assign x = profile.text %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
    "a text captured and doubled": "{% capture x %}abc{% endcapture %}{% for i in (1..60) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}",
    "a list doubled": "{% assign x = profile.list %}{% for i in (1..60) %}{% assign x = x | concat: x %}{% endfor %}",
    "a replacement that multiplies": "{{ profile.text | replace: 'x', profile.text }}",
    "a replacement of nothing": "{{ profile.text | replace: '', profile.text }}",
    "a glue that multiplies": "{{ profile.text | split: '' | join: profile.text }}",
    "many variables": "".join(f"{{% assign v{i} = profile.text %}}" for i in range(400)),
    "many filters": "{{ profile.text" + " | upcase" * 1_000 + " }}" + ("{{ profile.text" + " | squish" * 200 + " }}") * 5,
    "html that is none": "{{ profile.lt | strip_html }}",
    "marks that are not closed": "{{" * 100_000,
    "tags that are not closed": "{%" * 100_000,
    "raw that is not closed": "{% raw %}" * 20_000,
    "a very long mark": "{{ " + "a." * 100_000 + "b }}",
    "brackets inside each other": "{{ " + "a[" * 4_000 + "1" + "]" * 4_000 + " }}",
    "conditions inside each other": "{% if a %}" * 20_000 + "{% endif %}" * 20_000,
    "a condition without end": "{% if " + "a and " * 1_500 + "a %}x{% endif %}",
    "a very long template": "x" * 400_000,
    "a number with many digits": "{{ " + "9" * 9_000 + " | plus: 1 }}",
    "a number with a large exponent": "{{ '1e999999999' | plus: 1 }}{{ '1e99999' | ceil }}{{ profile.list | sum }}",
    "a date of great width": "{{ 'now' | date: '%1000000000Y%0999999999d' }}",
    "a slice without end": "{{ profile.text | slice: 0, 99999999999999999999999 }}",
    "python inside": "{{ profile.__class__.__mro__ }}{{ profile.list.__class__ }}{{ profile.name.format }}{{ ''.__class__ }}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_soon(name: str) -> None:
    """Every hostile template is an error or a small result, in bounded time and memory."""
    context = {**CONTEXT, "profile": {**CONTEXT["profile"], "lt": "<a " * 33_000 + ">"}}
    tracemalloc.start()
    begun = time.thread_time()
    try:
        rendered = render({"channel": "sms", "body": HOSTILE[name]}, context)
        assert len(rendered.body or "") <= 1_000_000
        assert "class" not in (rendered.body or "")[:1_000]
    except RenderError as e:
        assert len(e.message) < 500  # noqa: PT017 - either outcome is right
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    # Measuring memory makes Python about ten times slower; untraced, none takes 2 s.
    assert time.thread_time() - begun < 10
    assert peak < 150_000_000


@pytest.mark.parametrize(
    "inside",
    [
        "<mj-section>" * 50_000,
        "<div>" * 50_000,
        "<a b='</a>'>" * 50_000,
        "<a><!-- </a> -->" * 50_000,
        "<A-b:c>" * 50_000 + "</x>" * 50_000,
        "<a><![CDATA[</a>]]>" * 50_000,
        "<a><?x </a> ?>" * 50_000,
        "<a b=\"'</a>\" c='\"'>" * 50_000,
        "<!--" * 50_000,
        "<a b='" * 50_000,
        "<" * 100_000,
        "<![CDATA[" * 20_000,
        "<mj-include path='/etc/passwd'/>",
    ],
)
def test_deep_mjml_does_not_end_the_process(inside: str) -> None:
    """The MJML compiler would overrun its stack; the process (a child here) must live and say no, or yes."""
    code = (
        "import sys\nfrom relance.templates import render\nfrom relance.errors import RenderError\n"
        "body = '<mjml><mj-body><mj-section><mj-column><mj-text>' + sys.stdin.read()\n"
        "try:\n    render({'channel': 'email', 'body': body}, {})\nexcept RenderError as e:\n    print(e.message[:200])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=inside, capture_output=True, text=True, timeout=20, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_check_lists_everything() -> None:
    """All that is wrong is told at once, each with its place."""
    problems = check_template(
        {
            "channel": "webhook",
            "method": "TRACE",
            "url": "http://{{ profile.host }}/x",
            "headers": {"Bad Name": "{% if %}", "Good": "{{ a | nope }}"},
            "body": "{% if %}",
        }
    )

    assert sorted(p for p, _ in problems) == [
        "/body",
        "/headers/Bad Name",
        "/headers/Bad Name",
        "/headers/Good",
        "/method",
        "/url",
    ]
    assert all(sentence.endswith(".") for _, sentence in problems)
    assert check_template({"channel": "email", "subject": "{{ profile.a }}", "body": "<mjml><mj-body></mj-body></mjml>"}) == []
    assert [p for p, _ in check_template({"channel": "email", "body": "<mjml><mj-nope></mj-nope></mjml>"})] == ["/body"]


def test_half_a_character_is_refused() -> None:
    """A lone surrogate can be neither stored nor sent."""
    with pytest.raises(RenderError, match="surrogate"):
        render({"channel": "sms", "body": "{{ profile.name }}"}, {"profile": {"name": "\ud800"}})
