"""What the made shop sells: Atelier Brume, things for slow mornings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SHOP_NAME = "Atelier Brume"
SHOP_URL = "https://brume.example"

# The collections by id: in English, in French, how much they are looked at, the tint of their products.
COLLECTIONS: dict[str, tuple[str, str, float, str]] = {
    "espresso": ("Espresso", "Espresso", 1.5, "#E9DCCB"),
    "filter": ("Slow coffee", "Café filtre", 1.2, "#E4E1D3"),
    "tea": ("Tea", "Thé", 1.0, "#DCE5D6"),
    "table": ("The table", "La table", 1.1, "#DDE3E8"),
    "linen": ("Linen", "Le lin", 0.8, "#EBE3E1"),
    "summer": ("Summer", "Été", 1.4, "#F3E3C3"),
}


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on the shelf."""

    id: str
    collection: str
    name_en: str
    name_fr: str
    price: int  # the same number in euros and in dollars
    weight: float  # how often it is looked at, beside its neighbours

    def name(self, language: str) -> str:
        """Its name in the visitor's language."""
        return self.name_fr if language == "fr" else self.name_en

    def as_properties(self, language: str, quantity: int = 1) -> dict[str, Any]:
        """How Segment's e-commerce events name a product."""
        return {
            "product_id": self.id,
            "name": self.name(language),
            "category": self.collection,
            "price": self.price,
            "quantity": quantity,
            "url": f"{SHOP_URL}/{language}/{self.id}",
            "tint": COLLECTIONS[self.collection][3],
        }


_SHELF = """
espresso | lever-press      | Lever espresso press       | Presse espresso à levier     | 189 | 1.2
espresso | hand-grinder     | Hand grinder, ash and steel | Moulin à main, frêne et acier | 94 | 1.4
espresso | espresso-cups    | Espresso cups, set of four | Tasses à espresso, lot de 4  |  38 | 2.0
espresso | tamper           | Olive wood tamper          | Tasseur en olivier           |  29 | 1.1
espresso | moka-pot         | Moka pot, six cups         | Cafetière moka, six tasses   |  46 | 1.6
espresso | house-blend      | House blend, 500 g         | Mélange maison, 500 g        |  17 | 2.4
espresso | milk-jug         | Milk jug, brushed steel    | Pot à lait, acier brossé     |  24 | 1.0
filter   | pour-over        | Pour-over cone, stoneware  | Cône à filtre, grès          |  34 | 1.8
filter   | glass-carafe     | Glass carafe, 800 ml       | Carafe en verre, 800 ml      |  42 | 1.3
filter   | gooseneck-kettle | Gooseneck kettle           | Bouilloire col de cygne      |  79 | 1.5
filter   | paper-filters    | Paper filters, hundred     | Filtres en papier, par cent  |   9 | 1.6
filter   | ethiopia-guji    | Ethiopia Guji, 250 g       | Éthiopie Guji, 250 g         |  15 | 2.2
filter   | colombia-huila   | Colombia Huila, 250 g      | Colombie Huila, 250 g        |  14 | 1.9
filter   | travel-press     | Travel press               | Piston de voyage             |  39 | 0.9
tea      | cast-teapot      | Cast iron teapot           | Théière en fonte             |  88 | 1.1
tea      | gyokuro          | Gyokuro, first harvest     | Gyokuro, première récolte    |  32 | 1.2
tea      | smoked-black     | Smoked black tea           | Thé noir fumé                |  15 | 1.4
tea      | verbena          | Verbena from the Drôme     | Verveine de la Drôme         |  11 | 1.7
tea      | tea-tin          | Washi paper tea tin        | Boîte à thé en papier washi  |  19 | 1.0
tea      | matcha-set       | Matcha set                 | Nécessaire à matcha          |  64 | 1.6
tea      | glass-infuser    | Glass infuser mug          | Tisanière en verre           |  27 | 1.3
table    | breakfast-bowl   | Breakfast bowl, fog blue   | Bol du matin, bleu brume     |  26 | 2.1
table    | stoneware-plate  | Stoneware plate            | Assiette en grès             |  23 | 1.7
table    | bread-board      | Walnut bread board         | Planche à pain en noyer      |  58 | 1.2
table    | honey-spoon      | Pear wood honey spoon      | Cuillère à miel, poirier     |  12 | 1.1
table    | egg-cups         | Egg cups, pair             | Coquetiers, la paire         |  18 | 1.0
table    | butter-dish      | Butter dish with lid       | Beurrier à couvercle         |  36 | 1.4
table    | jam-trio         | Three jams, one season     | Trois confitures de saison   |  21 | 1.5
linen    | table-runner     | Washed linen runner        | Chemin de table, lin lavé    |  49 | 1.1
linen    | tea-towels       | Tea towels, set of three   | Torchons, lot de trois       |  33 | 1.5
linen    | napkins          | Linen napkins, set of six  | Serviettes en lin, lot de six |  54 | 1.3
linen    | apron            | Cross-back apron           | Tablier croisé               |  62 | 1.2
linen    | bed-throw        | Waffle throw               | Plaid gaufré                 | 118 | 0.8
linen    | robe             | Morning robe               | Peignoir du matin            | 129 | 0.9
summer   | cold-brew        | Cold brew bottle           | Bouteille à infusion froide  |  44 | 1.9
summer   | iced-tea         | Iced tea, peach and thyme  | Thé glacé, pêche et thym     |  13 | 1.8
summer   | picnic-basket    | Willow picnic basket       | Panier à pique-nique, osier  |  96 | 1.3
summer   | enamel-mugs      | Enamel mugs, pair          | Tasses émaillées, la paire   |  28 | 1.6
summer   | citrus-press     | Citrus press               | Presse-agrumes               |  52 | 1.2
summer   | garden-lantern   | Garden lantern             | Lanterne de jardin           |  67 | 1.1
summer   | ice-moulds       | Clear ice moulds           | Moules à glaçons clairs      |  22 | 1.0
summer   | linen-hat        | Linen sun hat              | Chapeau de soleil en lin     |  45 | 1.2
"""


def _read_shelf() -> tuple[Product, ...]:
    rows = [[cell.strip() for cell in line.split("|")] for line in _SHELF.strip().splitlines()]
    return tuple(Product(id_, c, en, fr, int(price), float(weight)) for c, id_, en, fr, price, weight in rows)


PRODUCTS = _read_shelf()
BY_COLLECTION = {c: tuple(p for p in PRODUCTS if p.collection == c) for c in COLLECTIONS}
