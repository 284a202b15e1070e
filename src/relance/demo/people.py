"""Who comes to the made shop: names, places, consents, and how each of them reacts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relance.clock import from_micros
from relance.demo.catalogue import COLLECTIONS

if TYPE_CHECKING:
    from random import Random

    from relance.demo.catalogue import Product

# City, country, time zone, language most speak there, how many of the shop's people live there.
CITIES = [
    ("Atlanta", "US", "America/New_York", "en", 12),
    ("San Francisco", "US", "America/Los_Angeles", "en", 12),
    ("Seattle", "US", "America/Los_Angeles", "en", 11),
    ("Montréal", "CA", "America/Toronto", "fr", 6),
    ("London", "GB", "Europe/London", "en", 7),
    ("Paris", "FR", "Europe/Paris", "fr", 17),
    ("Lyon", "FR", "Europe/Paris", "fr", 10),
    ("Nantes", "FR", "Europe/Paris", "fr", 7),
    ("Bordeaux", "FR", "Europe/Paris", "fr", 6),
    ("Lille", "FR", "Europe/Paris", "fr", 5),
    ("Bruxelles", "BE", "Europe/Brussels", "fr", 5),
    ("Genève", "CH", "Europe/Zurich", "fr", 2),
]
_CITY_WEIGHTS = [c[4] for c in CITIES]

_FIRST = {
    "fr": [
        "Camille",
        "Louise",
        "Inès",
        "Jeanne",
        "Manon",
        "Léa",
        "Chloé",
        "Zoé",
        "Margaux",
        "Clara",
        "Élise",
        "Anaïs",
        "Maëlle",
        "Aïcha",
        "Yasmine",
        "Hugo",
        "Jules",
        "Louis",
        "Arthur",
        "Gabriel",
        "Adam",
        "Raphaël",
        "Théo",
        "Lucas",
        "Nathan",
        "Samir",
        "Antoine",
        "Bastien",
        "Émile",
        "Mathis",
        "Rémi",
        "Karim",
        "Noé",
        "Victor",
        "Solène",
        "Apolline",
    ],
    "en": [
        "Olivia",
        "Emma",
        "Ava",
        "Sophia",
        "Mia",
        "Amelia",
        "Harper",
        "Ella",
        "Nora",
        "Grace",
        "Maya",
        "Zoe",
        "Priya",
        "Hannah",
        "Naomi",
        "Liam",
        "Noah",
        "Ethan",
        "Mason",
        "Logan",
        "Caleb",
        "Owen",
        "Jack",
        "Elijah",
        "Marcus",
        "Diego",
        "Andre",
        "Wyatt",
        "Jonah",
        "Felix",
        "Simon",
        "Theo",
        "Ruth",
        "Iris",
        "June",
        "Hazel",
    ],
}
_LAST = {
    "fr": [
        "Martin",
        "Bernard",
        "Dubois",
        "Thomas",
        "Robert",
        "Richard",
        "Petit",
        "Durand",
        "Leroy",
        "Moreau",
        "Simon",
        "Laurent",
        "Lefebvre",
        "Michel",
        "Garcia",
        "Bertrand",
        "Roux",
        "Vincent",
        "Fournier",
        "Morel",
        "Girard",
        "Mercier",
        "Dupont",
        "Lambert",
        "Bonnet",
        "François",
        "Legrand",
        "Garnier",
        "Faure",
        "Rousseau",
        "Blanc",
        "Guérin",
        "Benali",
        "Traoré",
        "Nguyen",
        "Lopez",
    ],
    "en": [
        "Smith",
        "Johnson",
        "Williams",
        "Brown",
        "Jones",
        "Davis",
        "Miller",
        "Wilson",
        "Moore",
        "Taylor",
        "Anderson",
        "Thomas",
        "Jackson",
        "White",
        "Harris",
        "Clark",
        "Lewis",
        "Walker",
        "Hall",
        "Young",
        "King",
        "Wright",
        "Scott",
        "Green",
        "Baker",
        "Adams",
        "Nelson",
        "Carter",
        "Mitchell",
        "Turner",
        "Parker",
        "Evans",
        "Reyes",
        "Okafor",
        "Kim",
        "Patel",
    ],
}


@dataclass(slots=True)
class Cart:
    """What somebody put aside and has not paid for."""

    id: str
    lines: list[tuple[Product, int]]  # product, quantity
    total: int
    paid: bool = False


@dataclass(slots=True)
class Person:
    """One visitor. The propensities are chances in [0, 1]; nobody outside the shop's law sees them."""

    user_id: str
    anonymous_id: str
    first_name: str
    last_name: str
    city: str
    country: str
    timezone: str
    language: str
    birth_year: int
    email: str
    phone: str | None
    device_token: str | None
    device_type: str
    zone: ZoneInfo
    consents: tuple[str, ...]
    favourite: str
    activity: float
    add_to_cart: float
    checkout: float
    return_to_cart: float
    opens: float
    clicks: float
    clicks_sms: float
    taps: float
    proxy_opens: bool  # a privacy proxy opens every email at once
    known: bool = False
    cart: Cart | None = None
    orders: int = 0
    messages_seen: int = 0

    @property
    def currency(self) -> str:
        return "USD" if self.country == "US" else "EUR"

    def local_hour(self, at: int) -> float:
        """The hour of the day where they live."""
        local = from_micros(at).astimezone(self.zone)
        return local.hour + local.minute / 60

    def traits(self) -> dict[str, Any]:
        """What the shop knows about them, as an `identify` call tells it."""
        traits: dict[str, Any] = {
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "language": self.language,
            "timezone": self.timezone,
            "birth_year": self.birth_year,
            "address": {"city": self.city, "country": self.country},
            "favourite_collection": self.favourite,
        }
        return traits | ({"phone": self.phone} if self.phone else {})

    def context(self) -> dict[str, Any]:
        """The `context` their device sends."""
        context: dict[str, Any] = {"locale": f"{self.language}-{self.country}", "timezone": self.timezone}
        if self.device_token:
            context["device"] = {"token": self.device_token, "type": self.device_type}
        return context


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii() and c.isalpha()).lower()


