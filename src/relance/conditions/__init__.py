"""Conditions: one language for segments, branches, audiences and filters.

`model` reads a definition into a frozen tree and lists what is wrong with it, `clauses` evaluates `{path, op, value}`
against one JSON object in plain Python, `compile` turns a tree into a question about moments for a warehouse engine.
Owns no tables. Called by segments, journeys, definitions.
"""
