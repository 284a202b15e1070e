# ruff: noqa: RUF001 - French writes its apostrophes so
"""The pages people see who follow a link of a message: leaving, preferences, a link that is none. English and French.

Plain HTML without scripts, readable by a screen reader, in light and in dark; nothing is loaded from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

Language = Literal["en", "fr"]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6475; --page: #f5f6f8; --card: #fff; --line: #dfe3ea; --act: #2f5bd7; --on-act: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecf2; --soft: #a4adbd; --page: #14171d; --card: #1d222b; --line: #333b48; --act: #8fb0ff; --on-act: #10131a } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", sans-serif }
main { width: 100%; max-width: 32rem; padding: 2.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .9rem }
h1 { margin: 0 0 .6rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1.1rem; color: var(--soft) }
fieldset { margin: 0 0 1.4rem; padding: 0; border: 0 }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600 }
label { display: flex; gap: .75rem; align-items: center; padding: .7rem 0; border-top: 1px solid var(--line); cursor: pointer }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; accent-color: var(--act) }
button, .button { display: inline-block; margin: 0 .6rem .6rem 0; padding: .7rem 1.2rem; border: 1px solid var(--act); border-radius: .55rem; background: var(--act); color: var(--on-act); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer }
button.quiet { background: transparent; color: var(--act) }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
a { color: var(--act) }
"""

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "leave_title": "Unsubscribe?",
        "leave_text": "You will get no more {what} from us.",
        "leave_group": "You will get no more messages about “{group}”.",
        "leave_button": "Unsubscribe",
        "leave_all_button": "Unsubscribe from all {what}",
        "left_title": "You are unsubscribed",
        "left_text": "It takes effect at once. A message that left before may still arrive.",
        "preferences_link": "Choose what you want to get",
        "preferences_title": "What may we send you?",
        "preferences_text": "Tick what you want to get. You can come back at any time.",
        "channels": "Channels",
        "groups": "Topics",
        "save": "Save",
        "saved_title": "Saved",
        "saved_text": "Your choices take effect at once.",
        "back": "Back to my choices",
        "none_title": "This link does not work",
        "none_text": "It is incomplete, or it was changed on its way. Open the message again and follow the link from there.",
        "later_title": "Please try again in a moment",
        "later_text": "We could not save your choice. Nothing was changed.",
        "email": "email",
        "sms": "text messages",
        "push": "notifications",
        "in_app": "messages in the app",
        "webhook": "automatic messages",
    },
    "fr": {
        "leave_title": "Se désabonner ?",
        "leave_text": "Vous ne recevrez plus de {what} de notre part.",
        "leave_group": "Vous ne recevrez plus de messages sur « {group} ».",
        "leave_button": "Me désabonner",
        "leave_all_button": "Ne plus recevoir de {what}",
        "left_title": "Désabonnement enregistré",
        "left_text": "C’est effectif immédiatement. Un message déjà parti peut encore arriver.",
        "preferences_link": "Choisir ce que vous voulez recevoir",
        "preferences_title": "Que pouvons-nous vous envoyer ?",
        "preferences_text": "Cochez ce que vous voulez recevoir. Vous pouvez revenir à tout moment.",
        "channels": "Canaux",
        "groups": "Sujets",
        "save": "Enregistrer",
        "saved_title": "C’est enregistré",
        "saved_text": "Vos choix sont effectifs immédiatement.",
        "back": "Revenir à mes choix",
        "none_title": "Ce lien ne fonctionne pas",
        "none_text": "Il est incomplet ou a été modifié en route. Ouvrez de nouveau le message et suivez le lien depuis celui-ci.",
        "later_title": "Réessayez dans un instant",
        "later_text": "Nous n’avons pas pu enregistrer votre choix. Rien n’a été modifié.",
        "email": "courriels",
        "sms": "SMS",
        "push": "notifications",
        "in_app": "messages dans l’application",
        "webhook": "messages automatiques",
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a person may want or not."""

    name: str  # of the field
    label: str
    on: bool
    is_group: bool


def pick_language(accept_language: str) -> Language:
    """The language of ours that the browser likes best."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, rest = part.strip().partition(";")
        language = tag.strip().lower()[:2]
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest.strip().startswith("q=") else 1.0
        except ValueError:
            continue
        if language in ("en", "fr") and weight > 0:
            ranked.append((-weight, place, "fr" if language == "fr" else "en"))
    return min(ranked)[2] if ranked else "en"


def leaving_page(language: Language, *, channel: str, group: str | None, preferences_url: str) -> str:
    """Asks before anything happens: opening this page changes nothing."""
    words = _WORDS[language]
    what = words.get(channel, channel)
    text = words["leave_group"].format(group=group) if group else words["leave_text"].format(what=what)
    buttons = f'<button name="choice" value="this">{_e(words["leave_button"])}</button>'
    if group:
        label = words["leave_all_button"].format(what=what)
        buttons += f'<button class="quiet" name="choice" value="channel">{_e(label)}</button>'
    link = f'<p><a href="{_e(preferences_url)}">{_e(words["preferences_link"])}</a></p>'
    return _page(language, words["leave_title"], f'<p>{_e(text)}</p><form method="post">{buttons}</form>{link}')


def left_page(language: Language, *, preferences_url: str) -> str:
    """It is done."""
    words = _WORDS[language]
    link = f'<p><a href="{_e(preferences_url)}">{_e(words["preferences_link"])}</a></p>'
    return _page(language, words["left_title"], f'<p role="status">{_e(words["left_text"])}</p>{link}')


def preferences_page(language: Language, choices: list[Choice]) -> str:
    """What a person gets, to tick on and off."""
    words = _WORDS[language]
    parts = [f"<p>{_e(words['preferences_text'])}</p>", '<form method="post">']
    for is_group, legend in ((False, "channels"), (True, "groups")):
        boxes = "".join(
            f'<label><input type="checkbox" name="{_e(c.name)}"{" checked" if c.on else ""}> {_e(_capital(words.get(c.label, c.label)))}</label>'
            for c in choices
            if c.is_group == is_group
        )
        if boxes:
            parts.append(f"<fieldset><legend>{_e(words[legend])}</legend>{boxes}</fieldset>")
    parts.append(f"<button>{_e(words['save'])}</button></form>")
    return _page(language, words["preferences_title"], "".join(parts))


def saved_page(language: Language) -> str:
    """The choices are kept."""
    words = _WORDS[language]
    return _page(
        language,
        words["saved_title"],
        f'<p role="status">{_e(words["saved_text"])}</p><a class="button" href="">{_e(words["back"])}</a>',
    )


def no_link_page(language: Language) -> str:
    """The link is none of ours."""
    words = _WORDS[language]
    return _page(language, words["none_title"], f"<p>{_e(words['none_text'])}</p>")


def later_page(language: Language) -> str:
    """It could not be kept now."""
    words = _WORDS[language]
    return _page(language, words["later_title"], f'<p role="alert">{_e(words["later_text"])}</p>')


def _page(language: Language, title: str, inner: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{_e(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{_e(title)}</h1>{inner}</main></body></html>"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _e(text: str) -> str:
    return escape(text, quote=True)
