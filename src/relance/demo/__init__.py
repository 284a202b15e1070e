"""The demo: a made shop whose visitors, carts, orders and reactions come faster than real time.

Owns the shop (`catalogue`, `people`, `sessions`, `reactions`, `shop`: pure, and the same for the same seed), the clock that
runs ahead, and the demo's definitions. Writes nothing itself: what the shop tells goes through the log like any other event. Called by `relance demo` alone.
"""
