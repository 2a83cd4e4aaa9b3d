"""Scenario files: read, checked as a whole, every fault with its line; the schema published."""

import difflib
import hashlib
import json
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel, ValidationError

from geo.errors import Fault, InputError, refuse
from scenarios.board import RoadClosure
from scenarios.drill_calls_check import refuse_wrong_calls
from scenarios.drill_calls_models import CallsSection, Time
from scenarios.drill_files import with_calls_read
from scenarios.drill_models import (
    AskedTeams,
    CallKind,
    DrillScenario,
    DrillSection,
    Hospital,
    MoveUp,
    Redispatch,
    Shift,
    TeamsSection,
    Traffic,
)
from scenarios.ensemble_models import Draw, EnsembleScenario, EnsembleSection, Vary
from scenarios.incident_models import (
    EnteredDistances,
    Incident,
    IncidentPlace,
    IncidentScenario,
    SubstanceSection,
    WeatherSection,
)
from scenarios.park_models import (
    FireArea,
    ParkRoad,
    ParkRules,
    ParkScenario,
    ParkSection,
    ParkTank,
    PlantPoint,
)
from scenarios.reserve_models import (
    Emergency,
    Generate,
    Objective,
    ReserveScenario,
    ReserveSection,
    Shares,
    Suppliers,
    Trucks,
)
from scenarios.reserve_test_models import ReserveTest
from scenarios.scenario_models import (
    Candidates,
    ForceRule,
    Scenario,
    SitingSection,
    Standard,
)
from scenarios.shipped import PINGLUO
from scenarios.site_test_models import SiteTest
from scenarios.siting_rules import Closed, Drawn, Front, Mix, Phase, Pool, Robust, Rules
from scenarios.water_files import with_water_read
from scenarios.water_models import DepthRaster, WaterArea
from scenarios.yaml_lines import Document, Path_, dotted, read_document

S = TypeVar("S", Scenario, IncidentScenario, ParkScenario, ReserveScenario, EnsembleScenario, DrillScenario)
KINDS: dict[type[BaseModel], str] = {
    Scenario: "siting",
    IncidentScenario: "incident",
    ParkScenario: "park",
    ReserveScenario: "reserve",
    EnsembleScenario: "ensemble",
    DrillScenario: "drill",
}
_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    ("siting",): SitingSection,
    ("siting", "candidates"): Candidates,
    ("siting", "standards"): Standard,
    ("siting", "forces"): ForceRule,
    ("siting", "rules"): Rules,
    ("siting", "phases"): Phase,
    ("siting", "robust"): Robust,
    ("siting", "robust", "states"): Closed,
    ("siting", "pool"): Pool,
    ("siting", "front"): Front,
    ("siting", "mix"): Mix,
    ("siting", "drawn"): Drawn,
    ("siting", "test"): SiteTest,
    ("park",): ParkSection,
    ("park", "roads"): ParkRoad,
    ("park", "points"): PlantPoint,
    ("park", "fire_areas"): FireArea,
    ("park", "tanks"): ParkTank,
    ("park", "rules"): ParkRules,
    ("reserve",): ReserveSection,
    ("reserve", "shares"): Shares,
    ("reserve", "objective"): Objective,
    ("reserve", "trucks"): Trucks,
    ("reserve", "generate"): Generate,
    ("reserve", "scenarios"): Emergency,
    ("reserve", "test"): ReserveTest,
    ("reserve", "scenarios", "where"): IncidentPlace,
    ("reserve", "scenarios", "weather"): WeatherSection,
    ("reserve", "scenarios", "suppliers"): Suppliers,
    ("drill",): DrillSection,
    ("drill", "kinds"): CallKind,
    ("drill", "kinds", "teams"): AskedTeams,
    ("drill", "kinds", "on_scene"): Time,
    ("drill", "kinds", "hospital"): Hospital,
    ("drill", "calls"): CallsSection,
    ("drill", "teams"): TeamsSection,
    ("drill", "teams", "shifts"): Shift,
    ("drill", "redispatch"): Redispatch,
    ("drill", "move_up"): MoveUp,
    ("drill", "traffic"): Traffic,
    ("drill", "closures"): RoadClosure,
    ("drill", "floods"): Incident,
    ("ensemble",): EnsembleSection,
    ("ensemble", "vary"): Vary,
    ("ensemble", "vary", "draw"): Draw,
    ("weather",): WeatherSection,
    ("incidents",): Incident,
    ("incidents", "where"): IncidentPlace,
    ("incidents", "substance"): SubstanceSection,
    ("incidents", "distances"): EnteredDistances,
    ("incidents", "water"): WaterArea,
    ("incidents", "depth_rasters"): DepthRaster,
}
AnyScenario = Scenario | IncidentScenario | ParkScenario | ReserveScenario | EnsembleScenario | DrillScenario
_OUT_OF_RANGE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}


