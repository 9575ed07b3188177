"""Entry of `python -m leyden`."""

import sys

from leyden.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
