"""relance: find out who is likely to act, and write to each on the right channel at the right time."""

__version__ = "0.1.0"
