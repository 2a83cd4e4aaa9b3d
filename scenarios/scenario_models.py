"""Scenario files as typed models: what may stand in them, in which unit, within which limits."""

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from geo.region.layers import LAYERS
from scenarios.durations import Duration
from scenarios.forces import forces
from scenarios.where import WhereError, read_condition

Question = Literal["lscp", "mclp", "p_median", "p_center"]
LATER_QUESTIONS = ("mexclp", "backup", "mix")
LATER_KINDS = ("reserve", "drill", "ensemble")
Zone = Literal["town", "outskirts"]
PLACED = tuple(name for name, layer in LAYERS.items() if layer.geometry == "point" and name != "turns")


def wrong(code: str, wanted: str, fix: str) -> PydanticCustomError:
    """A fault with a code of its own, to be raised inside a model."""
    return PydanticCustomError(code, "{wanted}", {"wanted": wanted, "fix": fix})


class Strict(BaseModel):
    """Base of all models of a file: unknown keys are faults, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _question(value: Any) -> Any:
    if value in LATER_QUESTIONS:
        raise wrong("S112", "lscp, mclp, p_median or p_center", "Ask one of these; others come later.")
    return value


def _force(value: Any) -> Any:
    if isinstance(value, str) and value not in forces():
        raise wrong("S124", f"one of {', '.join(forces())}", "Use the name of a known force.")
    return value


def _where(value: Any) -> Any:
    try:
        if isinstance(value, str):
            read_condition(value)
    except WhereError as error:
        raise wrong(
            "S114", f"a condition such as \"status == 'planned'\" ({error})", "Correct the condition."
        ) from error
    return value


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


def _printable(value: str) -> str:
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in value) or "\ufffd" in value:
        raise wrong("S107", "text on one line, without control characters", "Write the name again.")
    return value


Id = Annotated[str, Field(min_length=1)]
Name = Annotated[str, AfterValidator(_printable)]
Whole = Annotated[int, Field(strict=True)]
ForceName = Annotated[str, BeforeValidator(_force)]


class Standard(Strict):
    """A service standard: who must arrive within what time, in which zone. The limit is inclusive."""

    force: ForceName = "fire"
    zone: Annotated[Zone | None, Field(description="townships it holds for; all when left out")] = None
    within_s: Duration
    source: Annotated[Name, Field(description="where the limit comes from; assumed where nobody set it")] = ""


class Candidates(Strict):
    """Where new sites may open: the records of a layer that meet a condition."""

    layer: Annotated[str, BeforeValidator(_layer)] = "stations"
    where: Annotated[str | None, BeforeValidator(_where), Field(description="condition on columns")] = None
    at_most: Annotated[
        Whole | None,
        Field(ge=1, le=100_000, description="thin out evenly over the map to so many places"),
    ] = None

    @model_validator(mode="after")
    def _columns_exist(self) -> "Candidates":
        if self.where is None:
            return self
        columns = {column.name: column for column in LAYERS[self.layer].columns}
        for name, values in read_condition(self.where).uses:
            if name not in columns:
                raise wrong(
                    "S115", f"a column of {self.layer}: {', '.join(columns)}", f"Correct the column {name!r}."
                )
            numeric = columns[name].kind in ("count", "number")
            if any(isinstance(value, str) == numeric for value in values):
                kind = "numbers" if numeric else "quoted text"
                raise wrong("S115", f"{kind} to compare {name} with", f"Compare {name} with {kind}.")
            choices = columns[name].choices
            if choices and (odd := [value for value in values if value not in choices]):
                raise wrong(
                    "S115", f"values of {name}: {', '.join(choices)}", f"Correct the value {odd[0]!r}."
                )
        return self


class ForceRule(Strict):
    """What this scenario assumes of a force in place of the shipped figures."""

    turnout_s: Annotated[Duration | None, Field(description="where a team states none")] = None
    vehicle_class: Id | None = None


class SitingSection(Strict):
    """The siting question and its rules."""

    question: Annotated[Question, BeforeValidator(_question)]
    open: Annotated[Whole | None, Field(ge=0, le=10_000, description="most new sites")] = None
    share: Annotated[float, Field(gt=0, le=1, description="of the people to cover; lscp only")] = 1.0
    cheapest: Annotated[bool, Field(description="least cost instead of fewest sites; lscp only")] = False
    candidates: Candidates = Candidates()
    keep: Annotated[Literal["existing"] | tuple[Id, ...], BeforeValidator(_keep)] = "existing"
    closable: Annotated[
        dict[Id, Annotated[float, Field(ge=0)]],
        BeforeValidator(_closable),
        WithJsonSchema({"type": ["object", "array"], "description": "ids, or ids with the cost of closing"}),
    ] = {}
    standards: Annotated[tuple[Standard, ...], Field(min_length=1, max_length=100)]
    forces: dict[ForceName, ForceRule] = {}
    evaluate_at: Annotated[
        tuple[Duration, ...], Field(max_length=20, description="further limits to report coverage at")
    ] = ()
    curve_to: Annotated[
        Whole | None, Field(ge=0, le=1_000, description="new sites up to which the value of each is shown")
    ] = None
    time_limit: Annotated[Duration, Field(description="of the search as a whole")] = 60.0

    @model_validator(mode="after")
    def _fits_the_question(self) -> "SitingSection":
        if self.question != "lscp" and self.open is None:
            raise wrong("S106", "the key 'open', the number of new sites", "Say how many may open.")
        if self.question != "lscp" and (self.share != 1.0 or self.cheapest):
            raise wrong("S133", "share and cheapest with question: lscp only", "Remove them or ask lscp.")
        if self.keep != "existing" and (both := sorted(set(self.keep) & set(self.closable))):
            raise wrong("S123", "each station kept or closable, not both", f"Remove {both[0]!r} from one.")
        return self

    @model_validator(mode="after")
    def _standards_apart(self) -> "SitingSection":
        seen: set[tuple[str, str | None]] = set()
        for standard in self.standards:
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
