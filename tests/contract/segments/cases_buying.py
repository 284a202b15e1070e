"""Who is in the templates about moments, lifecycle and value, and who nearly is."""

from __future__ import annotations

from tests.contract.segments.people import Case, Dead, event, instant, just_within, no, often, traits, yes

ORDER, OPENED, CLICKED = "Order Completed", "Email Opened", "Email Link Clicked"
THREE_DAYS = just_within("72h")

ESPRESSO = [
    Case(
        "espresso-email",
        inside={
            "opened a moment ago": [yes("email"), event(OPENED, "1h")],
            "opened just within": [yes("email"), event(OPENED, THREE_DAYS)],
            "clicked only": [yes("email"), event(CLICKED, "2d")],
            "ordered before": [yes("email"), event(OPENED, "1h"), event(ORDER, "72h")],
            "a machine opened, then a person clicked": [yes("email"), event(OPENED, "2h", machine=True), event(CLICKED, "1h")],
        },
        outside={
            "opened at the edge": [yes("email"), event(OPENED, "72h")],
            "ordered in the time": [yes("email"), event(OPENED, "1h"), event(ORDER, THREE_DAYS)],
            "said no": [yes("email"), no("email"), event(OPENED, "1h")],
            "never said yes": [event(OPENED, "1h")],
            "suppressed": [yes("email"), Dead("email"), event(OPENED, "1h")],
            "a machine opened": [yes("email"), event(OPENED, "1h", machine=True)],
            "only got it": [yes("email"), event("Email Delivered", "1h")],
            "will open": [yes("email"), event(OPENED, -1)],
        },
    ),
    Case(
        "espresso-email",
        parameters={"within": "24h", "also": "sms", "collection": "Shoes", "incentive": "used"},
        inside={
            "all of it": [
                yes("email"), yes("sms"), event(OPENED, "23h"), event("Product List Viewed", "2h", category="Shoes"),
                event("Coupon Applied", "300d"),
            ],
            "saw a product of it": [
                yes("email"), yes("sms"), event(OPENED, "23h"), event("Product Viewed", "2h", category="Shoes"),
                event("Coupon Applied", "300d"), event(ORDER, "24h"),
            ],
        },
        outside={
            "no yes to texts": [
                yes("email"), event(OPENED, "23h"), event("Product Viewed", "2h", category="Shoes"), event("Coupon Applied", "3d"),
            ],
            "another collection": [
                yes("email"), yes("sms"), event(OPENED, "23h"), event("Product Viewed", "2h", category="Hats"),
                event("Coupon Applied", "3d"),
            ],
            "no coupon ever": [yes("email"), yes("sms"), event(OPENED, "23h"), event("Product Viewed", "2h", category="Shoes")],
            "opened too long ago": [
                yes("email"), yes("sms"), event(OPENED, "24h"), event("Product Viewed", "2h", category="Shoes"),
                event("Coupon Applied", "3d"),
            ],
        },
    ),
    Case(
        "espresso-email",
        parameters={"channel": "sms", "incentive": "not_used", "incentive_within": "30d", "order": "Paid"},
        inside={"texts, no coupon lately": [yes("sms"), event(OPENED, "1h"), event("Coupon Applied", "30d"), event(ORDER, "1h")]},
        outside={
            "coupon lately": [yes("sms"), event(OPENED, "1h"), event("Coupon Applied", "29d")],
            "email only": [yes("email"), event(OPENED, "1h")],
            "paid": [yes("sms"), event(OPENED, "1h"), event("Paid", "1h")],
        },
    ),
    Case(
        "espresso-sms",
        inside={"clicked": [yes("sms"), event("SMS Link Clicked", THREE_DAYS)]},
        outside={
            "clicked at the edge": [yes("sms"), event("SMS Link Clicked", "72h")],
            "answered only": [yes("sms"), event("SMS Replied", "1h")],
            "ordered": [yes("sms"), event("SMS Link Clicked", "1h"), event(ORDER, "1h")],
            "by email": [yes("email"), event("SMS Link Clicked", "1h")],
        },
    ),
    Case(
        "espresso-push",
        inside={"tapped": [yes("push"), event("Push Notification Tapped", THREE_DAYS)]},
        outside={
            "only got it": [yes("push"), event("Push Notification Received", "1h")],
            "active only": [yes("push"), event("Application Opened", "1h")],
            "ordered": [yes("push"), event("Push Notification Tapped", "2h"), event(ORDER, "1h")],
            "no token": [event("Push Notification Tapped", "1h")],
        },
    ),
    Case(
        "espresso-push",
        parameters={"app": "required"},
        inside={"both": [yes("push"), event("Push Notification Tapped", "2h"), event("Application Opened", "1h")]},
        outside={"tapped only": [yes("push"), event("Push Notification Tapped", "2h")]},
    ),
    Case(
        "espresso-push",
        parameters={"app": "enough"},
        inside={"active only": [yes("push"), event("Application Opened", "1h")]},
        outside={"long ago": [yes("push"), event("Application Opened", "72h")]},
    ),
]  # fmt: skip

