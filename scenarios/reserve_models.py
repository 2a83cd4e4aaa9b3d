"""Reserve scenarios as typed models: for whom, under which rules, against which events."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, WithJsonSchema, field_validator, model_validator

from scenarios.durations import Duration
from scenarios.incident_models import FLOODS, RELEASES, IncidentHazard, IncidentPlace, WeatherSection
from scenarios.model_base import Id, Name, Strict, Whole, wrong
from scenarios.reserve_test_models import AskedTest, ReserveTest

Share = Annotated[float, Field(ge=0, le=1)]
Level = Literal["county", "township", "village"]
PROBABILITY_SLACK = 1e-6
"""Distance from 1 that the sum of written probabilities may have."""
MOST_DRAWN = 5_000


class Suppliers(Strict):
    """Share of what was promised that suppliers deliver after an event."""

    agreement: Share
    capacity: Share


class Emergency(Strict):
    """One thing that may happen.

    ``where``: flood zones of the region, a hazard site, or longitude and latitude. ``close_roads``: records
    of the layer roads that are cut besides what the hazard closes, such as bridges; ``lost_depots``: besides
    those inside a zone. ``displaced``: people of each township; worked out from the hazard when left out.
    ``shelters``: the only ones that take people in; when left out, all that are dry and, in winter, heated.
    """

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    probability: Share
    hazard: IncidentHazard
    where: IncidentPlace
    at: AwareDatetime
    weather: WeatherSection = WeatherSection()
    depth_factor: Annotated[float, Field(gt=0, le=10)] = 1.0
    close_roads: tuple[Id, ...] = ()
    lost_depots: tuple[Id, ...] = ()
    suppliers: Suppliers | None = None
    displaced: dict[Id, Annotated[Whole, Field(ge=0)]] = Field(default_factory=dict)
    shelters: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _placed(self) -> "Emergency":
        if self.hazard in FLOODS and not self.where.flood_zones:
            raise wrong("S203", "flood_zones of the region", "Say where the water is.")
        if self.hazard in RELEASES and self.where.hazard_site is None:
            raise wrong("S201", "a hazard_site", "Name the tank that leaks.")
        if self.hazard == "collapse" and self.where.lon is None:
            raise wrong("S201", "lon and lat", "Say where the earthquake is.")
        return self


class Generate(Strict):
    """Draw scenarios from those that are written down, by their probabilities."""

    count: Annotated[Whole, Field(ge=1, le=MOST_DRAWN)]
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0


class Objective(Strict):
    """What is made least.

    ``cost``: cost plus penalties of shortages. ``service``: cost, with at least ``service`` of the needs met
    by the end of each window in the mean. ``cvar``: ``cost`` plus ``weight`` times the mean of the dearest
    1 - ``level`` of the outcomes.
    """

    least: Literal["cost", "service", "cvar"] = "cost"
    service: Annotated[
        tuple[Share, ...], Field(max_length=24, description="for each window; objective service only")
    ] = ()
    level: Annotated[float, Field(ge=0, lt=1, description="cvar only")] = 0.8
    weight: Annotated[float, Field(ge=0, le=1_000, description="cvar only")] = 1.0

    @model_validator(mode="after")
    def _fits(self) -> "Objective":
        if (self.least == "service") != bool(self.service):
            raise wrong("S424", "service with least: service, and only then", "Add or remove the shares.")
        fields = type(self).model_fields
        said = [key for key in ("level", "weight") if self.__dict__[key] != fields[key].default]
        if said and self.least != "cvar":
            raise wrong("S424", f"{said[0]} with least: cvar only", "Remove it or change the objective.")
        return self


class Trucks(Strict):
    """What drives: class of vehicle, and how many; any number when left out."""

    vehicle_class: Id = "truck"
    number: Annotated[Whole | None, Field(ge=0, le=100_000)] = None


class Shares(Strict):
    """Least shares of the needs at shelters that must lie on shelves.

    ``county``, ``township``, ``village``: at all depots of that level together, of the need of all people.
    ``each_township``: in each township that has a depot, of the need of its share of the people;
    strengthened where roads are poor or risk is high. ``poor_roads`` and ``high_risk`` name townships;
    worked out when left out.
    """

    county: Share = 0.0
    township: Share = 0.0
    village: Share = 0.0
    each_township: Share = 0.0
    poor_roads: tuple[Id, ...] | None = None
    high_risk: tuple[Id, ...] | None = None


class ReserveSection(Strict):
    """The reserve question and its rules."""

    people: Annotated[Whole, Field(ge=1, le=10_000_000, description="relieved and relocated")] = 1200
    days: Annotated[Whole, Field(ge=1, le=365)] = 3
    household_size: Annotated[float, Field(ge=1, le=20)] = 5.0
    season: Literal["winter", "summer"] = "winter"
    counted_on: Annotated[date, Field(description="day on which the stock in hand is counted")]
    items: Annotated[
        Literal["all"] | tuple[Id, ...],
        WithJsonSchema({"type": ["string", "array"], "description": "all, or ids of items"}),
    ] = "all"
    windows: Annotated[tuple[Duration, ...], Field(min_length=1, max_length=12)] = (
        7_200.0,
        36_000.0,
        86_400.0,
        259_200.0,
    )
    budget: Annotated[float | None, Field(ge=0, description="CNY, for holding, moving and enlarging")] = None
    agreement_share: Annotated[Share, Field(description="least share by value held in agreement")] = 0.0
    shares: Shares = Shares()
    opening: Annotated[
        dict[Id, Annotated[float, Field(gt=0)]],
        Field(description="depots that do not stand yet, with the CNY that opening each costs"),
    ] = Field(default_factory=dict)
    objective: Objective = Objective()
    trucks: Trucks = Trucks()
    scenarios: Annotated[tuple[Emergency, ...], Field(min_length=1, max_length=1_000)]
    generate: Generate | None = None
    validate_on: Annotated[
        Whole, Field(ge=0, le=MOST_DRAWN, description="fresh scenarios the plan is evaluated on")
    ] = 1_000
    curve: Annotated[
        tuple[Annotated[float, Field(gt=0, le=1_000)], ...],
        Field(max_length=20, description="weights of the penalties, a point of the cost curve each"),
    ] = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
    compare: Annotated[bool, Field(description="other rules, other ways of holding, value of knowing")] = True
    time_limit: Annotated[Duration, Field(description="of the search as a whole")] = 60.0
    test: Annotated[
        AskedTest,
        Field(description="play the deliveries of the plan", exclude_if=lambda test: test is None),
    ] = None

    @field_validator("windows")
    @classmethod
    def _ascending(cls, windows: tuple[float, ...]) -> tuple[float, ...]:
        if list(windows) != sorted(set(windows)):
            raise wrong("S422", "ends of windows that rise", "Put them in order, each once.")
        return windows

    @field_validator("scenarios")
    @classmethod
    def _sure_event(cls, scenarios: tuple[Emergency, ...]) -> tuple[Emergency, ...]:
        total = sum(one.probability for one in scenarios)
        if abs(total - 1) > PROBABILITY_SLACK:
            raise wrong("S420", f"probabilities that sum to 1, not {total:g}", "Correct the probabilities.")
        ids = [one.id for one in scenarios]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise wrong("S206", "each scenario id once", f"Rename one of the scenarios {twice[0]!r}.")
        return scenarios

    @model_validator(mode="after")
    def _everybody_once(self) -> "ReserveSection":
        for one in self.scenarios:
            if one.displaced and (total := sum(one.displaced.values())) != self.people:
                raise wrong(
                    "S421",
                    f"displaced people of {one.id} that sum to {self.people}, not {total}",
                    "Correct the numbers, or leave them out.",
                )
        service = self.objective.service
        if service and len(service) != len(self.windows):
            raise wrong("S424", f"a share for each of {len(self.windows)} windows", "Correct service.")
        return self


class ReserveScenario(Strict):
    """A reserve scenario."""

    muster: Annotated[Literal[1], Field(description="file format")]
    kind: Literal["reserve"]
    region: Annotated[str, Field(min_length=1, description="folder, .gpkg or .xlsx, relative to this file")]
    name_zh: Name = ""
    name_en: Name = ""
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    reserve: ReserveSection


def plan_alone(scenario: ReserveScenario) -> ReserveScenario:
    """The same question without comparison, curve, fresh scenarios and test."""
    section = scenario.reserve.model_copy(
        update={"compare": False, "curve": (), "validate_on": 0, "test": None}
    )
    return scenario.model_copy(update={"reserve": section})


def with_test(scenario: ReserveScenario, scenarios: int) -> ReserveScenario:
    """The same question with a test in so many scenarios, by trucks and docks as it says itself."""
    said = {} if scenario.reserve.test is None else scenario.reserve.test.model_dump()
    test = ReserveTest.model_validate({**said, "replications": scenarios})
    section = scenario.reserve.model_copy(update={"test": test})
    return scenario.model_copy(update={"reserve": section})
