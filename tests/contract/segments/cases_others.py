"""Who is in the templates about interest, engagement, reach and occasions, and who nearly is."""

from __future__ import annotations

from tests.contract.segments.people import Case, Dead, event, instant, just_within, no, often, traits, yes

ORDER, VIEWED, ADDED, CHECKOUT = "Order Completed", "Product Viewed", "Product Added", "Checkout Started"
APP = "Application Opened"

INTEREST = [
    Case(
        "cart-abandoners",
        inside={"yesterday": [event(ADDED, "1d")], "an hour ago": [event(ADDED, "1h")]},
        outside={
            "still at it": [event(ADDED, "1d"), event(ADDED, "59m")],
            "ordered": [event(ADDED, "1d"), event(ORDER, "20h")],
            "too long ago": [event(ADDED, "72h")],
            "looked only": [event(VIEWED, "1d")],
        },
    ),
    Case(
        "checkout-abandoners",
        inside={"yesterday": [event(CHECKOUT, "1d")]},
        outside={
            "still at it": [event(CHECKOUT, "10m")],
            "ordered": [event(CHECKOUT, "1d"), event(ORDER, "23h")],
            "cart only": [event(ADDED, "1d")],
        },
    ),
    Case(
        "high-value-carts",
        inside={"several": [event(ADDED, "1d", price=99.5), event(ADDED, "2d", price=50.5)]},
        outside={
            "too little": [event(ADDED, "1d", price=149.99)],
            "one of them too long ago": [event(ADDED, "1d", price=99.5), event(ADDED, "72h", price=50.5)],
            "ordered": [event(ADDED, "1d", price=500), event(ORDER, "1d")],
        },
    ),
    Case(
        "window-shoppers",
        inside={"five looks": often(5, VIEWED, "1d")},
        outside={
            "four": often(4, VIEWED, "1d"),
            "into the cart": [*often(5, VIEWED, "1d"), event(ADDED, "13d")],
            "ordered": [*often(5, VIEWED, "1d"), event(ORDER, "13d")],
        },
    ),
    Case(
        "category-lovers",
        parameters={"category": "Shoes"},
        inside={"three": often(3, VIEWED, "1d", category="Shoes"), "spelled otherwise": often(3, VIEWED, "1d", category="SHOES")},
        outside={
            "two and a hat": [*often(2, VIEWED, "1d", category="Shoes"), event(VIEWED, "1d", category="Hats")],
            "too long ago": often(3, VIEWED, "30d", category="Shoes"),
        },
    ),
    Case(
        "searched-not-bought",
        inside={"yesterday": [event("Products Searched", "1d", query="red shoes")]},
        outside={"bought": [event("Products Searched", "1d"), event(ORDER, "6d")], "long ago": [event("Products Searched", "7d")]},
    ),
    Case(
        "back-in-stock",
        parameters={"product": "SKU-1"},
        inside={
            "wished": [event("Product Added to Wishlist", "9d", product_id="SKU-1")],
            "bought another": [
                event("Product Added to Wishlist", "9d", product_id="SKU-1"), event(ORDER, "1d", products=[{"product_id": "SKU-2"}]),
            ],
        },
        outside={
            "another": [event("Product Added to Wishlist", "9d", product_id="SKU-2")],
            "bought it": [
                event("Product Added to Wishlist", "9d", product_id="SKU-1"),
                event(ORDER, "1d", products=[{"product_id": "SKU-2"}, {"product_id": "SKU-1"}]),
            ],
            "long ago": [event("Product Added to Wishlist", "90d", product_id="SKU-1")],
        },
    ),
    Case(
        "cross-sell",
        parameters={"category": "Shoes", "offer": "Socks"},
        inside={"shoes": [event(ORDER, "9d", products=[{"category": "shoes"}, {"category": "Hats"}])]},
        outside={
            "both": [event(ORDER, "9d", products=[{"category": "Shoes"}]), event(ORDER, "900d", products=[{"category": "socks"}])],
            "hats": [event(ORDER, "9d", products=[{"category": "Hats"}])],
            "nothing named": [event(ORDER, "9d")],
        },
    ),
    Case(
        "replenishment",
        parameters={"product": "SKU-1"},
        inside={"due": [event(ORDER, "40d", products=[{"product_id": "SKU-1"}]), event(ORDER, "1d", products=[{"product_id": "X"}])]},
        outside={
            "too fresh": [event(ORDER, "29d", products=[{"product_id": "SKU-1"}])],
            "too late": [event(ORDER, "45d", products=[{"product_id": "SKU-1"}])],
            "again": [event(ORDER, "40d", products=[{"product_id": "SKU-1"}]), event(ORDER, "5d", products=[{"product_id": "SKU-1"}])],
        },
    ),
    Case(
        "review-candidates",
        inside={"two weeks": [event(ORDER, "14d")], "a week to the moment": [event(ORDER, "7d")]},
        outside={
            "on its way": [event(ORDER, "6d"), event(ORDER, "14d")],
            "too old": [event(ORDER, "21d")],
            "reviewed": [event(ORDER, "14d"), event("Product Reviewed", "2d")],
            "sent back": [event(ORDER, "14d"), event("Order Refunded", "2d")],
        },
    ),
]  # fmt: skip

