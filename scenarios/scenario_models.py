"""Scenario files as typed models: what may stand in them, in which unit, within which limits."""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_validator,
)

from geo.region.layers import LAYERS
from scenarios.durations import Duration
from scenarios.model_base import ForceName, Name, PlacedRecords, Records, Whole
from scenarios.model_base import Id as Id
from scenarios.model_base import Strict as Strict
from scenarios.model_base import wrong as wrong
from scenarios.site_test_models import Tested
from scenarios.siting_rules import Drawn, Front, Mix, Phase, Pool, Robust, Rules

Question = Literal["lscp", "mclp", "backup", "mexclp", "decay", "p_median", "p_center", "mix"]
Zone = Literal["town", "outskirts"]
PLACED = tuple(name for name, layer in LAYERS.items() if layer.geometry == "point" and name != "turns")


def _layer(value: Any) -> Any:
    if isinstance(value, str) and value not in PLACED:
        raise wrong(
            "S128", f"a layer of points: {', '.join(PLACED)}", "Name a layer whose records are points."
        )
    return value


def _keep(value: Any) -> Any:
    if value != "existing" and not _ids(value):
        raise wrong("S107", "'existing' or a list of station ids", "Write keep: existing, or list the ids.")
    return value


def _closable(value: Any) -> Any:
    if _ids(value):
        return dict.fromkeys(value, 0.0)
    if not isinstance(value, dict):
        raise wrong("S107", "a list of station ids, or ids with their cost", "Write closable: {id: cost}.")
    return value


def _ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


class Standard(Strict):
    """A service standard: who must arrive within what time, in which zone. The limit is inclusive."""

    force: ForceName = "fire"
    zone: Annotated[Zone | None, Field(description="townships it holds for; all when left out")] = None
    of: Annotated[
        PlacedRecords | None,
        Field(description="places to reach instead of people, e.g. {layer: hazard_sites}"),
    ] = None
    weight: Annotated[
        Whole, Field(ge=1, le=10_000_000, description="how much each place, or each person, counts")
    ] = 1
    within_s: Duration
    source: Annotated[Name, Field(description="where the limit comes from; assumed where nobody set it")] = ""


class Candidates(Records):
    """Where new sites may open: the records of a layer that meet a condition."""

    layer: Annotated[str, BeforeValidator(_layer)] = "stations"
    at_most: Annotated[
        Whole | None,
        Field(ge=1, le=100_000, description="thin out evenly over the map to so many places"),
    ] = None


class ForceRule(Strict):
    """What this scenario assumes of a force in place of the shipped figures."""

    turnout_s: Annotated[Duration | None, Field(description="where a team states none")] = None
    vehicle_class: Id | None = None


