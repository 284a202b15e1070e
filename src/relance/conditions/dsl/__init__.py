"""Conditions in Python: sentences that give the same tree as the definitions."""
