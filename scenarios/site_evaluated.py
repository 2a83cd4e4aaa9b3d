"""A siting plan drawn by hand, measured at once: no search, so that a planner can drag a station and look."""

import math

import numpy as np

from geo.region.region import Region
from optimizer.problem import Bools
from optimizer.watch import Watch
from scenarios.coverage_table import measures
from scenarios.plan_drawn import DrawnMeasured, PointCovered
from scenarios.scenario_models import Scenario
from scenarios.site_choice import Choice, standing
from scenarios.site_drawn import drawn_choice, drawn_plan
from scenarios.site_inputs import SitingInputs, siting_inputs
from scenarios.site_problem import limits_s
from scenarios.siting_rules import Drawn


def measure_drawn(region: Region, scenario: Scenario) -> DrawnMeasured:
    """Measure the plan that a scenario has under ``drawn``, nothing drawn where it has none; no optimum.

    Raises
    ------
    InputError
        As ``site``.
    """
    section = scenario.siting.model_copy(update={"drawn": scenario.siting.drawn or Drawn()})
    inputs = siting_inputs(region, section, Watch(math.inf))
    drawn = drawn_plan(region, inputs)
    assert drawn is not None
    now = standing(inputs.sites)
    return DrawnMeasured(
        before=measures(region, section, inputs, now),
        drawn=drawn,
        points=_points(inputs, now, drawn_choice(inputs)),
    )


def _points(inputs: SitingInputs, now: Choice, then: Choice) -> tuple[PointCovered, ...]:
    points = inputs.points
    before, after = (_covered(inputs, choice) for choice in (now, then))
    lonlat = points.lonlat.round(5).tolist()
    return tuple(
        PointCovered(
            id=str(points.id[at]),
            lon=lonlat[at][0],
            lat=lonlat[at][1],
            people=int(points.people[at]),
            before=bool(before[at]),
            after=bool(after[at]),
        )
        for at in np.unique(points.row_point).tolist()
    )


def _covered(inputs: SitingInputs, choice: Choice) -> Bools:
    """By point: every standard that holds there is met, limits inclusive."""
    within = inputs.row_ds(choice) <= np.round(limits_s(inputs.ground) * 10)
    covered = np.ones(len(inputs.points.people), np.bool_)
    np.logical_and.at(covered, inputs.points.row_point, within)
    return covered
