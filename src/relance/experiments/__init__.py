"""Honest figures of comparisons: shares with their intervals, and whether two of them differ.

Owns no table; pure. Called by the reports of journeys and campaigns.
"""
