"""The test of a siting plan made ready: the drill with today's teams, and what it tells of the standards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import refuse
from geo.region.region import Region
from optimizer.drill.figures import replicated
from optimizer.problem import Floats
from scenarios.dispatch_teams import ReadyTeam
from scenarios.doctrine import Doctrine
from scenarios.drill import Drill, play, prepared
from scenarios.drill_inputs import asked_teams
from scenarios.drill_models import DrillScenario
from scenarios.forces import Force
from scenarios.scenario_models import Scenario
from scenarios.site_choice import Choice, standing
from scenarios.site_crews import Crews, crews_of, usual_levels
from scenarios.site_inputs import SitingInputs
from scenarios.site_response import asked_forces
from scenarios.site_test_drill import drill_of
from scenarios.site_test_figures import (
    FIELDS,
    StandardCalls,
    by_township,
    figures,
    responses_of,
    rows_by_capability,
    standard_calls,
)
from scenarios.site_test_models import SiteTest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One of the two that are compared: its crews and the drill with them."""

    crews: Crews
    ready: Drill


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteTrial:
    """A test made ready before the plan is known: the drill with today's teams.

    ``calls``: by standard, ``None`` where the drill says nothing of it.
    """

    asked: SiteTest
    drill: DrillScenario
    doctrine: Doctrine
    teams: tuple[ReadyTeam, ...]
    forces: Mapping[str, Force]
    levels: Mapping[str, int]
    today: Side
    calls: tuple[StandardCalls | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One replication of one side.

    Parameters
    ----------
    standards, townships
        ``site_test_figures.FIELDS`` by standard, shape (s, f), and by township, shape (s, a, f).
    totals
        ``optimizer.drill.figures.FIELDS`` of all calls.
    utilisation
        Share of the time that each team is out, shape (t,).
    """

    standards: Floats
    townships: Floats
    totals: Floats
    utilisation: Floats


def site_trial(region: Region, scenario: Scenario, inputs: SitingInputs) -> SiteTrial | None:
    """Make the test of a scenario ready; ``None`` where it asks for none.

    Raises
    ------
    InputError
        S171 a drill whose calls say nothing of any standard, and the faults of the drill.
    """
    asked = scenario.siting.test
    if asked is None:
        return None
    drill, doctrine = drill_of(asked, scenario.seed)
    forces = {name: one for name, one in asked_forces(scenario.siting).items() if one.capability}
    teams, _ = asked_teams(region, drill, doctrine)
    levels = usual_levels(teams, forces, asked.levels)
    crews = crews_of(inputs, standing(inputs.sites), teams, forces, levels)
    today = Side(crews=crews, ready=_ready(region, drill, doctrine, crews, forces, asked))
    standards = scenario.siting.standards
    capabilities = [forces[one.force].capability if one.force in forces else "" for one in standards]
    calls = standard_calls(today.ready, region, standards, capabilities)
    if all(one is None for one in calls):
        raise refuse(
            "S171",
            where="siting.test.drill",
            found=f"{asked.drill!r}, none of whose calls is for a force and place of the standards",
            wanted="kinds of calls that ask for such a force, from the people or the layer of the standards",
            fix="Name another drill, or add a kind of call to it.",
        )
    return SiteTrial(
        asked=asked,
        drill=drill,
        doctrine=doctrine,
        teams=teams,
        forces=forces,
        levels=levels,
        today=today,
        calls=calls,
    )


def _ready(
    region: Region,
    drill: DrillScenario,
    doctrine: Doctrine,
    crews: Crews,
    forces: Mapping[str, Force],
    asked: SiteTest,
) -> Drill:
    """The drill with these crews; where sites alone answer, others do not count for their capabilities."""
    ready = prepared(region, drill, doctrine, crews=crews.teams)
    if asked.answered_by == "everybody":
        return ready
    problem = ready.inputs.problem
    eligible = problem.kinds.eligible.copy()
    capability = rows_by_capability(ready)
    for one in sorted({force.capability for force in forces.values()}):
        allowed = {
            team for name, force in forces.items() if force.capability == one for team in crews.of[name]
        }
        eligible[capability == one] &= np.array([team.id in allowed for team in crews.teams], np.bool_)
    kinds = replace(problem.kinds, eligible=eligible)
    return replace(ready, inputs=replace(ready.inputs, problem=replace(problem, kinds=kinds)))


def with_choice(region: Region, inputs: SitingInputs, trial: SiteTrial, choice: Choice) -> Side:
    """The drill with the crews that a choice of sites gives."""
    crews = crews_of(inputs, choice, trial.teams, trial.forces, trial.levels)
    return Side(
        crews=crews, ready=_ready(region, trial.drill, trial.doctrine, crews, trial.forces, trial.asked)
    )


def played(trial: SiteTrial, side: Side, replication: int) -> Played:
    """One replication of one side; the calls depend on seed and replication alone."""
    calls, run = play(side.ready, replication)
    township, areas = by_township(side.ready, calls), len(side.ready.inputs.places.townships)
    standards = np.full((len(trial.calls), len(FIELDS)), np.nan)
    townships = np.full((len(trial.calls), areas, len(FIELDS)), np.nan)
    for number, one in enumerate(trial.calls):
        if one is None:
            continue
        response_s, known = responses_of(side.ready, calls, run, one)
        standards[number] = figures(response_s, known, one.limit_ds)
        for area in np.unique(township[known & (township >= 0)]).tolist():
            townships[number, area] = figures(response_s, known & (township == area), one.limit_ds)
    places = side.ready.inputs.places.township
    whole = replicated(side.ready.inputs.problem, calls, run, area=places, areas=0)
    return Played(standards, townships, whole.parts[0].total, whole.utilisation)
