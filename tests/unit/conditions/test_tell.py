# ruff: noqa: RUF001 - French writes its apostrophes so
"""Each kind of condition in a sentence: what was seen, what would be needed. In both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from relance.clock import DAY, HOUR, MINUTE, parse_instant
from relance.conditions import model
from relance.conditions.answers import STATUSES
from relance.conditions.clauses import OPERATORS
from relance.conditions.evaluate import View
from relance.conditions.explain import explain
from relance.conditions.read import parse_condition
from relance.conditions.tell import make_teller
from relance.conditions.tell_words import ENGLISH, FRENCH, LANGUAGES
from relance.warehouse import (
    FAR_SEQ,
    ConsentRow,
    EventRow,
    JourneyRow,
    ListRow,
    MessageRow,
    ProfileRow,
    ScoreRow,
    SuppressionRow,
)
from relance.warehouse.base import Person

NOW = parse_instant("2026-03-13T12:00:00Z") or 0  # a Friday
TUESDAY = NOW - 3 * DAY
NBSP = "\u00a0"


def event(seq: int, ago: int, name: str, **properties: Any) -> EventRow:
    return EventRow(1, seq, NOW - ago, NOW - ago, name, properties, seq, 1)


ANA = Person(
    1,
    [
        event(10, 3 * DAY, "Order Completed", total=60.5),
        event(11, 5 * HOUR, "Email Opened"),
        event(12, 3 * HOUR, "Email Opened"),
        event(13, 2 * HOUR, "Email Link Clicked", machine=True),
        event(14, 20 * DAY, "Product Viewed", sku="a"),
        event(15, 30 * MINUTE, "Cart Abandoned"),
    ],
    [
        ProfileRow(
            1, 1, 0, {"plan": "free", "born": "1990-05-01", "n": 3, "home": {"lat": 48.85, "lon": 2.35}}, "ana", "Europe/Paris",
            "ana@example.com", True, "0612", False, None, 0, 1,
        )
    ],
    [ConsentRow(1, 2, TUESDAY, TUESDAY, "email", "", "subscribed", 1), ConsentRow(1, 3, NOW - 40 * DAY, 0, "sms", "news", "unsubscribed", 1)],
    {("webhook", "ana"): [SuppressionRow("webhook", "ana", 4, True, 1)]},
    [MessageRow(1, 0, TUESDAY, "m1", "journey:cart", "mail", "sent", 1), MessageRow(1, 0, NOW, "m2", "journey:cart", "mail", "blocked", 1)],
    [
        JourneyRow(1, 0, TUESDAY, 1, "cart", "mail", "", "active", 1),
        JourneyRow(1, 0, NOW - 9 * DAY, 2, "cart", "mail", "", "active", 1),
        JourneyRow(1, 0, NOW - 8 * DAY, 2, "cart", "", "mail", "finished", 1),
    ],
    [ListRow(1, 0, TUESDAY, "vip", member=True, tick=1), ListRow(1, 0, TUESDAY, "old", member=False, tick=1)],
    [ScoreRow(1, 0, TUESDAY, "buys", 71.5, "medium", 1), ScoreRow(1, 0, TUESDAY, "spends", 80.0, "high", 1, 12, 96.5, 42.5)],
)  # fmt: skip


def tell(source: dict[str, Any], language: str) -> str:
    segments = {"vip": parse_condition({"type": "in_list", "list": "vip"})}
    view = View(ANA, NOW, FAR_SEQ, model.ConditionSettings(), segments)
    return explain(parse_condition(source), view).sentence(make_teller(language, NOW, view.zone()))


def did(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "did", "event": name, **more}


IN_72H = {"within": "72h"}
TOLD: list[tuple[dict[str, Any], str, str]] = [
    (
        did("Email Opened", times={"gte": 2}, **IN_72H),
        "Email Opened: 2 times in the last 3 days, last 3 h ago; needs at least 2",
        "Email Opened : 2 fois en 3 jours, la dernière il y a 3 h ; il faut au moins 2",
    ),
    (
        did("Order Completed", times={"eq": 0}, within="4d"),
        "Order Completed: once in the last 4 days, on Tuesday; needs none",
        "Order Completed : une fois en 4 jours, mardi ; il n’en faut aucune",
    ),
    (
        did("Order Completed", **IN_72H),
        "Order Completed: never in the last 3 days (before that on Tuesday); needs at least 1",
        "Order Completed : jamais en 3 jours (avant cela mardi) ; il faut au moins 1",
    ),
    (
        did("Email Link Clicked"),
        "Email Link Clicked: never (1 by machines do not count); needs at least 1",
        "Email Link Clicked : jamais (1 par des machines ne comptent pas) ; il faut au moins 1",
    ),
    (
        did("Product Viewed", where=[{"path": "sku", "op": "eq", "value": "b"}]),
        "Product Viewed where sku is “b”: never (1 with other properties, last on 21 February 2026); needs at least 1",
        "Product Viewed où sku vaut « b » : jamais (1 avec d’autres propriétés, la dernière le 21 février 2026) ; il faut au moins 1",
    ),
    (
        did("Order Completed", aggregate={"fn": "sum", "path": "total", "gte": 100}),
        "Order Completed: once, on Tuesday; the sum of total is 60.5; needs at least 100",
        "Order Completed : une fois, mardi ; la somme de total vaut 60,5 ; il faut au moins 100",
    ),
    (  # a long one
        {"type": "sequence", "steps": [{"event": "Email Opened"}, {"event": "Cart Abandoned"}, {"event": "Order Completed", "within": "1d"}]},
        "2 of 3 steps in this order: Email Opened 3 h ago, Cart Abandoned 30 min ago, then Order Completed less than 1 day later is missing (once, but not after it)",
        "2 étapes sur 3 dans cet ordre : Email Opened il y a 3 h, Cart Abandoned il y a 30 min, puis Order Completed moins de 1 jour plus tard manque (une fois, mais pas après)",
    ),
    (
        {"type": "trait", "path": "plan", "op": "in", "value": ["pro", "top"]},
        "plan is “free”; asked: plan is one of “pro”, “top”",
        "plan vaut « free » ; demandé : plan est parmi « pro », « top »",
    ),
    (
        {"type": "trait", "path": "born", "op": "anniversary_within", "value": "7d"},
        "born is “1990-05-01” (on 1 May 1990); asked: born has its anniversary within 1 week",
        "born vaut « 1990-05-01 » (le 1er mai 1990) ; demandé : born a son anniversaire d’ici 1 semaine",
    ),
    (
        {"type": "trait", "path": "city", "op": "is_set"},
        "city is unknown; asked: city is known",
        "city est inconnu ; demandé : city est connu",
    ),
    (
        {"type": "trait", "path": "n", "op": "between", "value": [1, 2.5]},
        "n is 3; asked: n is between 1 and 2.5",
        "n vaut 3 ; demandé : n est entre 1 et 2,5",
    ),
    (
        {"type": "can_receive", "channel": "email"},
        "can be reached by email at ana@example.com; said yes to email on Tuesday; needs a yes",
        "joignable par e-mail à ana@example.com ; a dit oui à e-mail mardi ; il faut un oui",
    ),
    (
        {"type": "can_receive", "channel": "sms"},
        "0612 is not a valid address for SMS; never said anything about SMS; needs a yes",
        "0612 n’est pas une adresse valable pour SMS ; n’a jamais rien dit sur SMS ; il faut un oui",
    ),
    (
        {"type": "can_receive", "channel": "push"},
        "has no address for push; never said anything about push; needs a yes",
        "n’a pas d’adresse pour push ; n’a jamais rien dit sur push ; il faut un oui",
    ),
    (
        {"type": "can_receive", "channel": "webhook"},
        "ana gets nothing any more: it is suppressed",
        "ana ne reçoit plus rien : elle est bloquée",
    ),
    (
        {"type": "subscribed", "group": "news"},
        "said no to news (SMS) on 1 February 2026; needs a yes",
        "a dit non à news (SMS) le 1er février 2026 ; il faut un oui",
    ),
    (
        {"type": "subscribed", "channel": "push"},
        "never said anything about push; needs a yes",
        "n’a jamais rien dit sur push ; il faut un oui",
    ),
    ({"type": "in_list", "list": "vip"}, "on the list vip, added on Tuesday", "sur la liste vip, ajouté mardi"),
    ({"type": "in_list", "list": "old"}, "not on the list old, taken off on Tuesday", "plus sur la liste old, retiré mardi"),
    ({"type": "in_list", "list": "none"}, "never on the list none", "jamais sur la liste none"),
    (
        {"type": "predicted", "prediction": "buys", "score": {"gte": 75}},
        "scored 71.5 (medium) by buys on Tuesday; needs a score of at least 75",
        "noté 71,5 (moyenne) par buys mardi ; il faut une note de au moins 75",
    ),
    (
        {"type": "predicted", "prediction": "spends", "top": 10, "within": "7d"},
        "scored 80 (high) by spends on Tuesday; place 12, higher than 96.5 % of all; needs one of the first 10 places; needs a score younger than 1 week",
        "noté 80 (forte) par spends mardi ; rang 12, au-dessus de 96,5 % de l’ensemble ; il faut l’un des 10 premiers rangs ; il faut une note de moins de 1 semaine",
    ),
    (
        {"type": "predicted", "prediction": "buys", "percentile": {"gte": 90}},
        "scored 71.5 (medium) by buys on Tuesday; its place is known from the next scoring on; needs a percentile of at least 90",
        "noté 71,5 (moyenne) par buys mardi ; son rang sera connu au prochain calcul ; il faut un percentile : au moins 90",
    ),
    (
        {"type": "predicted", "prediction": "spends", "value": {"gte": 50}},
        "scored 80 (high) by spends on Tuesday; 42.5 expected; needs an amount of at least 50",
        "noté 80 (forte) par spends mardi ; 42,5 attendus ; il faut un montant : au moins 50",
    ),
    (
        {"type": "predicted", "prediction": "leaves", "category": ["high", "low"]},
        "has no score of leaves; needs high or low",
        "n’a pas de note de leaves ; il faut forte ou faible",
    ),
    (
        {"type": "message", "source": "journey:cart", "step": "mail", "status": "opened", **IN_72H},
        "messages of journey:cart at step mail opened: never in the last 3 days; of its messages 1 sent, 1 blocked, last sent on Tuesday",
        "messages de journey:cart à l’étape mail ouverts : jamais en 3 jours ; de ses messages, envoyés 1, bloqués 1, le dernier envoyé mardi",
    ),
    (
        {"type": "message", "source": "campaign:news", "status": "sent"},
        "messages of campaign:news sent: never; it sent this person nothing",
        "messages de campaign:news envoyés : jamais ; rien ne lui a été envoyé",
    ),
    (
        {"type": "journey", "journey": "cart", "state": "active", "step": "mail"},
        "in journey cart 2 times, entered on Tuesday, stands at mail, finished, last on 5 March 2026; asked: is inside at step mail",
        "dans le parcours cart 2 fois, entré mardi, se trouve à mail, terminé, la dernière fois le 5 mars 2026 ; demandé : y est à l’étape mail",
    ),
    (
        {"type": "journey", "journey": "other", "state": "never"},
        "was never in journey other; asked: was never inside",
        "n’a jamais été dans le parcours other ; demandé : n’y a jamais été",
    ),
    (
        {"type": "near", "path": "home", "lat": 48.85, "lon": 2.4, "km": 3},
        "home is 3.658 km away; needs at most 3 km",
        "home est à 3,658 km ; il faut au plus 3 km",
    ),
    ({"type": "near", "path": "plan", "lat": 0, "lon": 0, "km": 1}, "plan is no place with `lat` and `lon`", "plan n’est pas un lieu avec `lat` et `lon`"),
    (
        {"type": "bucket", "salt": "s", "from": 0, "to": 100},
        "falls into bucket 9336 of s; needs 0 to 99",
        "tombe dans le lot 9336 de s ; il faut de 0 à 99",
    ),
    ({"type": "in_segment", "segment": "vip"}, "in segment vip", "dans le segment vip"),
    ({"type": "all", "of": []}, "everyone is in", "tout le monde en fait partie"),
    (
        {"type": "all", "of": [{"type": "in_list", "list": "vip"}, {"type": "in_list", "list": "old"}]},
        "1 of 2 conditions hold; all must",
        "conditions remplies : 1 sur 2 ; il les faut toutes",
    ),
    (
        {"type": "any", "of": [{"type": "in_list", "list": "vip"}, {"type": "in_list", "list": "old"}]},
        "1 of 2 conditions hold; one is enough",
        "conditions remplies : 1 sur 2 ; une suffit",
    ),
    ({"type": "not", "of": {"type": "in_list", "list": "old"}}, "what is below does not hold, and must not", "ce qui suit n’est pas rempli, et ne doit pas l’être"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "english", "french"), TOLD, ids=lambda value: value["type"] if isinstance(value, dict) else ""
)
def test_a_sentence_in_each_language(source: dict[str, Any], english: str, french: str) -> None:
    assert english == tell(source, "en")
    assert french == tell(source, "fr").replace(NBSP, " ")


def test_every_kind_of_condition_has_a_sentence() -> None:
    told = {type(parse_condition(source)) for source, _, _ in TOLD}
    told |= {model.Frozen, model.Earlier}  # below; the latter is never asked about alone

    assert [] == [kind.__name__ for kind in get_args(model.Condition) if kind not in told]


@pytest.mark.parametrize(
    ("segment", "english", "french"),
    [("vip", "was in it", "en faisait partie"), ("old", "was not in it", "n’en faisait pas partie")],
)
def test_an_archived_segment_says_so(segment: str, english: str, french: str) -> None:
    live = parse_condition({"type": "in_list", "list": "vip"})
    rows = [ListRow(1, 0, TUESDAY, "segment:vip", member=True, tick=1)]
    view = View(replace(ANA, lists=[*ANA.lists, *rows]), NOW, FAR_SEQ, model.ConditionSettings(), {})
    told = explain(model.Frozen(segment, TUESDAY, live), view)
    early = explain(model.Frozen(segment, TUESDAY, live), replace(view, at=TUESDAY - 1))

    assert f"{english} when it was archived on Tuesday; an archived segment keeps its members" == told.sentence(
        make_teller("en", NOW, view.zone())
    )
    assert told.sentence(make_teller("fr", NOW, view.zone())).startswith(f"{french} lors de l’archivage mardi")
    assert ("2026-03-10T12:00:00Z", "on list vip") == (told.seen["archived_at"], early.condition)


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        ({"type": "in_segment", "segment": "vip"}, "not in segment “Best customers”", "pas dans le segment « Best customers »"),
        ({"type": "in_segment", "segment": "other"}, "not in segment other", "pas dans le segment other"),
        ({"type": "message", "source": "journey:welcome"}, "“Welcome!” sent", "« Welcome! » envoyé"),
    ],
)
def test_a_definition_is_called_by_its_name(source: dict[str, Any], english: str, french: str) -> None:
    names = {"segment:vip": "Best customers", "journey:welcome": "Welcome!", "template:vip": "a letter"}
    never = {name: parse_condition({"type": "any", "of": []}) for name in ("vip", "other")}
    view = View(ANA, NOW, FAR_SEQ, model.ConditionSettings(), never)
    told = explain(parse_condition(source), view)

    for language, expected in (("en", english), ("fr", french)):
        assert expected in told.sentence(make_teller(language, NOW, view.zone(), names)).replace(NBSP, " ")


def test_both_languages_say_the_same() -> None:
    for table in ("phrases", "limits", "clauses", "channels", "states", "functions", "units", "categories"):
        english, french = getattr(ENGLISH, table), getattr(FRENCH, table)

        assert english.keys() == french.keys(), table
        for key in english:
            assert set(re.findall(r"\{\w+\}", english[key])) == set(re.findall(r"\{\w+\}", french[key])), key
    assert ("en", "fr") == LANGUAGES


def test_the_tables_know_every_word_of_conditions() -> None:
    assert set(OPERATORS) == ENGLISH.clauses.keys()
    assert {*model.CHANNELS, ""} == ENGLISH.channels.keys()
    assert set(model.AGGREGATES) == ENGLISH.functions.keys()
    assert set(STATUSES) <= ENGLISH.states.keys()
    assert all(f"state_{state}" in ENGLISH.phrases for state in model.JOURNEY_STATES)


def test_time_is_told_from_where_the_person_is() -> None:
    zone = View(ANA, NOW, FAR_SEQ, model.ConditionSettings(), {}).zone()
    told = make_teller("en", NOW, zone)

    assert "just now" == told.when("2026-03-13T11:59:30Z")
    assert "on Saturday" == told.when("2026-03-06T23:30:00Z")  # 00:30 in Paris
    assert "on 6 March 2026" == told.when("2026-03-06T10:00:00Z")
    assert "on 14 March 2026" == told.when("2026-03-14T10:00:00Z")
    assert "" == told.when(None)
