"""The drill that a siting plan is tested by: read once and kept in the scenario, and so in the plan."""

from pathlib import Path
from typing import Any

from geo.errors import refuse
from scenarios.doctrine import Doctrine, doctrine_from, read_doctrine, shipped_doctrine
from scenarios.drill_models import DrillScenario
from scenarios.files import read_scenario, scenario_from
from scenarios.scenario_models import Scenario
from scenarios.shipped import DATA
from scenarios.site_test_models import DrillRead, SiteTest

_READ = "siting.test.read"


def with_test(
    scenario: Scenario, drill: str | None = None, replications: int | None = None, *, beside: Path | None
) -> Scenario:
    """The scenario with a test asked for on the way, and what its drill file says.

    Parameters
    ----------
    drill, replications
        In place of what the scenario says, if it says anything.
    beside
        Folder of the files that the scenario names; ``None`` where it may name shipped drills alone.

    Raises
    ------
    InputError
        S170 no such drill, and the faults of that file.
    """
    asked = scenario.siting.test
    if drill is not None or replications is not None:
        asked = _changed(asked or SiteTest(), drill, replications)
    if asked is None:
        return scenario
    if asked.read is None:
        asked = asked.model_copy(update={"read": _read(asked.drill, beside)})
    section = scenario.siting.model_copy(update={"test": asked})
    return scenario.model_copy(update={"siting": section})


def _changed(asked: SiteTest, drill: str | None, replications: int | None) -> SiteTest:
    said: dict[str, Any] = {} if drill is None else {"drill": drill or " ", "read": None}
    if replications is not None:
        said["replications"] = replications
    return SiteTest.model_validate({**asked.model_dump(), **said})


def _read(name: str, beside: Path | None) -> DrillRead:
    path = _path(name, beside)
    drill = read_scenario(path, DrillScenario)
    doctrine = read_doctrine(path.parent / drill.doctrine) if drill.doctrine else None
    return DrillRead(
        file=name,
        drill=drill.model_copy(update={"doctrine": None}).model_dump(mode="json"),
        doctrine=None if doctrine is None else doctrine.model_dump(mode="json"),
    )


def _path(name: str, beside: Path | None) -> Path:
    """The file beside the scenario, else the shipped drill of that name."""
    ours = {path.stem: path for path in sorted(DATA.glob("drill-*.yaml"))}
    file = None if beside is None else beside / name
    if file is not None and file.is_file():
        return file
    if name.removesuffix(".yaml") in ours:
        return ours[name.removesuffix(".yaml")]
    raise refuse(
        "S170",
        where="siting.test.drill",
        found=repr(name) + (", where nothing is" if beside is not None else ""),
        wanted=("a drill file, or " if beside is not None else "") + f"one of {', '.join(ours)}",
        fix="Correct the name, or write the drill's file.",
    )


def drill_of(asked: SiteTest, seed: int) -> tuple[DrillScenario, Doctrine]:
    """The drill to play: the replications of the test, the seed of the siting scenario.

    Raises
    ------
    InputError
        The faults of a drill inside a scenario that was changed by hand.
    """
    assert asked.read is not None
    drill = scenario_from(asked.read.drill, where=f"{_READ}.drill", model=DrillScenario)
    often = max(2, drill.drill.replications) if asked.replications is None else asked.replications
    section = drill.drill.model_copy(update={"replications": often})
    doctrine = asked.read.doctrine
    return (
        drill.model_copy(update={"drill": section, "seed": seed}),
        shipped_doctrine() if doctrine is None else doctrine_from(doctrine, where=f"{_READ}.doctrine"),
    )