class SitingSection(Strict):
    """The siting question and its rules."""

    question: Question
    open: Annotated[Whole | None, Field(ge=0, le=10_000, description="most new sites")] = None
    share: Annotated[float, Field(gt=0, le=1, description="of the people to cover; lscp only")] = 1.0
    second_cover: Annotated[
        float, Field(gt=0, le=0.5, description="worth of a second cover, of 1 in all; backup only")
    ] = 0.5
    busy: Annotated[
        float | None, Field(ge=0, lt=1, description="share of time that a unit is busy; mexclp only")
    ] = None
    units_per_site: Annotated[
        Whole, Field(ge=1, le=20, description="most new units at one place; mexclp only")
    ] = 1
    worth: Annotated[
        tuple[tuple[Duration, Annotated[float, Field(ge=0, le=1)]], ...],
        Field(max_length=100, description="worth of a response up to each time; decay only"),
    ] = ()
    mix: Annotated[Mix | None, Field(description="weights; question mix only")] = None
    cheapest: Annotated[bool, Field(description="least cost instead of fewest sites; lscp only")] = False
    candidates: Candidates = Candidates()
    keep: Annotated[Literal["existing"] | tuple[Id, ...], BeforeValidator(_keep)] = "existing"
    closable: Annotated[
        dict[Id, Annotated[float, Field(ge=0)]],
        BeforeValidator(_closable),
        WithJsonSchema({"type": ["object", "array"], "description": "ids, or ids with the cost of closing"}),
    ] = Field(default_factory=dict)
    standards: Annotated[tuple[Standard, ...], Field(min_length=1, max_length=100)]
    forces: dict[ForceName, ForceRule] = Field(default_factory=dict)
    rules: Rules = Rules()
    teams: Annotated[
        dict[ForceName, Annotated[Whole, Field(ge=1, le=10_000)]],
        Field(description="new teams to place, by force; each site then hosts the forces it is given"),
    ] = Field(default_factory=dict)
    teams_per_site: Annotated[
        Whole, Field(ge=1, le=100, description="new teams a place takes where its record does not say")
    ] = 2
    phases: Annotated[tuple[Phase, ...], Field(max_length=10)] = ()
    robust: Robust | None = None
    pool: Pool | None = None
    front: Front | None = None
    drawn: Annotated[Drawn | None, Field(description="a plan drawn by hand, measured beside")] = None
    evaluate_at: Annotated[
        tuple[Duration, ...], Field(max_length=20, description="further limits to report coverage at")
    ] = ()
    curve_to: Annotated[
        Whole | None, Field(ge=0, le=1_000, description="new sites up to which the value of each is shown")
    ] = None
    time_limit: Annotated[Duration, Field(description="of the search as a whole")] = 60.0
    test: Annotated[
        Tested,
        Field(description="a drill that the plan is played through", exclude_if=lambda test: test is None),
    ] = None

    @model_validator(mode="after")
    def _fits_the_question(self) -> "SitingSection":
        if self.question != "lscp" and self.open is None and not self.phases:
            raise wrong("S106", "the key 'open', the number of new sites", "Say how many may open.")
        own = {
            "lscp": ("share", "cheapest"),
            "backup": ("second_cover",),
            "mexclp": ("busy", "units_per_site"),
            "decay": ("worth",),
            "mix": ("mix",),
        }
        for question, keys in own.items():
            said = [key for key in keys if self.__dict__[key] != type(self).model_fields[key].default]
            if said and self.question != question:
                raise wrong(
                    "S133", f"{said[0]} with question: {question} only", "Remove it or change the question."
                )
        for question, key in (("mexclp", "busy"), ("decay", "worth"), ("mix", "mix")):
            if self.question == question and not self.__dict__[key] and self.__dict__[key] != 0:
                raise wrong("S106", f"the key {key!r} for question: {question}", f"Add {key!r}.")
        if self.keep != "existing" and (both := sorted(set(self.keep) & set(self.closable))):
            raise wrong("S123", "each station kept or closable, not both", f"Remove {both[0]!r} from one.")
        return self

    @model_validator(mode="after")
    def _worth_falls(self) -> "SitingSection":
        times, worths = [t for t, _ in self.worth], [w for _, w in self.worth]
        if times != sorted(set(times)) or worths != sorted(worths, reverse=True):
            raise wrong("S140", "times that rise and worths that do not", "Put the table in order.")
        return self

    @model_validator(mode="after")
    def _phases_grow(self) -> "SitingSection":
        years, opened = [phase.year for phase in self.phases], [phase.open for phase in self.phases]
        if years != sorted(set(years)) or opened != sorted(opened):
            raise wrong("S141", "later years with as many sites or more", "Put the phases in order.")
        if self.phases and self.open not in (None, opened[-1]):
            raise wrong("S141", f"open: {opened[-1]}, as the last phase says, or no open", "Remove 'open'.")
        return self

    @model_validator(mode="after")
    def _one_extension(self) -> "SitingSection":
        counted = self.question in ("mclp", "backup", "mexclp")
        for key in ("phases", "robust", "teams"):
            if self.__dict__[key] and self.question != "mclp" and not (key == "teams" and counted):
                raise wrong("S142", f"{key} with question: mclp", "Ask mclp, or remove the key.")
        by_columns = [key for key in ("phases", "teams") if self.__dict__[key]]
        by_columns += ["rules.movable"] if self.rules.movable else []
        for key in ("pool", "front"):
            if self.__dict__[key] and by_columns:
                raise wrong("S142", f"{key} without {by_columns[0]}", f"Remove {key}.")
        if self.curve_to and by_columns:
            raise wrong("S142", f"no curve_to with {by_columns[0]}", "Remove curve_to.")
        said = [key for key in ("phases", "robust", "teams") if self.__dict__[key]]
        said += ["rules.movable"] if self.rules.movable else []
        if len(said) > 1:
            raise wrong("S142", f"one of {', '.join(said)} in a scenario", "Ask two scenarios.")
        return self

    @model_validator(mode="after")
    def _teams_that_count(self) -> "SitingSection":
        if self.teams and self.closable:
            raise wrong("S142", "teams without closable", "Remove closable: places with teams stay open.")
        asked = {standard.force for standard in self.standards}
        if strange := sorted(set(self.teams) - asked):
            raise wrong(
                "S142", f"teams of forces that a standard names, not {strange[0]}", "Add a standard for it."
            )
        return self

    @model_validator(mode="after")
    def _standards_apart(self) -> "SitingSection":
        seen: set[tuple[str, str | None]] = set()
        for standard in self.standards:
            if standard.of is not None:
                continue  # places of their own; several limits for them are several standards
            rivals = {(standard.force, standard.zone), (standard.force, None)}
            if standard.zone is None:
                rivals |= {(standard.force, "town"), (standard.force, "outskirts")}
            if seen & rivals:
                raise wrong(
                    "S125",
                    f"one limit of {standard.force} for each zone",
                    "Remove one of the two; further limits to report go under evaluate_at.",
                )
            seen.add((standard.force, standard.zone))
        return self


class Scenario(Strict):
    """A siting scenario."""

    muster: Annotated[Literal[1], Field(description="file format")]
    kind: Literal["siting"]
    region: Annotated[str, Field(min_length=1, description="folder, .gpkg or .xlsx, relative to this file")]
    name_zh: Name = ""
    name_en: Name = ""
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    siting: SitingSection