ENGAGEMENT = [
    Case(
        "engaged",
        inside={
            "opened": [yes("email"), event("Email Opened", just_within("30d"))],
            "clicked": [yes("email"), event("Email Link Clicked", "1d")],
        },
        outside={
            "at the edge": [yes("email"), event("Email Opened", "30d")],
            "said no": [yes("email"), no("email"), event("Email Opened", "1d")],
            "by a machine": [yes("email"), event("Email Opened", "1d", machine=True)],
        },
    ),
    Case(
        "engaged",
        parameters={"channel": "sms", "within": "90d"},
        inside={
            "clicked": [yes("sms"), event("SMS Link Clicked", "89d")],
            "answered": [yes("sms"), event("SMS Replied", "60d")],
        },
        outside={"email": [yes("sms"), yes("email"), event("Email Opened", "1d")]},
    ),
    Case(
        "engaged",
        parameters={"channel": "push", "within": "60d"},
        inside={"tapped": [yes("push"), event("Push Notification Tapped", "59d")]},
        outside={"only got it": [yes("push"), event("Push Notification Received", "1d")]},
    ),
    Case(
        "frequent-clickers",
        inside={"three": [yes("email"), *often(3, "Email Link Clicked", "1d")]},
        outside={"two and opens": [yes("email"), *often(2, "Email Link Clicked", "1d"), *often(5, "Email Opened", "1d")]},
    ),
    Case(
        "frequent-clickers",
        parameters={"channel": "push", "at_least": 1},
        inside={"a tap": [yes("push"), event("Push Notification Tapped", "1d")]},
        outside={"none": [yes("push"), event(APP, "1d")]},
    ),
    Case(
        "never-opened",
        inside={"five": [yes("email"), *often(5, "Email Delivered", "9d")]},
        outside={
            "four": [yes("email"), *often(4, "Email Delivered", "9d")],
            "opened once, years ago": [yes("email"), *often(5, "Email Delivered", "9d"), event("Email Opened", "900d")],
            "clicked": [yes("email"), *often(5, "Email Delivered", "9d"), event("Email Link Clicked", "9d")],
            "said no": [yes("email"), no("email"), *often(5, "Email Delivered", "9d")],
        },
    ),
    Case(
        "unengaged",
        inside={"silent": [yes("email"), *often(8, "Email Delivered", "9d"), event("Email Opened", "120d")]},
        outside={
            "seven": [yes("email"), *often(7, "Email Delivered", "9d")],
            "opened": [yes("email"), *often(8, "Email Delivered", "9d"), event("Email Opened", "119d")],
            "came by": [yes("email"), *often(8, "Email Delivered", "9d"), event("Page Viewed", "119d")],
            "ordered": [yes("email"), *often(8, "Email Delivered", "9d"), event(ORDER, "119d")],
        },
    ),
    Case(
        "unengaged",
        parameters={"signs": False, "within": "30d"},
        inside={"came by": [yes("email"), *often(8, "Email Delivered", "9d"), event("Page Viewed", "1d")]},
        outside={"clicked": [yes("email"), *often(8, "Email Delivered", "9d"), event("Email Link Clicked", "1d")]},
    ),
    Case(
        "app-users",
        inside={"three": often(3, APP, "29d")},
        outside={"two": often(2, APP, "1d"), "too long ago": often(3, APP, "30d")},
    ),
    Case(
        "sleeping-app-users",
        inside={"a month": [event(APP, "30d")], "two weeks": [event(APP, "14d")]},
        outside={
            "yesterday too": [event(APP, "30d"), event(APP, "13d")],
            "took it off": [event(APP, "30d"), event("Application Uninstalled", "20d")],
            "too long ago": [event(APP, "90d")],
        },
    ),
]

