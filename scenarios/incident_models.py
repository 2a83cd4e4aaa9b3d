"""Incident scenarios as typed models: what happened, where, how grave, in which weather."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from scenarios.durations import Duration
from scenarios.scenario_models import Id, Strict, wrong
from scenarios.water_models import DepthRaster, FileName, WaterArea, WaterRead

IncidentHazard = Literal["toxic_gas", "flammable_liquid", "gully_flood", "river_flood", "ice_jam", "collapse"]
IncidentLevel = Literal["I", "II", "III", "IV"]
RELEASES = ("toxic_gas", "flammable_liquid")
OUR_YEARS = range(1950, 2101)
"""Years for which the position of the sun is good to a hundredth of a degree (Michalsky 1988)."""
FLOODS = ("gully_flood", "river_flood", "ice_jam")

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class WeatherSection(Strict):
    """Weather at the incidents; what is not known is left out."""

    wind_from_deg: Annotated[float | None, Field(ge=0, le=360, description="where it comes from")] = None
    wind_m_s: Annotated[float | None, Field(ge=0, le=75, description="at 10 m")] = None
    wind_spread_deg: Annotated[float | None, Field(ge=0, le=180, description="turn either side")] = None
    cloud_tenths: Annotated[float | None, Field(ge=0, le=10)] = None
    temperature_c: Annotated[float, Field(ge=-60, le=60)] = 15.0
    terrain: Literal["rural", "urban"] = "rural"


class IncidentPlace(Strict):
    """Exactly one way to say where: a hazard site, longitude and latitude, or flood zones of the region."""

    hazard_site: Id | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    flood_zones: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _one_place(self) -> "IncidentPlace":
        if len(set(self.flood_zones)) < len(self.flood_zones):
            raise wrong("S291", "each flood zone once", "Remove the repeated id.")
        ways = (self.hazard_site is not None, self.lon is not None or self.lat is not None)
        if (self.lon is None) != (self.lat is None) or sum((*ways, bool(self.flood_zones))) > 1:
            raise wrong(
                "S201",
                "a hazard_site, or lon and lat, or flood_zones",
                "Say in one way where it is.",
            )
        return self


class SubstanceSection(Strict):
    """What leaks: by CAS number or name of the catalogue; amounts are left out when unknown."""

    cas: Id | None = None
    name: Id | None = None
    container: Id | None = None
    size: Literal["small", "large"] = "large"
    release_kg_s: Annotated[float | None, Field(gt=0)] = None
    duration: Duration | None = None
    mass_kg: Annotated[float | None, Field(gt=0)] = None
    height_m: Annotated[float, Field(ge=0, le=500)] = 0.0

    @model_validator(mode="after")
    def _rate_or_mass(self) -> "SubstanceSection":
        if self.release_kg_s is not None and self.mass_kg is not None:
            raise wrong("S202", "release_kg_s or mass_kg, not both", "Remove one of the two.")
        return self


class EnteredDistances(Strict):
    """Distances given by the planner in place of the guidebook's."""

    isolate_m: Annotated[float, Field(gt=0, le=100_000)]
    protect_m: Annotated[float | None, Field(gt=0, le=100_000)] = None
    source: Id