def _make_phone(rng: Random, country: str) -> str:
    """A number of the ranges that are kept for fiction: 555-01xx, Ofcom's 07700 900xxx, ARCEP's 06 39 98 xx xx."""
    if country in {"US", "CA"}:
        area = rng.choice(["404", "415", "206"]) if country == "US" else "514"
        return f"+1{area}55501{rng.randrange(100):02d}"
    if country == "GB":
        return f"+447700900{rng.randrange(1000):03d}"
    return f"+3363998{rng.randrange(10_000):04d}"


def make_person(rng: Random, number: int) -> Person:
    """Draw one visitor."""
    city, country, timezone, tongue, _ = rng.choices(CITIES, _CITY_WEIGHTS)[0]
    language = tongue if rng.random() < 0.93 else ("en" if tongue == "fr" else "fr")
    first, last = rng.choice(_FIRST[language]), rng.choice(_LAST[language])
    domain = (
        "boite.example" if country == "FR" and rng.random() < 0.5 else rng.choice(["example.com", "example.org", "example.net"])
    )
    has_app = rng.random() < 0.58
    has_phone = rng.random() < 0.78
    consents = [
        channel
        for channel, chance in (("email", 0.86), ("sms", 0.62 if has_phone else 0), ("push", 0.74 if has_app else 0))
        if rng.random() < chance
    ]
    return Person(
        user_id=f"c{number:05d}",
        anonymous_id=f"v{number:05d}-{rng.randrange(16**6):06x}",
        first_name=first,
        last_name=last,
        city=city,
        country=country,
        timezone=timezone,
        language=language,
        birth_year=min(2006, max(1946, round(rng.gauss(1986, 12)))),
        email=f"{_plain(first)}.{_plain(last)}{number}@{domain}",
        phone=_make_phone(rng, country) if has_phone else None,
        device_token=f"tok-{number:05d}-{rng.randrange(16**8):08x}" if has_app else None,
        device_type=rng.choices(["ios", "android"], [55, 45])[0],
        zone=ZoneInfo(timezone),
        consents=tuple(consents),
        favourite=rng.choices(list(COLLECTIONS), [c[2] for c in COLLECTIONS.values()])[0],
        activity=rng.gammavariate(0.9, 1.0) + 0.02,
        add_to_cart=rng.betavariate(3, 8),
        checkout=rng.betavariate(2.0, 5.6),
        return_to_cart=rng.betavariate(2.4, 4.4),
        opens=rng.betavariate(2.2, 2.8),
        clicks=rng.betavariate(2.2, 4.0),
        clicks_sms=rng.betavariate(1.8, 5.5),
        taps=rng.betavariate(1.7, 5.0),
        proxy_opens=rng.random() < 0.08,
    )
