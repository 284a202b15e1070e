"""Who may be written to: consent by channel and group with its ledger, and suppressed addresses.

Owns the tables `consent`, `consent_ledger` and `suppressions`. Called by the engine within its tick.
"""
