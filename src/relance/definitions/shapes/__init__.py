"""The shape of every kind of definition, as data.

The check, the published JSON Schema and the tables of the reference are read from it, so they cannot disagree.
"""
