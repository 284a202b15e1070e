"""`python -m relance.testing.simulation`."""

import sys

from relance.testing.simulation.command import main

if __name__ == "__main__":
    sys.exit(main())
