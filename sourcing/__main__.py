"""`python -m sourcing` is the command `sourcing`."""

import sys

from sourcing.cli import main

if __name__ == "__main__":
    sys.exit(main())
