"""People are erased, whole: from the log, the store and the warehouse (ADR 18).

Owns the tables `erasures`, `erased_ids` and `erased_addresses`; writes those of everybody else, and the log, in its one act.
Asked for by `api` and `cli`, done by the engine's thread in `runtime` between two ticks.
"""