LIFECYCLE = [
    Case(
        "new-people",
        inside={"yesterday": [traits(createdAt=instant("1d"))], "just within": [traits(createdAt=instant("2591999s"))]},
        outside={
            "at the edge": [traits(createdAt=instant("30d"))],
            "to come": [traits(createdAt=instant("-1d"))],
            "unknown": [],
            "no date": [traits(createdAt=1750000000)],
        },
    ),
    Case(
        "new-people",
        parameters={"since": "account.opened", "within": "1h", "reach": "email"},
        inside={"just now": [yes("email"), traits(account={"opened": instant("59m")})]},
        outside={"by texts": [yes("sms"), traits(account={"opened": instant("59m")})]},
    ),
    Case(
        "new-subscribers",
        inside={"a week": [yes("email"), event("Subscription Changed", "7d", channel="email", state="subscribed")]},
        outside={
            "for texts": [yes("email"), event("Subscription Changed", "7d", channel="sms", state="subscribed")],
            "said no since": [
                yes("email"),
                no("email"),
                event("Subscription Changed", "7d", channel="email", state="subscribed"),
            ],
            "long ago": [yes("email"), event("Subscription Changed", "14d", channel="email", state="subscribed")],
        },
    ),
    Case(
        "new-subscribers",
        parameters={"channel": "sms", "not_ordered": True},
        inside={"not ordered": [yes("sms"), event("Subscription Changed", "1d", channel="sms", state="subscribed")]},
        outside={
            "ordered": [yes("sms"), event("Subscription Changed", "1d", channel="sms", state="subscribed"), event(ORDER, "1d")]
        },
    ),
    Case(
        "prospects",
        inside={"looked twice": [event("Product Viewed", "1d"), event("Product Viewed", "29d")]},
        outside={
            "looked once": [event("Product Viewed", "1d")],
            "one of them too long ago": [event("Product Viewed", "1d"), event("Product Viewed", "30d")],
            "ordered once": [*often(3, "Product Viewed", "1d"), event(ORDER, "700d")],
        },
    ),
    Case(
        "first-time-buyers",
        inside={"last week": [event(ORDER, "7d")]},
        outside={"twice": [event(ORDER, "7d"), event(ORDER, "700d")], "long ago": [event(ORDER, "30d")], "never": []},
    ),
    Case(
        "active-customers",
        inside={"last month": [event(ORDER, "30d")]},
        outside={"at the edge": [event(ORDER, "90d")], "refunded only": [event("Order Refunded", "1d")]},
    ),
    Case(
        "active-customers",
        parameters={"at_least": 3, "within": "30d"},
        inside={"three": often(3, ORDER, "20d")},
        outside={"two": often(2, ORDER, "20d")},
    ),
    Case(
        "repeat-buyers",
        inside={"two": [event(ORDER, "1d"), event(ORDER, "364d")]},
        outside={"one": [event(ORDER, "1d")], "one of two too long ago": [event(ORDER, "1d"), event(ORDER, "365d")]},
    ),
    Case(
        "about-to-lapse",
        inside={"in between": [event(ORDER, "75d")], "at the near edge": [event(ORDER, "60d")]},
        outside={
            "too fresh": [event(ORDER, "59d"), event(ORDER, "75d")],
            "lapsed": [event(ORDER, "90d")],
            "never": [],
        },
    ),
    Case(
        "about-to-lapse",
        parameters={"at_least": 2, "quiet": "30d", "lapses_after": "45d"},
        inside={"used to": [event(ORDER, "40d"), event(ORDER, "400d")]},
        outside={"only once": [event(ORDER, "40d")]},
    ),
    Case(
        "one-time-buyers-at-risk",
        inside={"two months": [event(ORDER, "60d")]},
        outside={
            "twice": [event(ORDER, "60d"), event(ORDER, "61d")],
            "fresh": [event(ORDER, "29d")],
            "gone": [event(ORDER, "90d")],
        },
    ),
    Case(
        "lapsed-customers",
        inside={"a year": [event(ORDER, "365d")], "at the edge": [event(ORDER, "180d")]},
        outside={"too fresh": [event(ORDER, just_within("180d")), event(ORDER, "365d")], "never": []},
    ),
    Case(
        "win-back",
        inside={
            "looks again": [yes("email"), *often(2, ORDER, "200d"), event("Product Viewed", "1d")],
            "opens again": [yes("email"), *often(2, ORDER, "200d"), event(OPENED, "1d")],
        },
        outside={
            "shows nothing": [yes("email"), *often(2, ORDER, "200d"), event("Product Viewed", "14d")],
            "bought once": [yes("email"), event(ORDER, "200d"), event("Product Viewed", "1d")],
            "bought lately": [yes("email"), *often(2, ORDER, "200d"), event(ORDER, "119d"), event("Product Viewed", "1d")],
            "can not be written to": [*often(2, ORDER, "200d"), event("Product Viewed", "1d")],
        },
    ),
]