@overload
def read_scenario(path: Path | str) -> Scenario: ...
@overload
def read_scenario(path: Path | str, model: type[S]) -> S: ...
def read_scenario(path: Path | str, model: type[BaseModel] = Scenario) -> BaseModel:
    """Read and check a scenario file of the kind that ``model`` stands for.

    Raises
    ------
    InputError
        Every fault of the file at once: S101 to S104 as ``read_document``, S105 unknown key, S106 missing
        key, S107 wrong kind of value, S108 wrong duration, S109 out of range, S110 unknown word, S111 another
        kind, S113 other file format, S114 and S115 conditions, S123 to S142, S149, S161 to S163 and S201 to
        S206 and S456 to S465 rules that contradict each other or name what does not exist, S280 to S284 and
        H107 to H122 files of water that an incident names, S450 to S454 and S468 files of calls that a drill
        names.
    """
    path = Path(path)
    document = read_document(path)
    _refuse_other_files(path, document, KINDS[model])
    try:
        scenario = model.model_validate(document.content)
    except ValidationError as wrong:
        raise InputError(_faults(wrong, path, document, model)) from wrong
    if isinstance(scenario, Scenario):
        return _with_test(scenario, path)
    if isinstance(scenario, IncidentScenario):
        return _with_water(scenario, path, document)
    return _with_calls(scenario, path, document) if isinstance(scenario, DrillScenario) else scenario


@overload
def scenario_from(content: dict[str, Any], *, where: str) -> Scenario: ...
@overload
def scenario_from(content: dict[str, Any], *, where: str, model: type[S]) -> S: ...
def scenario_from(
    content: dict[str, Any],
    *,
    where: str,
    model: type[BaseModel] = Scenario,
) -> BaseModel:
    """A scenario from content that was read before, such as the copy inside a plan; raises ``InputError``."""
    try:
        scenario = model.model_validate(content)
    except ValidationError as wrong:
        raise InputError(_faults(wrong, Path(where), Document(content, {}), model)) from wrong
    if isinstance(scenario, DrillScenario):
        refuse_wrong_calls(scenario, where=where)
    return scenario


def scenario_kind(path: Path | str) -> str:
    """The kind that a scenario file says it is of; ``siting`` where it says none or cannot be read."""
    try:
        kind = read_document(Path(path)).content.get("kind")
    except InputError:
        return KINDS[Scenario]
    return kind if isinstance(kind, str) else KINDS[Scenario]


def region_path(scenario: AnyScenario, path: Path | str) -> Path:
    """Where the region of a scenario file lies: relative to that file, else the shipped one of that name.

    So a shipped scenario still finds its region when somebody copies the file elsewhere to change it.

    Raises
    ------
    InputError
        S116 when nothing is there.
    """
    beside = Path(path).parent / scenario.region
    if beside.exists():
        return beside
    if scenario.region == PINGLUO.name:
        return PINGLUO
    raise refuse(
        "S116",
        where=f"{path} region",
        found=f"{scenario.region!r}, where nothing is",
        wanted=f"a region folder, .gpkg or .xlsx, relative to the scenario file, or {PINGLUO.name!r}",
        fix="Correct the path, or name the region on the command line.",
    )


