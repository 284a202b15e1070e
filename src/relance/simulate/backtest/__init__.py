"""A draft journey over the days that were: the same engine on a virtual clock, over what the log of an installation holds.

Only what matters to the journey is lived again: the people who may enter it, and of their events those that it waits for
or that its conditions ask about. `wanted` says what that is, `stage` reads it out of the installation into a folder, `replay`
lives it there, `figures` tells what came of it. Reads the installation's log, store and warehouse, and writes to none.
"""
