"""Deterministic simulation: the live engine on a virtual clock, in one thread, with faults; one seed decides everything.

- `plan`: what a seed means: definitions, events, faults
- `definitions`: the journeys of these worlds, with what differs from seed to seed
- `faults`: commits that are watched, counted and broken off; `disk`: what outlives a crash
- `loop`: an event loop whose time stands still; `provider`: who takes messages, with a ledger; `process`: the parts of one process
- `run`: who works next, and when time moves on
- `books`, `paths`, `ledgers`: what must be true, in plain Python, from the log, the ledgers and the rows alone
- `shrink`: fewer events, fewer faults; `command`: many seeds

`python -m relance.testing.simulation --seeds 1:1000` runs it; `--replay SEED` shows one. See docs/adr/0014.
"""
