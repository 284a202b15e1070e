"""Lists: people put together by hand, as a paste, a file or another program names them.

Owns `lists` and `list_changes`. Reads profiles. Called by the command line and the management interface; the engine tells
the warehouse of changes, for conditions of the type `in_list`.
"""