class Incident(Strict):
    """One incident.

    ``level``: I to IV of the county's plans, I the gravest. ``distances`` replace the guidebook's and may
    stand without a substance. Floods are zones of the region played from ``at`` on, ``water`` drawn by hand,
    polygons of ``water_file`` (GeoJSON), and ``depth_rasters`` (GeoTIFF), the last of which holds until
    ``rasters_until``; ``depth_factor`` multiplies the depth of all of them, up to 50 m.
    ``water_read`` is what these files said: Muster fills it in.

    ``relocate``: so many people, or ``all`` inside the zones, are taken to shelters and supplied there.
    ``water_after``: warning time; zones of the region are played from ``at`` and this on. ``event_at``: when
    it happened, from which the time for relief runs; ``at`` of the scenario without it.
    """

    id: Id
    name_zh: str = ""
    name_en: str = ""
    hazard: IncidentHazard
    level: IncidentLevel
    where: IncidentPlace = IncidentPlace()
    substance: SubstanceSection | None = None
    distances: EnteredDistances | None = None
    depth_factor: Annotated[float, Field(gt=0, le=10)] = 1.0
    water: tuple[WaterArea, ...] = ()
    water_file: FileName | None = None
    depth_rasters: tuple[DepthRaster, ...] = ()
    rasters_until: AwareDatetime | None = None
    water_read: WaterRead | None = None
    water_after: Duration | None = None
    relocate: Annotated[int, Field(ge=1, le=10_000_000)] | Literal["all"] | None = None
    event_at: AwareDatetime | None = None

    @property
    def water_files(self) -> tuple[str, ...]:
        """Names of the files of water, each once, in the order of the incident."""
        named = (
            *(() if self.water_file is None else (self.water_file,)),
            *(r.file for r in self.depth_rasters),
        )
        return tuple(dict.fromkeys(named))

    @model_validator(mode="after")
    def _water_fits(self) -> "Incident":
        drawn = self.water or self.water_files
        if drawn and self.hazard not in FLOODS:
            raise wrong(
                "S281", f"water on one of {', '.join(FLOODS)} only", "Correct the hazard, or remove it."
            )
        if self.rasters_until is not None and not self.depth_rasters:
            raise wrong("S282", "depth_rasters", "Name the rasters, or remove rasters_until.")
        read = () if self.water_read is None else tuple(one.file for one in self.water_read.files)
        if read and read != self.water_files:
            raise wrong("S283", "no water_read: Muster fills it in", "Remove it; name the files instead.")
        return self

    @model_validator(mode="after")
    def _fits_its_hazard(self) -> "Incident":
        placed = self.where.hazard_site is not None or self.where.lon is not None
        if self.hazard in FLOODS:
            if not (self.where.flood_zones or self.water or self.water_files):
                raise wrong("S203", "flood_zones, water drawn by hand or files", "Say where the water is.")
        elif not placed:
            raise wrong("S201", "a hazard_site, or lon and lat", "Say where it is.")
        known = self.substance is not None or self.distances is not None or self.where.hazard_site is not None
        if self.hazard in RELEASES and not known:
            raise wrong(
                "S204",
                "a substance, or distances entered by hand",
                "Name the substance, or give isolation and protective distance with their source.",
            )
        return self


class IncidentScenario(Strict):
    """One or several incidents at once."""

    muster: Annotated[Literal[1], Field(description="file format")]
    kind: Literal["incident"]
    region: Annotated[str, Field(min_length=1, description="folder, .gpkg or .xlsx, relative to this file")]
    name_zh: str = ""
    name_en: str = ""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    at: AwareDatetime
    weather: WeatherSection = WeatherSection()
    incidents: Annotated[tuple[Incident, ...], Field(min_length=1, max_length=100)]
    board: Annotated[str | None, Field(min_length=1, description="relative to this file")] = None
    doctrine: Annotated[str | None, Field(min_length=1, description="relative to this file")] = None
    mutual_aid: Annotated[bool, Field(description="neighbours may fill shortages")] = True

    @model_validator(mode="after")
    def _events_before_the_order(self) -> "IncidentScenario":
        late = [one.id for one in self.incidents if one.event_at is not None and one.event_at > self.at]
        if late:
            raise wrong(
                "S266",
                f"event_at not after at ({self.at.isoformat()})",
                f"Correct event_at of {late[0]!r}; say water_after for water that is still to come.",
            )
        return self

    @model_validator(mode="after")
    def _of_our_time(self) -> "IncidentScenario":
        if self.at.year not in OUR_YEARS:
            raise wrong("S290", f"a year from {OUR_YEARS[0]} to {OUR_YEARS[-1]}", "Correct `at`.")
        return self

    @model_validator(mode="after")
    def _ids_apart(self) -> "IncidentScenario":
        ids = [incident.id for incident in self.incidents]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise wrong("S206", "each incident id once", f"Rename one of the incidents {twice[0]!r}.")
        return self
