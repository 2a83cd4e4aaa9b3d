"""Scenario files of kind ``park``: roads, plants, tanks and fire areas of one chemical park."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scenarios.durations import Duration
from scenarios.model_base import Id, Name, PlacedRecords, Strict, Whole, wrong

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-85, le=85)]
LonLat = tuple[Lon, Lat]
Liquid = Literal["soluble", "insoluble"]
Side = Literal["both", "left", "right"]
Above = Annotated[float, Field(gt=0, le=100_000)]


class ParkRoad(Strict):
    """A park road: its centre line, WGS84, drawn from end to end with a vertex where another road crosses.

    ``width_m``: between the kerbs; from the width of the rules on, hydrants stand on both sides.
    """

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    width_m: Annotated[float, Field(gt=0, le=200)]
    line: Annotated[tuple[LonLat, ...], Field(min_length=2, max_length=1000)]
    source: Name = ""

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "ParkRoad":
        if any(one == other for one, other in zip(self.line, self.line[1:], strict=False)):
            raise wrong(
                "S161", "a line without a vertex that stands twice in a row", "Remove the repeated vertex."
            )
        return self


class PlantPoint(Strict):
    """A place of a plant that a hydrant must reach."""

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    lon: Lon
    lat: Lat
    source: Name = ""


class FireArea(Strict):
    """A fire area (防火区) and the water that its fire takes."""

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    flow_l_s: Above
    source: Name = ""


class ParkTank(Strict):
    """A fixed-roof tank of a liquid that burns and that foam puts out.

    ``liquid``: soluble in water (alcohol-resistant foam) or not; ``neighbours``: tanks of the same size that
    are cooled when it burns, at most 3 (GB 50160).
    """

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    diameter_m: Annotated[float, Field(gt=0, le=120)]
    liquid: Liquid
    neighbours: Annotated[Whole, Field(ge=0, le=3)] = 0
    source: Name = ""


class ParkRules(Strict):
    """Figures that this park sets itself; those that are left out are the shipped ones."""

    spacing_m: Above | None = None
    end_m: Above | None = None
    radius_m: Above | None = None
    both_sides_m: Above | None = None
    step_m: Annotated[float | None, Field(ge=1, le=1000)] = None
    hours: Annotated[float | None, Field(ge=0.5, le=240)] = None

    def said(self) -> dict[str, float]:
        """The figures that are set."""
        return self.model_dump(exclude_none=True)


class ParkSection(Strict):
    """What a park has, and what its hydrants, pond and foam station must serve."""

    roads: Annotated[tuple[ParkRoad, ...], Field(min_length=1, max_length=200)]
    plants: Annotated[PlacedRecords | None, Field(description="records of a layer of points to reach")] = None
    points: Annotated[tuple[PlantPoint, ...], Field(max_length=5000)] = ()
    fire_areas: Annotated[tuple[FireArea, ...], Field(max_length=200)] = ()
    tanks: Annotated[tuple[ParkTank, ...], Field(max_length=200)] = ()
    rules: ParkRules = ParkRules()
    time_limit: Annotated[Duration, Field(description="of the search")] = 60.0

    @model_validator(mode="after")
    def _ids_once(self) -> "ParkSection":
        for key in ("roads", "points", "fire_areas", "tanks"):
            ids = [one.id for one in self.__dict__[key]]
            if twice := sorted({one for one in ids if ids.count(one) > 1}):
                raise wrong("S162", f"each id of {key} once", f"Rename one of the two {twice[0]!r}.")
        return self

    @model_validator(mode="after")
    def _something_burns(self) -> "ParkSection":
        if not self.fire_areas and not self.tanks:
            raise wrong("S163", "fire_areas or tanks, from which the pond is sized", "Add one.")
        return self


class ParkScenario(Strict):
    """A scenario about one chemical park."""

    muster: Annotated[Literal[1], Field(description="file format")]
    kind: Literal["park"]
    region: Annotated[str, Field(min_length=1, description="folder, .gpkg or .xlsx, relative to this file")]
    name_zh: Name = ""
    name_en: Name = ""
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    park: ParkSection
