"""Who will act: features of any event stream as of past cut-offs, models that compete, probabilities that can be trusted.

Owns no tables. Reads events that it is given; writes scores and a report for whoever asks. Called by the command line.
"""
