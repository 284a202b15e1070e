"""Events by their names: which are registered, with what schema, which were seen, and code that sends them.

Owns `events_seen`, `properties_seen`, `schema_faults` and `faulty_events`, written in the transaction of the engine's tick; values
stay in the log, these tables say where. Called by the wiring (what the engine is to note), the HTTP door and the command line.
"""
