"""What becomes of a journey or campaign once it is published: paused, resumed, closed, stopped, its people migrated.

Owns `journey_states`, `journey_acts`, `held_entries` and `enrollment_moves`. An act has a place among the events of the world, its
instant: what was received before is applied first. It is written down when it is asked for (`asking`), which the drain heeds at
once, and done by the engine in a tick, or several of one instant (`performing`). Called by the management interface, the command
line and the engine's loop.
"""
