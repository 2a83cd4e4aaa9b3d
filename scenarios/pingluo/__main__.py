"""Write the Pingluo region: ``python -m scenarios.pingluo DATA_FOLDER OUT_FOLDER``."""

import sys
from pathlib import Path

from geo.region.files import write_region
from scenarios.pingluo.build import build_region


def main(data: str, out: str) -> None:
    """Build the region from the public data folder and write it as a folder of layers."""
    write_region(build_region(Path(data)), Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
