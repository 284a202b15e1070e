"""Who people are: identity, traits and their history, addresses, merges.

Owns the tables `profiles` and `aliases`. Called by the engine within its tick.
"""
