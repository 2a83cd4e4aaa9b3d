"""What an ensemble runs again and again: a scenario read once, and the same with some values changed."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, refuse
from geo.region.region import Region
from scenarios.board import Board
from scenarios.board_file import board_from, read_board
from scenarios.dispatch_teams import ReadyTeam
from scenarios.doctrine import Doctrine, read_doctrine, shipped_doctrine
from scenarios.drill_models import DrillScenario
from scenarios.ensemble_measures import (
    Measures,
    dispatch_measures,
    drill_measures,
    reserve_measures,
    siting_measures,
)
from scenarios.ensemble_members import Member
from scenarios.ensemble_models import EnsembleScenario
from scenarios.files import read_scenario, scenario_from, scenario_kind
from scenarios.incident_models import IncidentScenario
from scenarios.plan import SitingPlan
from scenarios.reserve_models import ReserveScenario, plan_alone
from scenarios.reserve_plan import ReservePlan
from scenarios.scenario_models import Scenario

if TYPE_CHECKING:
    from scenarios.drill import Drill
    from scenarios.ensemble_plans import Plans, Reserves

BOARD = "board"
PLAN, TODAY = "plan", "today"
TAKEN_BY = {"drill": "siting", "reserve": "reserve"}
"""Kind of the plans that a path ``plan`` names, by the kind of the scenario; ``today`` is no plan."""
OFF_DUTY = "off_duty"
"""``board.off_duty``: ids of teams that are out, beside what the board says of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A scenario as plain content, ready to be changed, with what it is run on; can be pickled."""

    kind: str
    region: Region
    content: dict[str, Any]
    board: dict[str, Any] | None
    doctrine: Doctrine | None
    where: str
    plans: "Plans" = field(default_factory=dict)

    def changed(self, changes: Mapping[str, Any], seed: int | None) -> "Changed":
        """The scenario with other values by path, and another seed unless ``None``.

        Raises
        ------
        InputError
            S485 a path that leads nowhere, S486 a board for a scenario that takes none, S491 a plan that was
            not read, and every fault that the values make in the scenario or the board.
        """
        content, board = deepcopy(self.content), deepcopy(self.board)
        changes, plan = dict(changes), None
        if PLAN in changes and self.kind in TAKEN_BY:
            plan = self._named(str(changes.pop(PLAN)))
        if seed is not None and "seed" in content:
            content["seed"] = seed
        for path, value in changes.items():
            keys = path.split(".")
            if keys[0] == BOARD and self.kind == "incident" and len(keys) > 1:
                board = _board_with(board, keys[1:], value, path)
            elif keys[0] == BOARD:
                raise refuse(
                    "S486",
                    where=path,
                    found=f"a scenario of kind {self.kind}",
                    wanted="a path into the board only for incidents",
                    fix="Change a value of the scenario itself.",
                )
            else:
                _put(content, keys, value, path)
        model = KINDS[self.kind].model
        scenario = scenario_from(content, where=self.where, model=model)
        return Changed(
            base=self,
            scenario=scenario,
            board=None if board is None else board_from(board, where=f"{self.where} board"),
            plan=plan,
        )

    def _named(self, plan: str) -> str:
        if plan == TODAY or plan in self.plans:
            return plan
        raise refuse(
            "S491",
            where=PLAN,
            found=repr(plan),
            wanted=f"{TODAY}, or a plan that lies beside the ensemble file",
            fix="Name a plan file, and run the ensemble from its own file.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One member's scenario, its board and the name of its plan."""

    base: Base
    scenario: Any
    board: Board | None
    plan: str | None = None

    def measures(self) -> Measures:
        """Run it; the figures of its plan by name."""
        return KINDS[self.base.kind].run(self)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of scenario that can be run in an ensemble."""

    model: type[Any]
    run: Callable[[Changed], Measures]


def read_base(ensemble: EnsembleScenario, beside: Path, region: Region) -> Base:
    """The scenario that an ensemble file names, with its board and doctrine.

    Raises
    ------
    InputError
        S487 a scenario of a kind that cannot be run many times, and the faults of these files.
    """
    file = beside / ensemble.ensemble.scenario
    kind = _known(scenario_kind(file), where=str(file))
    scenario = read_scenario(file, KINDS[kind].model)
    named = ensemble.ensemble.board or getattr(scenario, "board", None)
    doctrine = getattr(scenario, "doctrine", None)
    board = read_board((beside if ensemble.ensemble.board else file.parent) / named) if named else None
    swept = any(vary.path == PLAN for vary in ensemble.ensemble.vary)
    return Base(
        kind=kind,
        region=region,
        content=scenario.model_dump(mode="json"),
        board=None if board is None else board.model_dump(mode="json"),
        doctrine=read_doctrine(file.parent / doctrine) if doctrine else None,
        where=str(ensemble.ensemble.scenario),
        plans=_plans(ensemble, kind, beside, region) if swept and kind in TAKEN_BY else {},
    )


def _plans(ensemble: EnsembleScenario, kind: str, beside: Path, region: Region) -> "Plans":
    from scenarios.ensemble_plans import read_plans  # it needs the solvers

    return read_plans(ensemble.ensemble, kind, beside, region)


def base_from(region: Region, content: dict[str, Any], board: dict[str, Any] | None, *, where: str) -> Base:
    """The same from content that was read before and names no files.

    Raises
    ------
    InputError
        S487, and the faults of the scenario and the board.
    """
    kind = _known(content.get("kind"), where=where)
    scenario = scenario_from(content, where=where, model=KINDS[kind].model)
    return Base(
        kind=kind,
        region=region,
        content=scenario.model_dump(mode="json"),
        board=None if board is None else board_from(board, where=f"{where} board").model_dump(mode="json"),
        doctrine=None,
        where=where,
    )


def _known(kind: object, *, where: str) -> str:
    if isinstance(kind, str) and kind in KINDS:
        return kind
    raise refuse(
        "S487",
        where=where,
        found=f"a scenario of kind {kind!r}",
        wanted=f"one of {', '.join(KINDS)}",
        fix="Name a scenario of such a kind.",
    )


def member_measures(base: Base, member: Member, *, own_seed: bool) -> Measures:
    """One member's figures; a member whose values make no valid scenario has the code of its first fault."""
    try:
        return base.changed(member.changes, member.seed if own_seed else None).measures()
    except InputError as faulty:
        return {"status": faulty.faults[0].code}


