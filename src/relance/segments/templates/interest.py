"""What people want: carts left behind, window shoppers, lovers of a category, the next thing to offer."""

from __future__ import annotations

from relance.conditions import Condition, did, did_not, prop
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import (
    CART,
    CATEGORY,
    CATEGORY_PATH,
    ORDER,
    REACH,
    VIEW,
    amount,
    count,
    reachable,
    require_longer,
    window,
)

_CHECKOUT = Parameter(
    "checkout",
    "event",
    Words("The event that begins the checkout.", "L'événement qui commence la commande."),
    "Checkout Started",
)
_IN_ORDER = Parameter(
    "in_order",
    "path",
    Words("Where the order names its products.", "Où la commande nomme ses produits."),
    "products.product_id",
)
_CATEGORY_IN_ORDER = Parameter(
    "in_order", "path",
    Words("Where the order names the categories of its products.", "Où la commande nomme les catégories de ses produits."),
    "products.category",
)  # fmt: skip
_PRODUCT = Parameter("product", "text", Words("Which product.", "Quel produit."), example="SKU-1")
_PAUSE = window("1h", "How long they have left it alone; they may be about to pay.",
                "Depuis combien de temps ils n'y touchent plus ; ils sont peut-être en train de payer.", name="pause", least="1m")  # fmt: skip


def _cart(*, within: str, pause: str, cart: str, order: str, reach: str) -> Condition:
    require_longer(within, pause, "`within` is longer than `pause`")
    return reachable(reach, did(cart, within=within), did_not(cart, within=pause), did_not(order, within=within))


def _checkout(*, within: str, pause: str, checkout: str, order: str, reach: str) -> Condition:
    require_longer(within, pause, "`within` is longer than `pause`")
    return reachable(reach, did(checkout, within=within), did_not(checkout, within=pause), did_not(order, within=within))


def _high_cart(*, value: float, price: str, within: str, cart: str, order: str, reach: str) -> Condition:
    return reachable(reach, did(cart, within=within).sum(price) >= value, did_not(order, within=within))


def _window_shoppers(*, at_least: int, within: str, view: str, cart: str, order: str, reach: str) -> Condition:
    looked = did(view, at_least=at_least, within=within)
    return reachable(reach, looked, did_not(cart, within=within), did_not(order, within=within))


def _category_lovers(*, category: str, at_least: int, within: str, view: str, category_path: str, reach: str) -> Condition:
    where = prop(category_path, ignore_case=True) == category
    return reachable(reach, did(view, where=where, at_least=at_least, within=within))


def _searchers(*, search: str, at_least: int, within: str, order: str, reach: str) -> Condition:
    return reachable(reach, did(search, at_least=at_least, within=within), did_not(order, within=within))


def _back_in_stock(
    *, product: str, interest: str, product_path: str, within: str, order: str, in_order: str, reach: str
) -> Condition:
    wanted = did(interest, where=prop(product_path) == product, within=within)
    return reachable(reach, wanted, did_not(order, where=prop(in_order) == product, within=within))


def _cross_sell(*, category: str, offer: str, within: str, order: str, in_order: str, reach: str) -> Condition:
    bought = did(order, where=prop(in_order, ignore_case=True) == category, within=within)
    return reachable(reach, bought, did_not(order, where=prop(in_order, ignore_case=True) == offer))


def _replenish(*, product: str, after: str, until: str, order: str, in_order: str, reach: str) -> Condition:
    require_longer(until, after, "`until` is longer than `after`")
    where = prop(in_order) == product
    return reachable(reach, did(order, where=where, within=until), did_not(order, where=where, within=after))


def _reviewers(*, after: str, until: str, order: str, review: str, reach: str) -> Condition:
    require_longer(until, after, "`until` is longer than `after`")
    satisfied = [did_not(event, within=until) for event in (review, "Order Refunded")]
    return reachable(reach, did(order, within=until), did_not(order, within=after), *satisfied)


