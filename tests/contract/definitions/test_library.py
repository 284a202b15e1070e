"""The library of definitions, on both engines of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.clock import SystemClock
from relance.definitions.library import DefinitionLibrary
from relance.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from relance.store import Database

VIP = {"kind": "segment", "id": "vip", "name": "Best", "where": {"type": "trait", "path": "vip", "op": "is_true"}}
FAULTY = {"kind": "segment", "id": "odd", "where": {"type": "all", "of": [{"type": "trait", "path": "age", "op": "gtt"}]}}


@pytest.fixture
def library(database: Database) -> DefinitionLibrary:
    return DefinitionLibrary(database, SystemClock())


def test_what_is_published_is_shown_with_its_versions(library: DefinitionLibrary) -> None:
    library.publish([VIP], actor="ann")
    done = library.publish([{**VIP, "name": "Better"}], actor="bob", expect={"segment:vip": 1})

    shown = library.show("segment", "vip")

    assert [(c["action"], c["version"]) for c in done["changes"]] == [("changed", 2)]
    assert (shown["name"], shown["version"], shown["by"]) == ("Better", 2, "bob")
    assert [v["by"] for v in shown["versions"]] == ["bob", "ann"]
    assert [item["id"] for item in library.list("segment")["items"]] == ["vip"]
    assert library.list("journey") == {"items": []}


def test_all_problems_come_at_once_and_nothing_is_published(library: DefinitionLibrary) -> None:
    with pytest.raises(InvalidInput) as refused:
        library.publish([VIP, FAULTY, {**VIP, "id": "no good"}], actor="ann")

    found = {(p.id, p.path) for p in refused.value.problems}
    assert {("odd", "/where/of/0/op"), ("no good", "/id")} <= found
    assert library.list()["items"] == []


def test_a_check_tells_what_would_change_and_changes_nothing(library: DefinitionLibrary) -> None:
    told: dict[str, Any] = library.check([VIP], "kind: segment\nid: all\nwhere: {type: all, of: []}\n")

    assert [(c["id"], c["action"]) for c in told["changes"]] == [("vip", "created"), ("all", "created")]
    assert library.list()["items"] == []
    assert library.check([FAULTY])["problems"][0]["severity"] == "error"


@pytest.mark.parametrize(("expect", "says"), [(0, "choose another id"), (2, "published by ann meanwhile, as version 1")])
def test_what_somebody_else_published_is_not_written_over(library: DefinitionLibrary, expect: int, says: str) -> None:
    library.publish([VIP], actor="ann")

    with pytest.raises(Conflict, match=says):
        library.publish([{**VIP, "name": "Mine"}], actor="bob", expect={"segment:vip": expect})


def test_what_is_gone_or_never_was_is_told(library: DefinitionLibrary) -> None:
    with pytest.raises(Conflict, match="no segment 'vip' any more"):
        library.publish([VIP], actor="bob", expect={"segment:vip": 1})
    with pytest.raises(NotFound):
        library.show("segment", "vip")
    with pytest.raises(InvalidInput, match="nothing to publish"):
        library.publish([], actor="bob")


def test_an_editor_publishes_what_reaches_nobody_by_itself(library: DefinitionLibrary) -> None:
    done = library.publish([VIP], actor="user:1:ed@shop.example", may_reach=False)

    assert [change["id"] for change in done["changes"]] == ["vip"]
    for definitions, text in (([VIP], "kind: campaign\nid: mail\n"), ([{"kind": "settings"}], "")):
        with pytest.raises(NotAllowed, match=r"wants the scope `definitions:write`"):
            library.publish(definitions, text, actor="user:1:ed@shop.example", may_reach=False)
