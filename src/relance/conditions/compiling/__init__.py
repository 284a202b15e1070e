"""Conditions as questions to a warehouse: Ibis expressions over moments, of which each engine makes its SQL."""
