"""The 13 townships: seats, areas and people."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenarios.pingluo.plane import largest_polygon, shape_to_lonlat, shape_to_plane, to_plane
from scenarios.pingluo.river import Bank, River
from scenarios.pingluo.shares import people_of_townships
from scenarios.pingluo.sources import Sources, facts

COUNTY = "平罗县"


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """A township; ``seat_m`` and ``area`` in plane metres."""

    id: str
    name_zh: str
    name_en: str
    zone: str
    bank: Bank
    people: int
    seat_m: NDArray[np.float64]
    area: BaseGeometry

    def record(self) -> dict[str, Any]:
        """The record of the layer ``townships``."""
        return {
            "id": self.id,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "people": self.people,
            "zone": self.zone,
            "source": facts("townships")["method"]["source"],
            "note": "area assumed: the land of its bank nearest to the seat (Vonng/adcode, CC BY 4.0)",
            "geometry": shape_to_lonlat(self.area),
        }


def county_area(sources: Sources) -> BaseGeometry:
    """The county's outline in plane metres, its largest part."""
    return largest_polygon(shape_to_plane(sources.counties[COUNTY]))


def read_townships(sources: Sources, river: River) -> list[Township]:
    """Townships in the order of ``facts/townships.yaml``.

    Areas are Voronoi cells of the seats of one bank, clipped to the county and the bank; the cell of a farm
    joins the township that the facts name.
    """
    told = facts("townships")
    seats = {t["id"]: to_plane(t["seat"]) for t in told["townships"]}
    areas = _areas(sources, river, told, seats)
    people = _people(sources, told)
    return [
        Township(
            **{key: t[key] for key in ("id", "name_zh", "name_en", "zone", "bank")},
            people=people[t["id"]],
            seat_m=seats[t["id"]],
            area=areas[t["id"]],
        )
        for t in told["townships"]
    ]


def _people(sources: Sources, told: dict[str, Any]) -> dict[str, int]:
    by_name = {t["name_zh"]: t["id"] for t in told["townships"]}
    in_2000 = {
        by_name[name]: sum(sources.people_2000[unit] for unit in units)
        for name, units in sources.mergers.items()
    }
    for unit, township in told["left_over"].items():
        in_2000[township] += sources.people_2000[unit]
    method = told["method"]
    return people_of_townships(
        in_2000,
        townships=[t["id"] for t in told["townships"]],
        east_bank=[t["id"] for t in told["townships"] if t["bank"] == "east"],
        county_people=method["county_people"],
        east_bank_people=method["east_bank_people"],
        countryside_keeps=method["countryside_keeps"],
        grows=method["grows"],
    )


def _areas(
    sources: Sources, river: River, told: dict[str, Any], seats: dict[str, NDArray[np.float64]]
) -> dict[str, BaseGeometry]:
    county = county_area(sources)
    parts: dict[str, list[BaseGeometry]] = {township: [] for township in seats}
    for bank in ("west", "east"):
        owners = [(t["id"], seats[t["id"]]) for t in told["townships"] if t["bank"] == bank]
        if bank == "west":
            owners += [(f["joins"], to_plane(f["seat"])) for f in told["farms"]]
        land = county.intersection(river.area(bank))
        for owner, cell in zip((o for o, _ in owners), _cells([at for _, at in owners], land), strict=True):
            parts[owner].append(cell)
    return {owner: _polygons(shapely.union_all(cells)) for owner, cells in parts.items()}


def _polygons(area: BaseGeometry) -> BaseGeometry:
    """Without the lines and points that clipping leaves."""
    return shapely.union_all([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])


def _cells(seats: list[NDArray[np.float64]], land: BaseGeometry) -> list[BaseGeometry]:
    """For each seat the part of the land that is nearest to it."""
    points = [shapely.Point(at) for at in seats]
    diagram = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=land))
    return [next(cell for cell in diagram if cell.contains(p)).intersection(land) for p in points]
