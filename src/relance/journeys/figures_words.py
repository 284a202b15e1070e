# ruff: noqa: RUF001 - French writes its spaces so
"""What a comparison with those who were held out means, in one sentence. English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.experiments.proportions import Comparison, Group

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "nobody": "There is nobody to compare with yet: {treated} entered, {held} of them held out.",
        "no_detectable_difference": "No detectable difference: {one} of those treated and {other} of those held out did it; the difference lies "
        "between {low} and {high} points.",
        "more": "Those treated did it more often: {one} beside {other} of those held out, {low} to {high} points more.",
        "fewer": "Those treated did it less often: {one} beside {other} of those held out, {high} to {low} points less.",
        "decimal": ".",
        "percent": "{n} %",
    },
    "fr": {
        "nobody": "Il n’y a encore personne à comparer : {treated} sont entrés, dont {held} tenus à l’écart.",
        "no_detectable_difference": "Pas de différence décelable : {one} des personnes traitées et {other} des personnes tenues à l’écart l’ont fait ; "
        "la différence est entre {low} et {high} points.",
        "more": "Les personnes traitées l’ont fait plus souvent : {one} contre {other} des personnes tenues à l’écart, de {low} à {high} points de plus.",
        "fewer": "Les personnes traitées l’ont fait moins souvent : {one} contre {other} des personnes tenues à l’écart, de {high} à {low} points de moins.",
        "decimal": ",",
        "percent": "{n} %",
    },
}


def say_comparison(treated: Group, held: Group, found: Comparison | None, language: str) -> str:
    """The verdict of a comparison, with its figures."""
    words = _WORDS.get(language, _WORDS["en"])
    if found is None:
        return words["nobody"].format(treated=treated.n + held.n, held=held.n)

    def points(share: float) -> str:
        value = 100 * (abs(share) if found is not None and found.verdict == "fewer" else share)
        return f"{value:.1f}".replace(".", words["decimal"])

    def percent(group: Group) -> str:
        return words["percent"].format(n=f"{100 * group.hits / group.n:.1f}".replace(".", words["decimal"]))

    low, high = points(found.difference.low), points(found.difference.high)
    return words[found.verdict].format(one=percent(treated), other=percent(held), low=low, high=high)
