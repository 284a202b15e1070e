"""Memberships of all segments, kept up to date at a cost that follows what changed (SEMANTICS 28).

Owns `segment_history`, `segment_mark` and `kept_segments` of the warehouse. Reads what ticks wrote there. A refresh looks
at those to whom something happened since the last one, and at those for whom time came to the edge of a window, each at
every instant at which it did; who entered or left is written down with that instant. Called by a thread of its own.
"""
