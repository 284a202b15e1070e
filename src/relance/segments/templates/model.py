"""What a template of segments is: its words, its parameters, and the sentence it makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.conditions import Condition

Language: TypeAlias = Literal["en", "fr"]
Kind: TypeAlias = Literal["length", "whole", "number", "choice", "truth", "event", "path", "group", "text", "texts", "day"]
Group: TypeAlias = Literal["espresso", "lifecycle", "value", "interest", "engagement", "reach", "occasion"]

LANGUAGES: tuple[Language, ...] = ("en", "fr")
ANY = "any"  # of a choice: nothing is asked


@dataclass(frozen=True, slots=True)
class Words:
    """The same in English and in French."""

    en: str
    fr: str

    def said(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en

    def as_json(self) -> dict[str, str]:
        return {"en": self.en, "fr": self.fr}


GROUPS: dict[Group, Words] = {
    "espresso": Words("Espresso shots", "Espressos"),
    "lifecycle": Words("Lifecycle", "Cycle de vie"),
    "value": Words("Value", "Valeur"),
    "interest": Words("Interest", "Intérêt"),
    "engagement": Words("Engagement", "Engagement"),
    "reach": Words("Reach", "Joignabilité"),
    "occasion": Words("Occasions", "Occasions"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that can be set, within limits.

    `least` and `most` are of its kind: lengths of time for a length, numbers for numbers; both may be reached.
    """

    name: str
    kind: Kind
    about: Words
    default: Any = None  # None: it must be given
    least: Any = None
    most: Any = None
    options: tuple[str, ...] = ()  # of a choice
    example: Any = None  # where there is no default
    may_be_empty: bool = False  # of texts: "" leaves the question out

    @property
    def required(self) -> bool:
        return self.default is None

    def as_json(self) -> dict[str, Any]:
        """As programs are told; what does not apply is left out."""
        more = {"default": self.default, "least": self.least, "most": self.most, "example": self.example}
        told = {name: value for name, value in more.items() if value is not None}
        options = {"options": list(self.options)} if self.options else {}
        return {
            "name": self.name,
            "kind": self.kind,
            "required": self.required,
            **told,
            **options,
            "about": self.about.as_json(),
        }


@dataclass(frozen=True, slots=True)
class SegmentTemplate:
    """A segment that marketers expect, with what they like to change as parameters.

    `build` takes the parameters by name and answers the condition; where two of them contradict each other it refuses.
    """

    id: str
    group: Group
    name: Words
    about: Words
    parameters: tuple[Parameter, ...]
    build: Callable[..., Condition]

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def defaults(self) -> dict[str, Any]:
        """The parameters as they are when nobody says anything; for those that must be given, their examples."""
        return {p.name: p.example if p.default is None else p.default for p in self.parameters}

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "group": self.group,
            "name": self.name.as_json(),
            "about": self.about.as_json(),
            "parameters": [parameter.as_json() for parameter in self.parameters],
        }