def _board_with(board: dict[str, Any] | None, keys: list[str], value: Any, path: str) -> dict[str, Any]:
    found = board or {"muster": 1, "at": None, "teams": [], "stock": [], "closures": []}
    if keys != [OFF_DUTY]:
        _put(found, keys, value, path)
        return found
    out = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    stays = [team for team in found["teams"] if team["id"] not in out]
    found["teams"] = [*stays, *({"id": one, "status": "off_duty"} for one in out)]
    return found


def _put(content: Any, keys: list[str], value: Any, path: str) -> None:
    """Set a value in nested tables and lists; a table may get a key it did not have, a list not."""
    for key in keys[:-1]:
        content = _inside(content, key, path)
    last = keys[-1]
    if isinstance(content, dict):
        content[last] = value
    elif isinstance(content, list) and last.isdecimal() and int(last) < len(content):
        content[int(last)] = value
    else:
        raise _nowhere(path, last)


def _inside(content: Any, key: str, path: str) -> Any:
    if isinstance(content, dict) and isinstance(content.get(key), dict | list):
        return content[key]
    if isinstance(content, list) and key.isdecimal() and int(key) < len(content):
        return content[int(key)]
    raise _nowhere(path, key)


def _nowhere(path: str, key: str) -> InputError:
    return refuse(
        "S485",
        where=path,
        found=f"nothing at {key!r}",
        wanted="keys of the scenario and positions from 0 in its lists",
        fix="Correct the path.",
    )


def _dispatch(changed: Changed) -> Measures:
    from scenarios.dispatch import dispatch

    base = changed.base
    plan = dispatch(base.region, changed.scenario, changed.board, doctrine=base.doctrine)
    return dispatch_measures(plan)


def _drill(changed: Changed) -> Measures:
    """One replication; what all replications of a combination share is read off the region once a process."""
    from scenarios.drill import replicate

    scenario = changed.scenario
    many = scenario.model_copy(update={"drill": scenario.drill.model_copy(update={"replications": 2})})
    ready = replace(_prepared(changed), scenario=many)  # one of many: its figures are not cut into batches
    return drill_measures(replicate(ready, 0))


def _prepared(changed: Changed) -> "Drill":
    from scenarios.drill import prepared

    key = (id(changed.base), f"{changed.plan} {changed.scenario.drill.model_dump_json()}")
    if key not in _READY:
        if len(_READY) >= _MOST_READY:
            _READY.pop(next(iter(_READY)))
        base = changed.base
        _READY[key] = prepared(base.region, changed.scenario, base.doctrine, crews=_crews(changed))
    return _READY[key]


def _crews(changed: Changed) -> "tuple[ReadyTeam, ...] | None":
    """The teams under the member's siting plan; ``None`` = those that the drill asks for."""
    base = changed.base
    if changed.plan in (None, TODAY):
        return None
    from scenarios.ensemble_plans import plan_crews

    plan = base.plans[changed.plan or ""]
    assert isinstance(plan, SitingPlan)
    return plan_crews(base.region, plan, changed.scenario, base.doctrine or shipped_doctrine())


_MOST_READY = 8
_READY: dict[tuple[int, str], "Drill"] = {}


def _site(changed: Changed) -> Measures:
    from scenarios.site import site

    return siting_measures(site(changed.base.region, changed.scenario))


def _stock(changed: Changed) -> Measures:
    if changed.plan is not None:
        plan = changed.base.plans.get(changed.plan)
        assert plan is None or isinstance(plan, ReservePlan)
        return _reserves(changed).measures(changed.plan, plan, changed.scenario.seed)
    from scenarios.stock import stock

    return reserve_measures(stock(changed.base.region, plan_alone(changed.scenario)))


def _reserves(changed: Changed) -> "Reserves":
    """The scenario made ready, once a process and set of values."""
    from scenarios.ensemble_plans import Reserves

    key = (id(changed.base), changed.scenario.reserve.model_dump_json())
    if key not in _RESERVES:
        if len(_RESERVES) >= _MOST_READY:
            _RESERVES.pop(next(iter(_RESERVES)))
        _RESERVES[key] = Reserves(changed.base.region, changed.scenario)
    return _RESERVES[key]


_RESERVES: dict[tuple[int, str], "Reserves"] = {}

KINDS: dict[str, Kind] = {
    "incident": Kind(IncidentScenario, _dispatch),
    "siting": Kind(Scenario, _site),
    "reserve": Kind(ReserveScenario, _stock),
    "drill": Kind(DrillScenario, _drill),
}
