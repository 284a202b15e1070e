"""Campaigns: a journey of one message step, run by the engine of journeys.

Owns no tables. `check` says what is wrong with a campaign beyond its shape.
"""
