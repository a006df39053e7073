"""A door: a worker of an earlier version that still lives starts its couriers by this name."""

import sys

from engine.hosted.courier import main

if __name__ == "__main__":
    sys.exit(main())
