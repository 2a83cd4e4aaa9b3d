"""The map tiles of the region's roads: made in a process beside the server where nobody made them before."""

import multiprocessing
from pathlib import Path

from geo.region.region import Region
from geo.region.road_tiles import make_tiles, tiles_file


class MapTiles:
    """Tiles of one region; there is nothing to wait for where the cache has them."""

    def __init__(self, region: Region) -> None:
        self.file = tiles_file(region)
        self._source = region.path if len(region.placed("roads")) else None
        self._making: multiprocessing.process.BaseProcess | None = None

    @property
    def expected(self) -> bool:
        """Whether there are tiles, or will be in some seconds."""
        return self.file.is_file() or (self._making is not None and self._making.is_alive())

    def begin(self) -> None:
        """Start making what is not there; the server goes on meanwhile."""
        if self.file.is_file() or self._source is None:
            return
        self._making = multiprocessing.get_context("spawn").Process(
            target=_make, args=(self._source, self.file.parent.parent), daemon=True
        )
        self._making.start()

    def close(self) -> None:
        """End what is being made; a later start makes it."""
        if self._making is not None:
            self._making.terminate()
            self._making.join(5)


def _make(region: Path, folder: Path) -> None:
    from geo.region.files import read_region

    make_tiles(read_region(region), folder=folder)