REACH = [
    Case(
        "not-yet-subscribed",
        inside={"known": [traits(email="a@example.com")]},
        outside={
            "said yes": [traits(email="a@example.com"), yes("email")],
            "said no": [
                traits(email="a@example.com"),
                event("Subscription Changed", "9d", channel="email", state="unsubscribed"),
            ],
            "unsubscribed": [traits(email="a@example.com"), event("Unsubscribed", "9d")],
            "unknown": [traits(phone="+33600000000")],
        },
    ),
    Case(
        "not-yet-subscribed",
        parameters={"channel": "sms", "customers": True},
        inside={"customer": [traits(phone="+33600000000"), event(ORDER, "900d")]},
        outside={
            "prospect": [traits(phone="+33600000000")],
            "said yes": [traits(phone="+33600000000"), event(ORDER, "1d"), yes("sms")],
        },
    ),
    Case(
        "sms-only",
        inside={"texts": [yes("sms")], "dead email": [yes("sms"), yes("email"), Dead("email")]},
        outside={"email too": [yes("sms"), yes("email")], "push too": [yes("sms"), yes("push")], "neither": []},
    ),
    Case(
        "sms-only",
        parameters={"nor_push": False},
        inside={"push too": [yes("sms"), yes("push")]},
        outside={"email too": [yes("sms"), yes("email")]},
    ),
    Case(
        "push-reachable",
        inside={"uses it": [yes("push"), event(APP, "29d")]},
        outside={"asleep": [yes("push"), event(APP, "30d")], "said no": [yes("push"), no("push"), event(APP, "1d")]},
    ),
    Case(
        "multi-channel",
        inside={"two": [yes("email"), yes("push")], "three": [yes("email"), yes("sms"), yes("push")]},
        outside={"one": [yes("email")], "one is dead": [yes("email"), yes("sms"), Dead("sms")]},
    ),
    Case(
        "multi-channel",
        parameters={"channels": 3},
        inside={"three": [yes("email"), yes("sms"), yes("push")]},
        outside={"two": [yes("email"), yes("sms")]},
    ),
    Case(
        "newsletter-group",
        inside={"both": [yes("email"), yes("email", "newsletter")]},
        outside={
            "channel only": [yes("email")],
            "group only": [yes("email", "newsletter")],
            "another group": [yes("email"), yes("email", "offers")],
            "for texts": [yes("email"), yes("sms", "newsletter")],
        },
    ),
    Case(
        "bounced-addresses",
        inside={"for good": [event("Email Bounced", "9d", bounce_type="hard")]},
        outside={
            "for now": [event("Email Bounced", "9d", bounce_type="soft")],
            "long ago": [event("Email Bounced", "365d", bounce_type="hard")],
        },
    ),
    Case(
        "nearby",
        parameters={"lat": 48.8566, "lon": 2.3522, "km": 10},
        inside={"in the next street": [traits(location={"lat": 48.86, "lon": 2.35})]},
        outside={"in Versailles": [traits(location={"lat": 48.8049, "lon": 2.1204})], "nowhere": []},
    ),
    Case(
        "in-places",
        parameters={"places": ["Atlanta", "Seattle"]},
        inside={"there": [traits(address={"city": "atlanta"})]},
        outside={"elsewhere": [traits(address={"city": "Boston"})], "nowhere": []},
    ),
    Case("random-sample", parameters={"percent": 100}, inside={"all": []}, outside={}),
    Case("random-sample", parameters={"percent": 0.01, "salt": "s-1"}, inside={}, outside={"hardly anybody": []}),
]

OCCASION = [
    Case(
        "birthday-week",
        inside={
            "today": [traits(birthday="1990-06-15")],
            "on Saturday": [traits(birthday="1990-06-20")],
            "the last day": [traits(birthday="1990-06-22")],
        },
        outside={"yesterday": [traits(birthday="1990-06-14")], "too far": [traits(birthday="1990-06-23")], "not said": []},
    ),
    Case(
        "customer-anniversary",
        inside={"for a year": [traits(createdAt="2025-06-18")]},
        outside={"new today": [traits(createdAt="2026-06-15")], "in July": [traits(createdAt="2025-07-01")]},
    ),
    Case(
        "renewal-due",
        parameters={"renewal": "contract.ends"},
        inside={"in a month": [traits(contract={"ends": instant("-30d")})]},
        outside={"later": [traits(contract={"ends": instant("-31d")})], "past": [traits(contract={"ends": instant("1d")})]},
    ),
]