def scenario_digest(scenario: AnyScenario) -> str:
    """SHA-256 over what a scenario says, whatever its layout; paths of other files do not count."""
    said = scenario.model_dump(mode="json", exclude={"region", "board", "doctrine"})
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _with_water(scenario: IncidentScenario, path: Path, document: Document) -> IncidentScenario:
    """An incident scenario with what the files say that it names; their faults lead to its lines."""

    def where(incident: int, key: str) -> str:
        at = ("incidents", incident, key)
        return f"{path}:{document.line(at)} {dotted(at)}"

    return with_water_read(scenario, path.parent, where=where)


def _with_test(scenario: Scenario, path: Path) -> Scenario:
    """A siting scenario with the drill that it is tested by."""
    if scenario.siting.test is None:
        return scenario
    from scenarios.site_test_drill import with_test  # it reads the drill by this module

    return with_test(scenario, beside=path.parent)


def _with_calls(scenario: DrillScenario, path: Path, document: Document) -> DrillScenario:
    """A drill with what the table or log says that it names."""

    def where(key: str) -> str:
        at = ("drill", "calls", key)
        return f"{path}:{document.line(at)} {dotted(at)}"

    return with_calls_read(scenario, path.parent, where=where)


def _refuse_other_files(path: Path, document: Document, wanted: str) -> None:
    """Refuse what is a scenario, but not of the kind that is wanted, before its keys are looked at."""
    version, kind = document.content.get("muster"), document.content.get("kind")
    if version is not None and version != 1:
        raise refuse(
            "S113",
            where=f"{path}:{document.line(('muster',))} muster",
            found=f"file format {version!r}",
            wanted="muster: 1",
            fix="Use a newer Muster for this file, or correct the number.",
        )
    if kind != wanted and kind in KINDS.values():
        raise refuse(
            "S111",
            where=f"{path}:{document.line(('kind',))} kind",
            found=repr(kind),
            wanted=f"kind: {wanted}",
            fix="Use the command of that kind.",
        )


def _faults(wrong: ValidationError, path: Path, document: Document, scenario: type[BaseModel]) -> list[Fault]:
    """The faults in order of their lines; a list is not called short for items that are faulty themselves."""
    errors = wrong.errors()
    places = [error["loc"] for error in errors]
    kept = [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(at != error["loc"] and at[: len(error["loc"])] == error["loc"] for at in places)
    ]
    kept.sort(key=lambda error: document.line(_at(error)))
    return [_fault(error, path, document, scenario) for error in kept]


def _at(error: Any) -> Path_:
    return tuple(part for part in error["loc"] if part != "[key]")


def _fault(error: Any, path: Path, document: Document, scenario: type[BaseModel]) -> Fault:
    at = _at(error)
    kind, context = error["type"], error.get("ctx") or {}
    found, wanted, fix = (
        _short(error["input"]),
        str(error["msg"]).removeprefix("Input should be "),
        "Correct the value.",
    )
    if kind == "extra_forbidden":
        code, (found, wanted, fix) = "S105", _unknown_key(at, scenario)
    elif kind == "missing":
        code, found, wanted = "S106", "no such key", f"the key {at[-1]!r}"
        fix = f"Add {at[-1]!r} here."
    elif kind == "literal_error":
        code, wanted, fix = "S110", str(context["expected"]), "Use one of these words."
    elif kind in _OUT_OF_RANGE:
        code = "S109"
    elif kind[:1] == "S" and kind[1:].isdigit():
        code, fix = kind, str(context["fix"])
    else:
        code = "S107"
    where = f"{path}:{document.line(at)} {dotted(at)}".rstrip()
    return Fault(code=code, where=where, found=found, wanted=wanted, fix=fix)


def _unknown_key(at: Path_, scenario: type[BaseModel]) -> tuple[str, str, str]:
    """Found, wanted and remedy for a key that nothing reads, with the nearest one that is read."""
    parents = tuple(part for part in at[:-1] if isinstance(part, str))
    model = _MODELS.get(parents) or _MODELS.get(parents[:2]) or scenario
    known = list(model.model_fields)
    near = difflib.get_close_matches(str(at[-1]), known, n=1)
    fix = f"Did you mean {near[0]!r}?" if near else "Remove it."
    return f"the unknown key {at[-1]!r}", f"one of {', '.join(known)}", fix


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
