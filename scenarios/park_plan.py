"""The plan of a park's fire-fighting infrastructure as a file: hydrants, pond, foam, proof, sources."""

from pathlib import Path
from typing import Literal

from scenarios.model_base import Strict
from scenarios.park_models import Liquid, Side
from scenarios.plan import (
    EXIT_CODES,
    Assumption,
    Figure,
    Inputs,
    LayerProvenance,
    PlanWarning,
    Status,
)
from scenarios.plan_file import plan_of


class OnRoad(Strict):
    """Where a hydrant stands on a road: how far along its row, from the end at which the line begins."""

    road: str
    side: Side
    at_m: float


class Hydrant(Strict):
    """One hydrant; at a crossing it stands on several roads."""

    id: str
    lon: float
    lat: float
    on: tuple[OnRoad, ...]


class RoadServed(Strict):
    """One row of hydrants along a road.

    ``longest_gap_m``: longest way between neighbouring hydrants, 0 with one alone; ``end_m``: longest way
    from an end to its nearest hydrant. A hydrant at a crossing counts in the row of each road.
    """

    road: str
    name_zh: str
    name_en: str
    side: Side
    width_m: float
    length_m: float
    hydrants: int
    longest_gap_m: float
    end_m: float
    source: str


class PointServed(Strict):
    """A point of a plant, its nearest hydrant and how far that is, straight."""

    id: str
    layer: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    hydrant: str
    distance_m: float
    source: str


class FireWater(Strict):
    """Water for one fire: a design flow for all hours, and for a tank the water in its foam."""

    id: str
    name_zh: str
    name_en: str
    kind: Literal["fire_area", "tank"]
    flow_l_s: float
    foam_m3: float
    volume_m3: float
    source: str


class Pond(Strict):
    """The fire-water pond: for the largest fire, ``hours`` long; ``ponds`` that work by themselves."""

    volume_m3: float
    ponds: int
    hours: float
    largest: str
    fires: tuple[FireWater, ...]


class TankFoam(Strict):
    """Foam for the fire of one tank: solution on its surface, from branches, in pipes; concentrate in it."""

    id: str
    name_zh: str
    name_en: str
    liquid: Liquid
    diameter_m: float
    surface_m2: float
    surface_m3: float
    branches_m3: float
    pipes_m3: float
    solution_m3: float
    concentrate_m3: float
    flow_l_s: float
    source: str


class FoamStation(Strict):
    """The foam station: the most solution, and the most concentrate, that the fire of one tank takes."""

    solution_m3: float
    concentrate_m3: float
    flow_l_s: float
    largest: str
    largest_concentrate: str
    tanks: tuple[TankFoam, ...]


class ParkPlan(Strict):
    """The plan; the same inputs give the same plan, byte for byte, unless ``stopped_by`` says time."""

    muster: Literal[1] = 1
    kind: Literal["park"] = "park"
    name_zh: str
    name_en: str
    status: Status
    objective: Figure | None
    bound: Figure | None
    gap: float | None
    stopped_by: str | None
    seed: int
    inputs: Inputs
    hydrants: tuple[Hydrant, ...]
    roads: tuple[RoadServed, ...]
    points: tuple[PointServed, ...]
    pond: Pond
    foam: FoamStation | None
    warnings: tuple[PlanWarning, ...]
    provenance: tuple[LayerProvenance, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def exit_code(self) -> int:
        """0 for a plan, 1 where there is none."""
        return EXIT_CODES[self.status]


def read_park_plan(path: Path | str) -> ParkPlan:
    """Read a park plan; raises ``InputError`` P101 to P103 as ``plan_of``."""
    return plan_of(path, ParkPlan)
