"""The demo: a made shop whose visitors, carts, orders and reactions come faster than real time.

Owns the shop (`catalogue`, `people`, `sessions`, `reactions`, `shop`: pure, and the same for the same seed), the clock that
runs ahead, and the demo's definitions, for `relance demo`; and the demo data of an installation by the real clock (`desk`, table
`demo_data`), for the API. What the shop tells goes through the log like any other event; its people go by `erasure`, its
definitions by `definitions`.
"""
