"""Test mode: test people go through a draft journey in a world of their own, by the engine that runs journeys.

The world lives in memory: nothing of it reaches profiles, other journeys or reports. `shape` makes every way of the journey
one that can be forced, `session` moves people and time, `walk` goes every way once, `desk` keeps the worlds that are open.
"""