VALUE = [
    Case(
        "vip",
        inside={"enough of both": often(3, ORDER, "10d", total=167)},
        outside={
            "too few": often(2, ORDER, "10d", total=1000),
            "too little": often(3, ORDER, "10d", total=166),
            "too long ago": often(3, ORDER, "365d", total=500),
            "amounts as texts": often(3, ORDER, "10d", total="500"),
        },
    ),
    Case(
        "vip",
        parameters={"spent": 0.3, "at_least": 1, "total": "value.gross", "reach": "push"},
        inside={"in cents": [yes("push"), event(ORDER, "1d", value={"gross": 0.1}), event(ORDER, "1d", value={"gross": 0.2})]},
        outside={"elsewhere": [yes("push"), event(ORDER, "1d", total=5)]},
    ),
    Case(
        "almost-vip",
        inside={"at the share": [event(ORDER, "1d", total=350)], "just below": [event(ORDER, "1d", total=499.99)]},
        outside={"below the share": [event(ORDER, "1d", total=349.99)], "is one": [event(ORDER, "1d", total=500)]},
    ),
    Case(
        "big-spenders",
        inside={"in one": [event(ORDER, "364d", total=300)], "in many": often(30, ORDER, "5d", total=10)},
        outside={"not quite": often(30, ORDER, "5d", total=9.99), "too long ago": [event(ORDER, "365d", total=3000)]},
    ),
    Case(
        "large-orders",
        inside={"on average": [event(ORDER, "1d", total=100), event(ORDER, "2d", total=200)]},
        outside={
            "one large": [event(ORDER, "1d", total=1000)],
            "not on average": [event(ORDER, "1d", total=99), event(ORDER, "2d", total=200)],
        },
    ),
    Case(
        "discount-hunters",
        inside={"two of three": [*often(2, ORDER, "9d", coupon="SPRING"), event(ORDER, "1d")]},
        outside={"one": [event(ORDER, "9d", coupon="SPRING"), event(ORDER, "1d")], "none": often(3, ORDER, "9d", coupon=None)},
    ),
    Case(
        "discount-hunters",
        parameters={"only": True},
        inside={"never without": often(2, ORDER, "9d", coupon="SPRING")},
        outside={"once without": [*often(2, ORDER, "9d", coupon="SPRING"), event(ORDER, "1d")]},
    ),
    Case(
        "full-price-buyers",
        inside={"never with": often(2, ORDER, "9d")},
        outside={"once with": [*often(2, ORDER, "9d"), event(ORDER, "9d", coupon="X")], "one": [event(ORDER, "9d")]},
    ),
    Case(
        "refunded",
        inside={"last week": [event("Order Refunded", "7d")]},
        outside={"long ago": [event("Order Refunded", "30d")], "cancelled": [event("Order Cancelled", "7d")]},
    ),
    Case(
        "seasonal-buyers",
        parameters={"begins": "2025-11-20", "ends": "2026-01-01"},
        inside={"in December": [event(ORDER, "180d")], "first moment": [event(ORDER, "207.5d")]},
        outside={
            "a moment before": [event(ORDER, 17928000000001)],
            "on New Year": [event(ORDER, "165.5d")],
            "again lately": [event(ORDER, "180d"), event(ORDER, "59d")],
        },
    ),
]
