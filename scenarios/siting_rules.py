"""What a siting scenario may ask beside the number of sites: rules, teams by force, phases, closed roads."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from geo.region.layers import LAYERS
from scenarios.durations import Duration
from scenarios.model_base import Id, Name, Records, Strict, Whole, wrong

Aim = Literal["covered", "mean", "worst", "cost"]
Measure = Literal["mean", "worst", "cvar"]
Pair = Annotated[tuple[Id, ...], Field(min_length=2, max_length=2)]
Year = Annotated[Whole, Field(ge=1900, le=2200)]
Share = Annotated[float, Field(ge=0, le=1)]


def _counted(value: Any) -> Any:
    """A column of some layer of points that counts people or other whole things."""
    placed = [layer for layer in LAYERS.values() if layer.geometry == "point"]
    known = {column.name for layer in placed for column in layer.columns if column.kind == "count"}
    if isinstance(value, str) and value not in known:
        raise wrong("S149", f"a column of whole numbers: {', '.join(sorted(known))}", "Name such a column.")
    return value


class AwayFrom(Records):
    """Candidates too near to dangerous places are barred: nearer than ``least_m``, or close and downwind.

    With ``wind_from_deg``, the prevailing wind, a candidate within ``downwind_m`` of such a place must lie
    upwind or crosswind of it: not within 45 degrees of straight downwind.
    """

    layer: Annotated[str, Field(min_length=1)] = "hazard_sites"
    least_m: Annotated[float, Field(ge=0, le=100_000)]
    wind_from_deg: Annotated[float | None, Field(ge=0, le=360)] = None
    downwind_m: Annotated[float | None, Field(gt=0, le=100_000)] = None
    source: Name = ""

    @model_validator(mode="after")
    def _wind_with_distance(self) -> "AwayFrom":
        if (self.wind_from_deg is None) != (self.downwind_m is None):
            raise wrong("S134", "wind_from_deg and downwind_m, or neither", "Give both or remove the one.")
        return self


class Group(Strict):
    """How many of some sites may be, or must be, open."""

    name: Name
    sites: Annotated[tuple[Id, ...], Field(min_length=1)]
    at_least: Annotated[Whole, Field(ge=0)] = 0
    at_most: Annotated[Whole | None, Field(ge=0)] = None

    @model_validator(mode="after")
    def _possible(self) -> "Group":
        if self.at_least > (len(self.sites) if self.at_most is None else min(self.at_most, len(self.sites))):
            raise wrong("S135", "at_least <= at_most <= number of sites", "Correct the numbers.")
        return self


class Rules(Strict):
    """Rules beside the number of sites; ids are those of candidates and existing stations.

    ``budget``: for opening, closing and moving, CNY. ``apart``: not both. ``together``: both or neither.
    ``needs``: the first only with all of the others. ``bar`` and ``must_open``: candidates. ``movable``:
    existing stations that may move to a new site, with the cost that then replaces those of closing the one
    and opening the other. ``township_share``: least share of each township's people to be within their limit.
    ``capacity_people``: how many people one site can serve, for all sites or by id. ``capacity_column``: the
    column of the sites' own layer that says it, such as ``capacity_people`` of shelters; ``capacity_people``
    by id comes before it, the one for all sites holds where a record does not say.
    """

    budget: Annotated[float | None, Field(ge=0)] = None
    apart: tuple[Pair, ...] = ()
    together: tuple[Pair, ...] = ()
    needs: dict[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = Field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    bar: tuple[Id, ...] = ()
    must_open: tuple[Id, ...] = ()
    movable: dict[Id, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    away_from: tuple[AwayFrom, ...] = ()
    township_share: Share | dict[Id, Share] | None = None
    capacity_people: Annotated[Whole, Field(ge=0)] | dict[Id, Annotated[Whole, Field(ge=0)]] | None = None
    capacity_column: Annotated[str, BeforeValidator(_counted)] | None = None

    @model_validator(mode="after")
    def _not_both_ways(self) -> "Rules":
        if both := sorted(set(self.bar) & set(self.must_open)):
            raise wrong("S136", "each site barred or to be opened, not both", f"Remove {both[0]!r} from one.")
        pairs = [
            *self.apart,
            *self.together,
            *((one, o) for one, others in self.needs.items() for o in others),
        ]
        if alone := [one for one, other in pairs if one == other]:
            raise wrong(
                "S136", "rules between different sites", f"Correct the rule of {alone[0]!r} with itself."
            )
        names = [group.name for group in self.groups]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise wrong("S136", "each group name once", f"Rename one of the groups {twice[0]!r}.")
        return self


class Phase(Strict):
    """How many new sites may be open by the end of a year, those of earlier years included.

    ``weight``: how much the people covered in that year count; 1 each unless said.
    """

    year: Year
    open: Annotated[Whole, Field(ge=0, le=10_000)]
    weight: Annotated[Whole, Field(ge=1, le=1_000)] = 1


class Closed(Strict):
    """Roads as they are when something happens: flood zones of the region under water, roads cut.

    ``probability``: of this state of the roads; what is left to 1 is the network as it is every day.
    """

    name_zh: Name = ""
    name_en: Name = ""
    probability: Annotated[float, Field(gt=0, le=1)]
    flood_zones: tuple[Id, ...] = ()
    depth_factor: Annotated[float, Field(gt=0, le=10)] = 1.0
    roads: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _says_what(self) -> "Closed":
        if not self.flood_zones and not self.roads:
            raise wrong("S137", "flood_zones or roads", "Say what is closed.")
        if not self.name_zh and not self.name_en:
            raise wrong("S137", "a name in Chinese or English", "Give the state of the roads a name.")
        return self


class Robust(Strict):
    """A choice that holds when roads are closed.

    ``measure``: people covered on average, in the worst case, or on average over the worst ``tail`` of
    probability (CVaR).
    """

    measure: Measure = "mean"
    tail: Annotated[float, Field(gt=0, le=1)] = 0.1
    states: Annotated[tuple[Closed, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _some_day_is_ordinary(self) -> "Robust":
        if sum(state.probability for state in self.states) > 1 - 1e-9:
            raise wrong("S138", "probabilities that sum to less than 1", "Lower the probabilities.")
        return self


class Pool(Strict):
    """Further plans: so many, each within a share of the best, each different in a fifth of its sites."""

    plans: Annotated[Whole, Field(ge=1, le=20)] = 3
    within: Annotated[float, Field(ge=0, le=1)] = 0.02


class Front(Strict):
    """Plans of which none is better in every aim."""

    aims: Annotated[tuple[Aim, ...], Field(min_length=2, max_length=4)] = ("covered", "mean")
    points: Annotated[Whole, Field(ge=2, le=50)] = 8

    @model_validator(mode="after")
    def _once(self) -> "Front":
        if len(set(self.aims)) != len(self.aims):
            raise wrong("S136", "each aim once", "Remove the repeated aim.")
        return self


class DrawnPlace(Strict):
    """A place that the planner drew on the map."""

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


class Drawn(Strict):
    """A plan drawn by hand, measured beside the optimum: candidates, further places, stations to close."""

    sites: tuple[Id, ...] = ()
    places: tuple[DrawnPlace, ...] = ()
    close: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "Drawn":
        ids = [*self.sites, *(place.id for place in self.places)]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise wrong("S136", "each site once", f"Remove one of the two {twice[0]!r}.")
        return self


class Mix(Strict):
    """Weights of a weighted question; at least one above 0.

    ``uncovered``: of the share of people beyond their limit; ``mean`` and ``worst``: of the mean and the
    longest response in units of ``per``.
    """

    uncovered: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    mean: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    worst: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    per: Duration = 600.0

    @model_validator(mode="after")
    def _something(self) -> "Mix":
        if self.uncovered + self.mean + self.worst <= 0:
            raise wrong("S139", "a weight above 0", "Give at least one aim a weight.")
        return self
