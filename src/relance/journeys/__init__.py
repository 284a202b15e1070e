"""Journeys and campaigns: one passage of one profile through one version, moved in waves.

Owns `journey_versions`, `enrollments` and what hangs on them, `journey_events`, `journey_signals`, `own_events`,
`schedule_runs`, `engine_state`, and with `outbox` the table `messages`. Reads profiles and consent, asks the warehouse
for the truth of conditions. Called by the runtime and by simulations, a tick at a time.

A tick takes a batch of the log and the timers that are due, in one transaction:

- `arrivals`: events become rows: whose they are, what they change, which rules they match
- `waves`: each person's events and timers in their order, at most one a person and wave, all people at once
- `steps`: from step to step until each rests or ends
- `messages`: message steps, with the checks of `outbox.handoff`
- `engine`: the tick itself, and what it leaves in the warehouse
"""