TEMPLATES = (
    SegmentTemplate(
        "cart-abandoners", "interest", Words("Cart abandoners", "Paniers abandonnés"),
        Words("Put something into the cart and did not order.", "Ont mis un produit au panier et n'ont pas commandé."),
        (window("72h", "How long ago at most.", "Il y a combien de temps au plus."), _PAUSE, CART, ORDER, REACH), _cart,
    ),
    SegmentTemplate(
        "checkout-abandoners", "interest", Words("Checkout abandoners", "Commandes abandonnées"),
        Words("Began the checkout and did not order.", "Ont commencé à commander et n'ont pas fini."),
        (window("72h", "How long ago at most.", "Il y a combien de temps au plus."), _PAUSE, _CHECKOUT, ORDER, REACH), _checkout,
    ),
    SegmentTemplate(
        "high-value-carts", "interest", Words("High-value carts", "Paniers de grande valeur"),
        Words("Put much into the cart and did not order.", "Ont mis beaucoup au panier et n'ont pas commandé."),
        (amount("value", 150, "What they put into the cart is worth at least this, each piece once.",
                "Ce qu'ils ont mis au panier vaut au moins cela, chaque pièce une fois."),
         Parameter("price", "path", Words("The property with the price.", "La propriété qui porte le prix."), "price"),
         window("72h", "How long ago at most.", "Il y a combien de temps au plus."), CART, ORDER, REACH), _high_cart,
    ),
    SegmentTemplate(
        "window-shoppers", "interest", Words("Window shoppers", "Lèche-vitrines"),
        Words("Look at products often, and put nothing into the cart.", "Regardent souvent des produits et ne mettent rien au panier."),
        (count("at_least", 5, "How many looks at least.", "Combien de vues au moins."),
         window("14d", "In which time.", "Dans quel délai."), VIEW, CART, ORDER, REACH), _window_shoppers,
    ),
    SegmentTemplate(
        "category-lovers", "interest", Words("Category lovers", "Amateurs d'une catégorie"),
        Words("Look at products of one category again and again.", "Regardent encore et encore les produits d'une catégorie."),
        (CATEGORY, count("at_least", 3, "How many looks at least.", "Combien de vues au moins."),
         window("30d", "In which time.", "Dans quel délai."), VIEW, CATEGORY_PATH, REACH), _category_lovers,
    ),
    SegmentTemplate(
        "searched-not-bought", "interest", Words("Searched, not bought", "Cherché, pas acheté"),
        Words("Searched in the shop and ordered nothing.", "Ont cherché dans la boutique et n'ont rien commandé."),
        (Parameter("search", "event", Words("The event that is a search.", "L'événement qui est une recherche."), "Products Searched"),
         count("at_least", 1, "How many searches at least.", "Combien de recherches au moins."),
         window("7d", "In which time.", "Dans quel délai."), ORDER, REACH), _searchers,
    ),
    SegmentTemplate(
        "back-in-stock", "interest", Words("Back in stock", "De retour en stock"),
        Words("Wanted a product that is there again, and have not bought it.", "Voulaient un produit qui est de nouveau là, et ne l'ont pas acheté."),
        (_PRODUCT,
         Parameter("interest", "event", Words("The event that shows the wish.", "L'événement qui montre l'envie."), "Product Added to Wishlist"),
         Parameter("product_path", "path", Words("The property with the product.", "La propriété qui porte le produit."), "product_id"),
         window("90d", "How long ago at most.", "Il y a combien de temps au plus."), ORDER, _IN_ORDER, REACH), _back_in_stock,
    ),
    SegmentTemplate(
        "cross-sell", "interest", Words("Cross-sell", "Vente croisée"),
        Words("Bought from one category and never from another that goes with it.", "Ont acheté dans une catégorie et jamais dans une autre qui va avec."),
        (CATEGORY, Parameter("offer", "text", Words("The category that goes with it.", "La catégorie qui va avec."), example="Socks"),
         window("365d", "In which time they bought.", "Dans quel délai ils ont acheté."), ORDER, _CATEGORY_IN_ORDER, REACH), _cross_sell,
    ),
    SegmentTemplate(
        "replenishment", "interest", Words("Time to refill", "Réapprovisionnement"),
        Words("Bought a product that should be used up by now.", "Ont acheté un produit qui devrait être épuisé."),
        (_PRODUCT, window("30d", "After this it is used up.", "Après quoi il est épuisé.", name="after", least="1d"),
         window("45d", "After this they have bought elsewhere.", "Après quoi ils ont acheté ailleurs.", name="until", least="1d"),
         ORDER, _IN_ORDER, REACH), _replenish,
    ),
    SegmentTemplate(
        "review-candidates", "interest", Words("Review candidates", "Avis à demander"),
        Words("Have had their last order for a while, kept it, and have not reviewed anything.", "Ont leur dernière commande depuis un moment, l'ont gardée, et n'ont pas donné d'avis."),
        (window("7d", "How old the order is at least.", "L'âge minimal de la commande.", name="after", least="1h"),
         window("21d", "How old the order is at most.", "L'âge maximal de la commande.", name="until", least="1d"), ORDER,
         Parameter("review", "event", Words("The event that is a review.", "L'événement qui est un avis."), "Product Reviewed"), REACH), _reviewers,
    ),
)  # fmt: skip
