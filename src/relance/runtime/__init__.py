"""The loops of a running installation: the engine's ticks, the relay of its own events, the drain of the outbox.

Owns no tables. Called by `app`, which gives each loop its parts.
"""
