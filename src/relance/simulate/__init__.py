"""The engine on a virtual clock: the same ticks, recording channels, no side effects (CONTRACT 5.1).

Owns nothing that lasts: its log, store and warehouse live in memory. Called by the command line.
"""
