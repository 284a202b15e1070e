"""Who is persuaded: the difference a treatment makes for each, from a randomised experiment, or the word that none is seen.

Owns no tables. Reads a table of an experiment; writes what it found for whoever asks. Called by the command line.
"""
