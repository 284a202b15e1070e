"""Segments: who is in, how many, and why; and the judge that answers the engine's conditions.

Owns nothing yet. Reads the warehouse. Called by the engine, the command line and the management interface.
"""
