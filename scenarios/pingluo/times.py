"""How long the drive from each seat to the county town takes: the table in ``docs/pingluo.md``.

``python -m scenarios.pingluo.times docs/pingluo.md`` writes the table anew between its two marks.
"""

import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from geo.region.atomic import replacing
from geo.region.files import read_region
from geo.region.region import Region
from geo.road_layer import road_graph
from geo.snap import distance_m
from geo.travel import TravelTimes
from geo.vehicle_file import read_vehicle_classes
from scenarios.pingluo.sources import facts

BEGIN, END = "<!-- times: begin -->", "<!-- times: end -->"
HEAD = "| seat | straight, km | road, km | car, min | mean speed, km/h |\n|---|---:|---:|---:|---:|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """The quickest drive of a car, without hurry, from a seat to the county town."""

    name_zh: str
    name_en: str
    straight_m: float
    road_m: float
    travel_s: float

    @property
    def mean_kmh(self) -> float:
        """Road distance over time."""
        return self.road_m / self.travel_s * 3.6

    def row(self) -> str:
        """The drive as a row of the table."""
        numbers = (self.straight_m / 1000, self.road_m / 1000, self.travel_s / 60, self.mean_kmh)
        return f"| {self.name_zh} {self.name_en} | " + " | ".join(f"{n:.1f}" for n in numbers) + " |"


def shipped_region() -> Region:
    """The region as shipped with the program."""
    return read_region(Path(str(files("scenarios") / "data" / "pingluo")))


def drives_to_county_town(region: Region) -> list[Drive]:
    """A drive from each other seat, in the order of the townships."""
    roads = road_graph(region.placed("roads"), preset=region.about("speed_preset"))
    travel = TravelTimes(roads, read_vehicle_classes()["car"])
    town, *others = facts("townships")["townships"]
    destination = np.array([town["seat"]])
    drives = []
    for told in others:
        seat = np.array([told["seat"]])
        route = travel.route(seat, destination)
        drives.append(
            Drive(
                name_zh=told["name_zh"],
                name_en=told["name_en"],
                straight_m=float(distance_m(seat, destination)[0]),
                road_m=route.length_m,
                travel_s=route.travel_s,
            )
        )
    return drives


def table(drives: list[Drive]) -> str:
    """The drives as Markdown between the two marks."""
    return "\n".join([BEGIN, HEAD, *(drive.row() for drive in drives), END])


def with_table(page: str, drives: list[Drive]) -> str:
    """The page with the table renewed; ``ValueError`` if a mark is missing."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    return before + table(drives) + after


def main(page: str) -> None:
    """Renew the table of a page."""
    path = Path(page)
    text = with_table(path.read_text("utf-8"), drives_to_county_town(shipped_region()))
    with replacing(path) as beside:
        beside.write_bytes(text.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
