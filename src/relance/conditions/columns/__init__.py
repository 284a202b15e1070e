"""Many conditions asked of some moments at once, column by column.

Owns nothing. Reads the warehouse by a handful of statements, whatever the number of conditions; what a value has to do
with a clause is asked of the plain reading (`evaluate`, `clauses`), once for each distinct value. Called by what keeps
segments up to date: there it costs what changed, not what there is.
"""
